package config

import (
	"strings"

	"securebaseline/internal/kmsrules"
	"securebaseline/internal/rdsrules"
)

// ProfileDefault is a setting whose default depends on the profile.
type ProfileDefault struct {
	Path       string // the field, within Settings
	Ephemeral  any
	Standard   any
	Production any
	Why        string // what production gains by its value
}

// In returns the default in a profile.
func (d ProfileDefault) In(profile Profile) any {
	switch profile {
	case Ephemeral:
		return d.Ephemeral
	case Standard:
		return d.Standard
	default:
		return d.Production
	}
}

// ProfileDefaults lists every setting whose default depends on the profile: each difference from production is a
// relaxation, and there are no others.
func ProfileDefaults() []ProfileDefault {
	return []ProfileDefault{
		{"kms.accountMayDelete", true, false, false,
			"only break-glass principals disable and delete a key, and Terraform refuses to delete one"},
		{"s3.preventDestroy", false, true, true, "Terraform refuses to delete a bucket, and never deletes objects"},
		{"s3.noncurrentDays", 7, 30, 90, "overwritten and deleted objects can be brought back for longer"},
		{"s3.trail.archiveAfterDays", 0, 90, 90,
			"files that are kept for years move to cheaper storage; others are deleted before that pays off"},
		{"s3.trail.expireAfterDays", 30, 400, 2557, "seven years of evidence"},
		{"s3.accessLogs.expireAfterDays", 30, 90, 400, "a year of access logs to compare with"},
		{"logging.keepOnDestroy", false, true, true, "evidence outlives the stack"},
		{"logging.retentionDays", 7, 90, 365, "a year of evidence, as benchmarks ask for"},
		{"network.nat", "single", "single", "per-zone", "a failed zone does not cut off the others"},
		{"network.zoneCount", 2, 3, 3, "two zones are left when one fails"},
		{"rds.class", "db.t4g.small", "db.t4g.medium", "db.m6g.large",
			"no CPU credits to run out of, and memory for a working set"},
		{"rds.multiAz", false, false, true, "a failed zone costs minutes, and no data"},
		{"rds.backupRetentionDays", 1, 7, 35,
			"the database can be restored to any second of the longest period that AWS offers"},
		{"rds.insights", "standard", "standard", "advanced", "15 months of load to compare with, and its analysis"},
		{"rds.applyImmediately", true, false, false,
			"changes that restart the database wait for the maintenance window"},
		{"rds.deletionProtection", false, true, true, "AWS refuses to delete the database, whoever asks"},
		{"rds.preventDestroy", false, false, true, "Terraform refuses to delete the database"},
		{"rds.discardOnDestroy", true, false, false, "backups and a final snapshot outlive the database"},
		{"kms.deletionWindowDays", 7, 14, 30,
			"a mistaken deletion can be cancelled for the longest period that AWS offers"},
	}
}

// fixedDefaults are the defaults that all profiles share.
var fixedDefaults = map[string]any{
	"backend.type":     LocalBackend,
	"kms.rotationDays": kmsrules.DefaultRotationDays,
	"logging.trail":    OwnTrail,
	"logging.alarms":   alarmDefaults(),
	"network.cidr":     "10.0.0.0/16",
	"providerVersion":  ProviderVersion5,

	"network.trust.awsBuckets": []any{"amazon-linux", "ecr", "systems-manager"},

	"rds.enabled":           true,
	"rds.audit":             true,
	"rds.storageGiB":        rdsrules.MinStorageGiB,
	"rds.backupWindow":      rdsrules.DefaultBackupWindow,
	"rds.maintenanceWindow": rdsrules.DefaultMaintenanceWindow,
	"rds.masterUser":        rdsrules.DefaultMasterUser,
	"rds.connectUser":       rdsrules.DefaultConnectUser,
	"rds.caCertificate":     rdsrules.CACertificates()[0],

	"s3.buckets.data": map[string]any{},
}

// fixedLayer returns the defaults that all profiles share as a layer to merge over.
func fixedLayer() layer {
	defaults := layer{}
	for path, value := range fixedDefaults {
		defaults.set(strings.Split(path, "."), value)
	}
	return defaults
}

// DefaultsOf returns the settings of a configuration that says nothing but its profile, as JSON has them: a layer to
// merge over.
func DefaultsOf(profile Profile) map[string]any {
	defaults := fixedLayer()
	for _, field := range ProfileDefaults() {
		defaults.set(strings.Split(field.Path, "."), field.In(profile))
	}
	return defaults
}

// FixedDefault returns the default of a field that has the same one in all profiles, and reports whether there is one.
func FixedDefault(path string) (value any, isSet bool) {
	return fixedLayer().get(strings.Split(path, "."))
}

// ValueAt returns the value at a path such as "rds.storageGiB" and reports whether it is set.
func ValueAt(settings map[string]any, path string) (value any, isSet bool) {
	return layer(settings).get(strings.Split(path, "."))
}
