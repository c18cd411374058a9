package stacks

import (
	"maps"
	"slices"

	"securebaseline/constructs/network"
	"securebaseline/constructs/rds"
	"securebaseline/internal/inventory"
	"securebaseline/internal/rdsrules"
	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// addDatabases adds the databases by name, unless they are left out.
func (b baseline) addDatabases(keys keys, audit audit, vpc *network.VPC) (map[string]*rds.Instance, error) {
	databases := map[string]*rds.Instance{}
	for _, name := range slices.Sorted(maps.Keys(b.names.Databases)) {
		var err error
		if databases[name], err = b.addDatabase(name, keys, audit, vpc); err != nil {
			return nil, err
		}
	}
	return databases, nil
}

// addDatabase adds a database, and before it the log groups that RDS would otherwise make by itself.
func (b baseline) addDatabase(name string, keys keys, audit audit, vpc *network.VPC) (*rds.Instance, error) {
	id := "database"
	if name != inventory.FirstDatabase {
		id = name + "-database"
	}
	cfg, names := b.cfg.RDS.All()[name], b.names.Databases[name]
	var logGroups []tf.Ref
	for i, name := range rdsrules.LogGroupNames(names.Identifier) {
		group, err := b.addLogGroup(keys, id+"-"+rdsrules.LogExports()[i], name)
		if err != nil {
			return nil, err
		}
		logGroups = append(logGroups, group.Ref())
	}
	subnets := vpc.SubnetIDs(subnetplan.Database)
	subnetIDs := make([]string, 0, len(subnets))
	for _, zone := range slices.Sorted(maps.Keys(subnets)) {
		subnetIDs = append(subnetIDs, subnets[zone])
	}
	return rds.New(b.stack, id, rds.Props{
		Naming: b.scope.Child(id),
		Env:    b.env,
		Names:  names,
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
