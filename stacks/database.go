package stacks

import (
	"maps"
	"slices"

	"securebaseline/constructs/network"
	"securebaseline/constructs/rds"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// addDatabase adds the database and, before it, the log groups that RDS would otherwise make by itself.
func (b baseline) addDatabase(keys keys, audit audit, vpc *network.VPC) (*rds.Instance, error) {
	var logGroups tf.Deps
	for i, log := range rds.LogExports() {
		group, err := b.addLogGroup(keys, "database-"+log, rds.LogGroupNames(b.names.Database)[i])
		if err != nil {
			return nil, err
		}
		logGroups = tf.After(logGroups, group.Ready())
	}
	cfg, subnets := b.cfg.RDS, vpc.SubnetIDs(subnetplan.Database)
	subnetIDs := make([]string, 0, len(subnets))
	for _, zone := range slices.Sorted(maps.Keys(subnets)) {
		subnetIDs = append(subnetIDs, subnets[zone])
	}
	return rds.New(b.stack, "database", rds.Props{
		Naming:     b.scope.Child("database"),
		Env:        b.env,
		Identifier: b.names.Database,
		KeyARN:     keys.database.ARN(),
		Network: rds.Network{
			VPCID:     vpc.ID(),
			SubnetIDs: subnetIDs,
			Clients:   map[string]string{"workloads": vpc.WorkloadSecurityGroupID()},
		},
		LogGroups:    logGroups,
		Class:        cfg.Class,
		MajorVersion: cfg.MajorVersion,
		Storage: rds.Storage{
			GiB: cfg.StorageGiB, MaxGiB: cfg.MaxStorageGiB, IOPS: cfg.IOPS, ThroughputMiB: cfg.ThroughputMiB,
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
		Audit:               cfg.Audit,
		Alarms:              rds.Alarms{TopicARN: audit.alarmTopic.ARN(), Ready: audit.alarmTopic.Ready()},
		AllowDeletion:       !cfg.DeletionProtection,
		AllowDestroy:        !cfg.PreventDestroy,
		DiscardOnDestroy:    cfg.DiscardOnDestroy,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
		DependsOn:           tf.After(keys.database.Ready(), vpc.Ready(subnetplan.Database)),
	})
}
