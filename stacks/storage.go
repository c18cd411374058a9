package stacks

import (
	"maps"
	"slices"

	"securebaseline/constructs/s3"
	"securebaseline/internal/config"
)

// storage are the buckets of the stack.
type storage struct {
	accessLogs *s3.Bucket
	archive    *s3.Bucket // of the audit trail
	data       map[string]dataBucket
}

// dataBucket is a bucket with the policies that workloads attach to use it.
type dataBucket struct {
	bucket   *s3.Bucket
	policies s3.Policies
}

// addStorage adds the buckets. The one that access is logged to comes first; the others wait for its policy.
func (b baseline) addStorage(keys keys) (storage, error) {
	made := storage{data: map[string]dataBucket{}}
	var err error
	made.accessLogs, err = s3.New(b.stack, "access-logs-bucket", b.bucket("access-logs", s3.Props{
		Kind:       s3.AccessLogs,
		Name:       b.names.AccessLogs,
		LogSources: append([]string{b.names.Archive}, b.names.DataBuckets()...),
		Expiry:     s3.Expiry{ExpireAfterDays: b.cfg.S3.AccessLogs.ExpireAfterDays},
	}))
	if err != nil {
		return storage{}, err
	}
	logTo := s3.LogTarget{BucketName: made.accessLogs.Name(), Ready: made.accessLogs.Ready()}

	archive := b.cfg.S3.Trail
	made.archive, err = s3.New(b.stack, "trail-bucket", b.bucket("trail", s3.Props{
		Kind:       s3.Trail,
		Name:       b.names.Archive,
		KeyARN:     keys.logs.ARN(),
		LogTo:      logTo,
		TrailARN:   b.env.ARN("cloudtrail", "trail/"+b.names.Trail),
		ObjectLock: objectLock(archive.ObjectLock),
		Expiry:     s3.Expiry{TierAfterDays: archive.ArchiveAfterDays, ExpireAfterDays: archive.ExpireAfterDays},
		DependsOn:  keys.logs.Ready(),
	}))
	if err != nil {
		return storage{}, err
	}

	for _, name := range slices.Sorted(maps.Keys(b.cfg.S3.Buckets)) {
		if made.data[name], err = b.addDataBucket(name, b.cfg.S3.Buckets[name], keys, logTo); err != nil {
			return storage{}, err
		}
	}
	return made, nil
}

func (b baseline) addDataBucket(name string, cfg config.DataBucket, keys keys, logTo s3.LogTarget) (dataBucket, error) {
	bucket, err := s3.New(b.stack, name+"-bucket", b.bucket(name, s3.Props{
		Kind:           s3.Data,
		Name:           b.names.Data[name],
		KeyARN:         keys.data.ARN(),
		LogTo:          logTo,
		HeaderOptional: cfg.HeaderOptional,
		ObjectLock:     objectLock(cfg.ObjectLock),
		Expiry:         s3.Expiry{TierAfterDays: cfg.TierAfterDays, ExpireAfterDays: cfg.ExpireAfterDays},
		DependsOn:      keys.data.Ready(),
	}))
	if err != nil {
		return dataBucket{}, err
	}
	policies, err := s3.NewPolicies(b.stack, name, bucket)
	return dataBucket{bucket, policies}, err
}

// bucket adds what all buckets share.
func (b baseline) bucket(purpose string, props s3.Props) s3.Props {
	cfg := b.cfg.S3
	props.Naming = b.scope.Child(purpose)
	props.Env = b.env
	props.Perimeter = s3.Perimeter{Account: cfg.Perimeter == "account", OrganizationID: cfg.OrganizationID}
	props.Expiry.NoncurrentDays = cfg.NoncurrentDays
	props.AllowDestroy = !cfg.PreventDestroy
	return props
}

func objectLock(lock config.ObjectLock) s3.ObjectLock {
	return s3.ObjectLock{Mode: s3.LockMode(lock.Mode), Days: lock.Days}
}
