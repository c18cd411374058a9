package stacks

import (
	"maps"
	"slices"

	"securebaseline/constructs/network"
	"securebaseline/constructs/rds"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// addDatabase adds the database, unless it is left out, and before it the log groups that RDS would otherwise make by
// itself.
func (b baseline) addDatabase(keys keys, audit audit, vpc *network.VPC) (*rds.Instance, error) {
	if !b.cfg.RDS.Enabled {
		return nil, nil
	}
	var logGroups []tf.Ref
	for i, name := range rdsrules.LogGroupNames(b.names.Database.Identifier) {
		group, err := b.addLogGroup(keys, "database-"+rdsrules.LogExports()[i], name)
		if err != nil {
			return nil, err
		}
		logGroups = append(logGroups, group.Ref())
	}
	cfg, subnets := b.cfg.RDS, vpc.SubnetIDs(subnetplan.Database)
	subnetIDs := make([]string, 0, len(subnets))
	for _, zone := range slices.Sorted(maps.Keys(subnets)) {
		subnetIDs = append(subnetIDs, subnets[zone])
	}
	return rds.New(b.stack, "database", rds.Props{
		Naming: b.scope.Child("database"),
		Env:    b.env,
		Names:  b.names.Database,
		Key:    keys.database.Ref(),
		Network: rds.Network{
			VPCID:     vpc.ID(),
			SubnetIDs: subnetIDs,
			Clients:   map[string]string{"workloads": vpc.WorkloadSecurityGroupID()},
			Ready:     vpc.Ready(subnetplan.Database),
		},
		LogGroups:    logGroups,
		Class:        cfg.Class,
		MajorVersion: cfg.MajorVersion,
		Storage: rds.Storage{
			GiB: cfg.StorageGiB, MaxGiB: cfg.MaxStorageGiB, IOPS: cfg.IOPS, ThroughputMiB: cfg.ThroughputMiB,
		},
		Restore: rds.Restore{
			Snapshot: cfg.SnapshotIdentifier, Source: cfg.RestoreFrom, Time: cfg.RestoreTime,
		},
		SingleZone:        !cfg.MultiAZ,
		Zone:              cfg.Zone,
		Backup:            rds.Backup{RetentionDays: cfg.BackupRetentionDays, Window: cfg.BackupWindow},
		MaintenanceWindow: cfg.MaintenanceWindow,
		ApplyImmediately:  cfg.ApplyImmediately,
		Insights:          rds.Insights(cfg.Insights),
		Users: rds.Users{
			Master: cfg.MasterUser, RotationDays: cfg.RotationDays, Connect: cfg.ConnectUser, Database: cfg.Database,
		},
		CACertificate:       cfg.CACertificate,
		NoAudit:             !cfg.Audit,
		LogSlowStatements:   cfg.LogSlowStatements,
		Topic:               audit.alarmTopic.Ref(),
		AllowDeletion:       !cfg.DeletionProtection,
		AllowDestroy:        !cfg.PreventDestroy,
		DiscardOnDestroy:    cfg.DiscardOnDestroy,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	})
}
