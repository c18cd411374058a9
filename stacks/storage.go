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
	archive    *s3.Bucket // of the audit trail; nil without one
	data       map[string]dataBucket
}

// dataBucket is a bucket with the policies that workloads attach to use it.
type dataBucket struct {
	bucket   *s3.Bucket
	policies s3.Policies
}

// addStorage adds the buckets. The one that access is logged to comes first; the others wait for its policy.
func (b baseline) addStorage(keys keys) (storage, error) {
	accessLogs, err := b.addBucket("access-logs", s3.Props{
		Kind:       s3.AccessLogs,
		Name:       b.names.AccessLogs,
		LogSources: b.logSources(),
		Expiry:     s3.Expiry{ExpireAfterDays: b.cfg.S3.AccessLogs.ExpireAfterDays},
	})
	if err != nil {
		return storage{}, err
	}
	archive, err := b.addArchive(keys, accessLogs)
	if err != nil {
		return storage{}, err
	}
	data := map[string]dataBucket{}
	for _, name := range slices.Sorted(maps.Keys(b.cfg.S3.Buckets)) {
		if data[name], err = b.addDataBucket(name, keys, accessLogs); err != nil {
			return storage{}, err
		}
	}
	return storage{accessLogs: accessLogs, archive: archive, data: data}, nil
}

// logSources names the buckets whose access is logged.
func (b baseline) logSources() []string {
	if !b.cfg.Logging.HasTrail() {
		return b.names.DataBuckets()
	}
	return append([]string{b.names.Archive}, b.names.DataBuckets()...)
}

// addArchive adds the bucket of the audit trail, if there is one.
func (b baseline) addArchive(keys keys, accessLogs *s3.Bucket) (*s3.Bucket, error) {
	if !b.cfg.Logging.HasTrail() {
		return nil, nil
	}
	cfg := b.cfg.S3.Trail
	return b.addBucket("trail", s3.Props{
		Kind:       s3.Trail,
		Name:       b.names.Archive,
		Key:        keys.logs.Ref(),
		LogTo:      accessLogs.Ref(),
		Trail:      b.trail,
		ObjectLock: objectLock(cfg.ObjectLock),
		Expiry:     s3.Expiry{TierAfterDays: cfg.ArchiveAfterDays, ExpireAfterDays: cfg.ExpireAfterDays},
	})
}

func (b baseline) addDataBucket(name string, keys keys, accessLogs *s3.Bucket) (dataBucket, error) {
	cfg, names := b.cfg.S3.Buckets[name], b.names.Data[name]
	bucket, err := b.addBucket(name, s3.Props{
		Kind:           s3.Data,
		Name:           names.Name,
		Key:            keys.data.Ref(),
		LogTo:          accessLogs.Ref(),
		HeaderOptional: cfg.HeaderOptional,
		ObjectLock:     objectLock(cfg.ObjectLock),
		Expiry:         s3.Expiry{TierAfterDays: cfg.TierAfterDays, ExpireAfterDays: cfg.ExpireAfterDays},
	})
	if err != nil {
		return dataBucket{}, err
	}
	policies, err := s3.NewPolicies(b.stack, name, bucket,
		s3.PolicyNames{Reader: names.ReaderPolicy, Writer: names.WriterPolicy})
	if err != nil {
		return dataBucket{}, err
	}
	return dataBucket{bucket, policies}, nil
}

// addBucket adds a bucket with what all buckets share.
func (b baseline) addBucket(purpose string, props s3.Props) (*s3.Bucket, error) {
	cfg := b.cfg.S3
	props.Naming = b.scope.Child(purpose)
	props.Env = b.env
	props.Perimeter = s3.Perimeter{Account: cfg.Perimeter == "account", OrganizationID: cfg.OrganizationID}
	props.Expiry.NoncurrentDays = cfg.NoncurrentDays
	props.AllowDestroy = !cfg.PreventDestroy
	return s3.New(b.stack, purpose+"-bucket", props)
}

func objectLock(lock config.ObjectLock) s3.ObjectLock {
	return s3.ObjectLock{Mode: s3.LockMode(lock.Mode), Days: lock.Days}
}
