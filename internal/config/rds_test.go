package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBrokenDatabases(t *testing.T) {
	tests := []struct{ path, value, want string }{
		{"rds.majorVersion", `"17.4"`, `rds.majorVersion = "17.4": must be a major version alone, of two digits`},
		{"rds.majorVersion", `17`, `rds.majorVersion = 17: must be a string, not a number`},
		{"rds.class", `"t4g.small"`, `rds.class = "t4g.small": must be an instance class, such as db.t4g.medium`},
		{"rds.class", `"db.x2g.large"`, `rds.class = "db.x2g.large": is of an unknown family; allowed are the families c, m, r and t`},
		{"rds.class", `"db.m6g.small"`, `rds.class = "db.m6g.small": is not a size of this family; allowed are large, xlarge and 2xlarge to 48xlarge`},
		{"rds.storageGiB", `10`, `rds.storageGiB = 10: out of range; allowed is 20 to 65536 GiB`},
		{"rds.maxStorageGiB", `21`, `rds.maxStorageGiB = 21: out of range; allowed is 22 to 65536 GiB`},
		{"rds", `{"storageGiB":100,"maxStorageGiB":109}`, `rds.maxStorageGiB = 109: must be 110 GiB, 10 % more than the storage, to 65536 GiB`},
		{"rds.iops", `3000`, `rds.iops = 3000: out of range; allowed is 12000 to 64000 IOPS`},
		{"rds", `{"storageGiB":399,"iops":12000,"throughputMiB":500}`, `rds.iops = 12000: cannot be set below 400 GiB of storage, where it is fixed; leave IOPS and throughput out`},
		{"rds", `{"storageGiB":400,"iops":12000}`, `rds.iops = 12000: goes with a throughput; set both or neither`},
		{"rds", `{"storageGiB":400,"throughputMiB":500}`, `rds.iops = 0: goes with a throughput; set both or neither`},
		{"rds", `{"storageGiB":400,"iops":12000,"throughputMiB":4000}`, `rds.iops = 12000: must be at least 16000 for a throughput of 4000 MiB/s, 4 IOPS for each`},
		{"rds.zone", `"eu-central-1a"`, `rds.zone = "eu-central-1a": must be one of network.zones, which must name it`},
		{"rds.backupRetentionDays", `0`, `rds.backupRetentionDays = 0: out of range; allowed is 1 to 35 days`},
		{"rds.backupRetentionDays", `36`, `rds.backupRetentionDays = 36: out of range; allowed is 1 to 35 days`},
		{"rds.backupWindow", `"2-3"`, `rds.backupWindow = "2-3": must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00`},
		{"rds.backupWindow", `"02:00-02:15"`, `rds.backupWindow = "02:00-02:15": must be 30 minutes to 24 hours long, not 15 minutes`},
		{"rds.backupWindow", `"04:00-05:00"`, `rds.backupWindow = "04:00-05:00": must not overlap the maintenance window sun:03:30-sun:04:30`},
		{"rds.maintenanceWindow", `"sunday"`, `rds.maintenanceWindow = "sunday": must be a weekly time in UTC, ddd:hh:mm-ddd:hh:mm, such as sun:03:30-sun:04:30`},
		{"rds.insights", `"advance"`, `rds.insights = "advance": not an allowed value; allowed are none, standard, advanced; did you mean "advanced"?`},
		{"rds.masterUser", `"admin"`, `rds.masterUser = "admin": is reserved by PostgreSQL or RDS, as are names that begin with "rds" or "pg_"`},
		{"rds.connectUser", `"*"`, `rds.connectUser = "*": must be 1 to 63 characters long, of lower-case letters, digits and underscores, beginning with a letter`},
		{"rds.connectUser", `"dbadmin"`, `rds.connectUser = "dbadmin": must not be the master user, who may do everything`},
		{"rds.database", `"my-db"`, `rds.database = "my-db": must be 1 to 63 characters long, of lower-case letters, digits and underscores, beginning with a letter`},
		{"rds.rotationDays", `0`, `rds.rotationDays = 0: out of range; allowed is 1 to 1000 days`},
		{"rds.caCertificate", `"rds-ca-2019"`, `rds.caCertificate = "rds-ca-2019": not an allowed value; allowed are rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1`},
		{"rds.preventDestroy", `true`, `rds.preventDestroy = true: contradicts discardOnDestroy; set one of them to false`},
		{"rds.password", `"secret"`, `rds.password: unknown field; allowed are applyImmediately, audit, backupRetentionDays, backupWindow, caCertificate, class, connectUser, database, deletionProtection, discardOnDestroy, insights, iops, maintenanceWindow, majorVersion, masterUser, maxStorageGiB, multiAz, preventDestroy, rotationDays, storageGiB, throughputMiB, zone`},
	}
	for _, test := range tests {
		t.Run(test.path+" "+test.value, func(t *testing.T) {
			assert.Equal(t, []string{devPath + test.want}, broken(t, "dev", map[string]string{"environments.dev." + test.path: test.value}))
		})
	}
}

func TestDatabaseRulesOfOtherProfiles(t *testing.T) {
	for environment, profile := range map[string]string{"staging": "standard", "prod": "production"} {
		assert.Contains(t, broken(t, environment, map[string]string{"environments." + environment + ".rds.discardOnDestroy": "true"}),
			"context.baseline.environments."+environment+`.rds.discardOnDestroy = true: allowed only in profile "ephemeral", not in "`+profile+`"`)
	}
	assert.Equal(t, []string{`context.baseline.environments.prod.rds.zone = "eu-central-1a": ` +
		"cannot be chosen for a Multi-AZ deployment, which RDS places itself; allowed with a single zone"},
		broken(t, "prod", map[string]string{
			"environments.prod.rds.zone":      `"eu-central-1a"`,
			"environments.prod.network.zones": `["eu-central-1a","eu-central-1b"]`,
		}))
}

func TestDatabaseDefaultsByProfile(t *testing.T) {
	common := RDS{
		StorageGiB: 20, BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
		MasterUser: "dbadmin", RotationDays: 7, ConnectUser: "app", CACertificate: "rds-ca-rsa2048-g1",
	}
	dev, staging, prod := common, common, common
	dev.Class, dev.BackupRetentionDays, dev.Insights = "db.t4g.small", 1, "standard"
	dev.ApplyImmediately, dev.DiscardOnDestroy = true, true
	staging.Class, staging.BackupRetentionDays, staging.Insights = "db.t4g.medium", 7, "standard"
	staging.DeletionProtection = true
	prod.Class, prod.BackupRetentionDays, prod.Insights = "db.m6g.large", 35, "advanced"
	prod.MultiAZ, prod.DeletionProtection, prod.PreventDestroy = true, true, true
	for environment, want := range map[string]RDS{"dev": dev, "staging": staging, "prod": prod} {
		cfg, err := resolve(contextOf(t, valid), environment)
		require.NoError(t, err)
		assert.Equal(t, want, cfg.RDS, environment)
	}
}
