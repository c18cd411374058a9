package config

import (
	"slices"

	"securebaseline/internal/rdsrules"
)

// RDS configures the database.
type RDS struct {
	// MajorVersion is the major version of PostgreSQL; a higher one upgrades the database. Set it with applyImmediately, and leave out both afterwards: the version stays. Default: AWS's default when the database is made, and then that one for good.
	MajorVersion string `json:"majorVersion,omitempty" jsonschema:"enum=14,enum=15,enum=16,enum=17,enum=18"`
	// Class is the instance class.
	Class string `json:"class,omitempty" jsonschema_extras:"x-allowed=an instance class that RDS sells for PostgreSQL\\, such as db.t4g.medium"`
	// StorageGiB is the initial size of the storage.
	StorageGiB int `json:"storageGiB,omitempty" jsonschema:"minimum=20,maximum=59578" jsonschema_extras:"x-unit=GiB,x-allowed=20 to 59578 GiB\\, so that there is room to grow by 10 % to 65536"`
	// MaxStorageGiB is the size up to which RDS enlarges the storage when it fills up, at least 10 % more than storageGiB. Default: five times storageGiB.
	MaxStorageGiB int `json:"maxStorageGiB,omitempty" jsonschema:"minimum=22,maximum=65536" jsonschema_extras:"x-unit=GiB"`
	// IOPS is the speed of storage of 400 GiB or more; goes with throughputMiB. Default: the baseline of the size.
	IOPS int `json:"iops,omitempty" jsonschema:"minimum=12000,maximum=64000" jsonschema_extras:"x-unit=IOPS"`
	// ThroughputMiB is the throughput of storage of 400 GiB or more; goes with iops. Default: the baseline of the size.
	ThroughputMiB int `json:"throughputMiB,omitempty" jsonschema:"minimum=500,maximum=4000" jsonschema_extras:"x-unit=MiB/s"`
	// MultiAZ keeps a standby in another zone that takes over when one fails. Doubles the price.
	MultiAZ bool `json:"multiAz,omitempty"`
	// Zone is the zone of a database without a standby. Default: RDS chooses.
	Zone string `json:"zone,omitempty" jsonschema_extras:"x-allowed=a zone of the network\\, with multiAz false"`
	// BackupRetentionDays is how far back the database can be restored. Backups cannot be turned off.
	BackupRetentionDays int `json:"backupRetentionDays,omitempty" jsonschema:"minimum=1,maximum=35" jsonschema_extras:"x-unit=days"`
	// BackupWindow is the daily time of backups in UTC.
	BackupWindow string `json:"backupWindow,omitempty" jsonschema_extras:"x-allowed=hh:mm-hh:mm\\, 30 minutes or more\\, outside of maintenanceWindow"`
	// MaintenanceWindow is the weekly time of upgrades in UTC.
	MaintenanceWindow string `json:"maintenanceWindow,omitempty" jsonschema_extras:"x-allowed=ddd:hh:mm-ddd:hh:mm\\, 30 minutes to a day"`
	// ApplyImmediately makes changes at once instead of in the maintenance window; some restart the database.
	ApplyImmediately bool `json:"applyImmediately,omitempty"`
	// Insights is the history of the database's load: 7 days ("standard"), or 15 months with analysis, for a price ("advanced").
	Insights string `json:"insights,omitempty" jsonschema:"enum=none,enum=standard,enum=advanced"`
	// Audit logs who changes roles and structures with the extension pgaudit, which an administrator must then create. Turning it on restarts the database.
	Audit bool `json:"audit,omitempty"`
	// MasterUser administers the database, with a password that RDS keeps in Secrets Manager.
	MasterUser string `json:"masterUser,omitempty" jsonschema_extras:"x-allowed=a lower-case name that PostgreSQL and RDS do not reserve"`
	// RotationDays is how often RDS replaces the master password.
	RotationDays int `json:"rotationDays,omitempty" jsonschema:"minimum=1,maximum=1000" jsonschema_extras:"x-unit=days"`
	// ConnectUser is the user that workloads connect as, with IAM credentials. An administrator must create it and grant it rds_iam.
	ConnectUser string `json:"connectUser,omitempty" jsonschema_extras:"x-allowed=a lower-case name that PostgreSQL and RDS do not reserve\\, not that of masterUser"`
	// Database is the name of a database to make besides "postgres".
	Database string `json:"database,omitempty" jsonschema_extras:"x-allowed=a lower-case name that is no key word of PostgreSQL"`
	// CACertificate is the authority that signs the database's certificate.
	CACertificate string `json:"caCertificate,omitempty" jsonschema:"enum=rds-ca-rsa2048-g1,enum=rds-ca-rsa4096-g1,enum=rds-ca-ecc384-g1"`
	// DeletionProtection makes AWS refuse to delete the database until it is turned off and that is applied.
	DeletionProtection bool `json:"deletionProtection,omitempty"`
	// PreventDestroy makes Terraform refuse any plan that would delete the database.
	PreventDestroy bool `json:"preventDestroy,omitempty"`
	// DiscardOnDestroy deletes the backups with the database and takes no final snapshot. Only in profile "ephemeral".
	DiscardOnDestroy bool `json:"discardOnDestroy,omitempty"`
}

// rds checks the database by the same rules as the construct.
func (c *checker) rds(profile Profile, rds RDS, zones []string) {
	c.check(rds.Class, func(class string) error {
		_, err := rdsrules.Memory(class)
		return err
	}, "rds", "class")
	if rds.MajorVersion != "" && !rds.ApplyImmediately {
		c.problem(c.where("rds", "majorVersion"), rds.MajorVersion, "must go with rds.applyImmediately true: until the maintenance window "+
			"the old parameter group would be in use, and Terraform could not delete it; set both to upgrade and leave out both afterwards, "+
			"the version stays")
	}
	c.rdsStorage(rds)
	c.rdsWindows(rds)
	c.problemIf(c.where("rds", "zone"), rds.Zone, rdsrules.CheckZone(rds.MultiAZ, rds.Zone))
	if c.given("rds", "zone") && !rds.MultiAZ && !slices.Contains(zones, rds.Zone) {
		c.problem(c.where("rds", "zone"), rds.Zone, "must be one of the zones that network.zones names")
	}
	c.check(rds.MasterUser, rdsrules.CheckUser, "rds", "masterUser")
	c.check(rds.ConnectUser, rdsrules.CheckUser, "rds", "connectUser")
	if rds.ConnectUser != "" && rds.ConnectUser == rds.MasterUser {
		if c.given("rds", "connectUser") {
			c.problem(c.where("rds", "connectUser"), rds.ConnectUser, "must not be the master user, who may do everything")
		} else {
			c.problem(c.where("rds", "masterUser"), rds.MasterUser, "must not be the user that workloads connect as by default")
		}
	}
	c.check(rds.Database, rdsrules.CheckDatabaseName, "rds", "database")
	c.onlyEphemeral(rds.DiscardOnDestroy, profile, "its backups would be lost with the database", "rds", "discardOnDestroy")
	if rds.DiscardOnDestroy && rds.PreventDestroy && profile == Ephemeral {
		c.problem(c.where("rds", "preventDestroy"), true, "must be false while rds.discardOnDestroy is true, which is for a database that is destroyed")
	}
}

func (c *checker) rdsStorage(rds RDS) {
	if rds.StorageGiB == 0 {
		return // reported by the schema
	}
	if rds.MaxStorageGiB != 0 {
		c.problemIf(c.where("rds", "maxStorageGiB"), rds.MaxStorageGiB, rdsrules.CheckMaxStorage(rds.StorageGiB, rds.MaxStorageGiB))
	}
	iops, throughput := rdsrules.CheckPerformance(rds.StorageGiB, rds.IOPS, rds.ThroughputMiB)
	c.problemIf(c.where("rds", "iops"), shown(rds.IOPS), iops)
	c.problemIf(c.where("rds", "throughputMiB"), shown(rds.ThroughputMiB), throughput)
}

func (c *checker) rdsWindows(rds RDS) {
	backup, maintenance := rdsrules.CheckWindows(rds.BackupWindow, rds.MaintenanceWindow)
	c.problemIf(c.where("rds", "backupWindow"), rds.BackupWindow, backup)
	c.problemIf(c.where("rds", "maintenanceWindow"), rds.MaintenanceWindow, maintenance)
}
