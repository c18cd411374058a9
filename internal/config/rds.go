package config

import (
	"fmt"
	"slices"

	"securebaseline/internal/rdsrules"
)

// RDS configures the database.
type RDS struct {
	Enabled             bool   `json:"enabled,omitempty"`
	MajorVersion        string `json:"majorVersion,omitempty"`
	Class               string `json:"class,omitempty"`
	StorageGiB          int    `json:"storageGiB,omitempty"`
	MaxStorageGiB       int    `json:"maxStorageGiB,omitempty"`
	IOPS                int    `json:"iops,omitempty"`
	ThroughputMiB       int    `json:"throughputMiB,omitempty"`
	MultiAZ             bool   `json:"multiAz,omitempty"`
	Zone                string `json:"zone,omitempty"`
	SnapshotIdentifier  string `json:"snapshotIdentifier,omitempty"`
	RestoreFrom         string `json:"restoreFrom,omitempty"`
	RestoreTime         string `json:"restoreTime,omitempty"`
	BackupRetentionDays int    `json:"backupRetentionDays,omitempty"`
	BackupWindow        string `json:"backupWindow,omitempty"`
	MaintenanceWindow   string `json:"maintenanceWindow,omitempty"`
	ApplyImmediately    bool   `json:"applyImmediately,omitempty"`
	Insights            string `json:"insights,omitempty"`
	Audit               bool   `json:"audit,omitempty"`
	LogSlowStatements   bool   `json:"logSlowStatements,omitempty"`
	MasterUser          string `json:"masterUser,omitempty"`
	RotationDays        int    `json:"rotationDays,omitempty"`
	ConnectUser         string `json:"connectUser,omitempty"`
	Database            string `json:"database,omitempty"`
	CACertificate       string `json:"caCertificate,omitempty"`
	DeletionProtection  bool   `json:"deletionProtection,omitempty"`
	PreventDestroy      bool   `json:"preventDestroy,omitempty"`
	DiscardOnDestroy    bool   `json:"discardOnDestroy,omitempty"`
}

// fixedOnceMade says what a change of some fields means for a database that exists.
const fixedOnceMade = " RDS cannot change it once the instance is made: a later change is ignored."

var rdsFields = map[string]Field{
	"enabled": {
		Meaning: "Whether there is a database. Without it there is no key for one, nothing in its subnets and " +
			"no way there.",
	},
	"majorVersion": {
		Meaning: "The major version of PostgreSQL; a higher one upgrades the database. Set it with applyImmediately," +
			" and leave out both afterwards: the version stays " +
			"([what to expect](operations.md#another-major-version)).",
		Enum:    rdsrules.MajorVersions(),
		Default: "AWS's default when the database is made, and then that one for good",
	},
	"class": {
		Meaning: "The instance class.",
		Allowed: "an instance class that RDS sells for PostgreSQL, such as db.t4g.medium",
	},
	"storageGiB": {
		Meaning: "The initial size of the storage.",
		Allowed: fmt.Sprintf("%d to %d GiB, so that there is room to grow by 10 %% to %d",
			rdsrules.MinStorageGiB, rdsrules.MaxInitialStorageGiB, rdsrules.MaxStorageGiB),
		Bounds: &Bounds{rdsrules.MinStorageGiB, rdsrules.MaxInitialStorageGiB, "GiB"},
	},
	"maxStorageGiB": {
		Meaning: "The size up to which RDS enlarges the storage when it fills up, at least 10 % more than " +
			"storageGiB.",
		Bounds:  &Bounds{rdsrules.MinGrownStorageGiB, rdsrules.MaxStorageGiB, "GiB"},
		Default: fmt.Sprintf("five times storageGiB, at most %d", rdsrules.MaxStorageGiB),
	},
	"iops": {
		Meaning: fmt.Sprintf("The speed of storage of %d GiB or more; goes with throughputMiB.", rdsrules.StripedGiB),
		Bounds:  &Bounds{rdsrules.MinIOPS, rdsrules.MaxIOPS, "IOPS"}, Default: "the baseline of the size",
	},
	"throughputMiB": {
		Meaning: fmt.Sprintf("The throughput of storage of %d GiB or more; goes with iops.", rdsrules.StripedGiB),
		Bounds:  &Bounds{rdsrules.MinThroughputMiB, rdsrules.MaxThroughputMiB, "MiB/s"},
		Default: "the baseline of the size",
	},
	"multiAz": {Meaning: "Keeps a standby in another zone that takes over when one fails. Doubles the price."},
	"zone": {
		Meaning: "The zone of a database without a standby." + fixedOnceMade,
		Allowed: "a zone of the network, with multiAz false",
		Default: "RDS chooses",
	},
	"snapshotIdentifier": {
		Meaning: "Makes the database of a snapshot, which must be encrypted with the stack's key for databases. It " +
			"counts when the instance is made; a later change is ignored ([restore](operations.md#restore)).",
		Allowed: "the identifier or the ARN of a snapshot of an instance",
	},
	"restoreFrom": {
		Meaning: "Makes the database of another instance's backups, at restoreTime. It counts when the instance is " +
			"made; a later change is ignored ([restore](operations.md#restore)).",
		Allowed: "the identifier of an instance, or the ARN of the backups of one that is gone",
	},
	"restoreTime": {
		Meaning: "The time to restore from restoreFrom.", Allowed: "a time such as 2026-11-25T10:00:00Z",
		Default: "the latest that can be restored",
	},
	"backupRetentionDays": {
		Meaning: "How far back the database can be restored. Backups cannot be turned off.",
		Bounds:  &Bounds{rdsrules.MinBackupDays, rdsrules.MaxBackupDays, "days"},
	},
	"backupWindow": {
		Meaning: "The daily time of backups in UTC.",
		Allowed: fmt.Sprintf("hh:mm-hh:mm, %d minutes to a day, outside of maintenanceWindow",
			rdsrules.MinWindowMinutes),
	},
	"maintenanceWindow": {
		Meaning: "The weekly time of upgrades in UTC.",
		Allowed: fmt.Sprintf("ddd:hh:mm-ddd:hh:mm, %d minutes to a day", rdsrules.MinWindowMinutes),
	},
	"applyImmediately": {
		Meaning: "Makes changes at once instead of in the maintenance window; some restart the database.",
	},
	"insights": {
		Meaning: "The history of the database's load: 7 days (\"standard\"), or 15 months with analysis, for a price " +
			"(\"advanced\").",
		Enum: []string{"none", "standard", "advanced"},
	},
	"audit": {
		Meaning: "Records who changes roles and structures with the extension pgaudit, which redacts passwords. An " +
			"administrator must run \"CREATE EXTENSION pgaudit\" once. A change takes effect at the next restart.",
	},
	"logSlowStatements": {
		Meaning: "Logs statements that take a second or more, as they were written: with their literals, which may " +
			"be data or passwords. The log group keeps them.",
	},
	"masterUser": {
		Meaning: "Administers the database, with a password that RDS keeps in Secrets Manager." + fixedOnceMade,
		Allowed: "a lower-case name that PostgreSQL and RDS do not reserve",
	},
	"rotationDays": {
		Meaning: fmt.Sprintf("How often RDS replaces the master password. Once it is set, leaving it out again "+
			"leaves the schedule as it is; %d returns to RDS's own.", rdsrules.OwnRotationDays),
		Bounds:  &Bounds{rdsrules.MinRotationDays, rdsrules.MaxRotationDays, "days"},
		Default: fmt.Sprintf("RDS's own schedule, %d days", rdsrules.OwnRotationDays),
	},
	"connectUser": {
		Meaning: "The user that workloads connect as, with IAM credentials. An administrator must create it and " +
			"grant it rds_iam.",
		Allowed: "a lower-case name that PostgreSQL and RDS do not reserve, not that of masterUser",
	},
	"database": {
		Meaning: "The name of a database to make besides \"postgres\"." + fixedOnceMade,
		Allowed: "a lower-case name that is no key word of PostgreSQL",
	},
	"caCertificate": {
		Meaning: "The authority that signs the database's certificate.", Enum: rdsrules.CACertificates(),
	},
	"deletionProtection": {
		Meaning: "Makes AWS refuse to delete the database until it is turned off and that is applied.",
	},
	"preventDestroy": {Meaning: "Makes Terraform refuse any plan that would delete the database."},
	"discardOnDestroy": {
		Meaning: "Deletes the backups with the database and takes no final snapshot. Only in profile \"ephemeral\".",
	},
}

// rds checks the database by the same rules as the construct.
func (c *checker) rds(profile Profile, rds RDS, zones []string) {
	c.check(rds.Class, func(class string) error {
		_, err := rdsrules.Memory(class)
		return err
	}, "rds", "class")
	if rds.MajorVersion != "" && !rds.ApplyImmediately {
		c.problem(c.where("rds", "majorVersion"), rds.MajorVersion,
			"must go with rds.applyImmediately true: until the maintenance window "+
				"the old parameter group would be in use, and Terraform could not delete it; set both to upgrade and "+
				"leave out both afterwards, "+
				"the version stays")
	}
	c.rdsStorage(rds)
	c.rdsWindows(rds)
	snapshot, source, when := rdsrules.CheckRestore(rds.SnapshotIdentifier, rds.RestoreFrom, rds.RestoreTime)
	c.problemIf(c.where("rds", "snapshotIdentifier"), rds.SnapshotIdentifier, snapshot)
	c.problemIf(c.where("rds", "restoreFrom"), rds.RestoreFrom, source)
	c.problemIf(c.where("rds", "restoreTime"), rds.RestoreTime, when)
	c.problemIf(c.where("rds", "zone"), rds.Zone, rdsrules.CheckZone(rds.MultiAZ, rds.Zone))
	if c.given("rds", "zone") && !rds.MultiAZ && !slices.Contains(zones, rds.Zone) {
		c.problem(c.where("rds", "zone"), rds.Zone, "must be one of the zones that network.zones names")
	}
	c.check(rds.MasterUser, rdsrules.CheckUser, "rds", "masterUser")
	c.check(rds.ConnectUser, rdsrules.CheckUser, "rds", "connectUser")
	if rds.ConnectUser != "" && rds.ConnectUser == rds.MasterUser {
		if c.given("rds", "connectUser") {
			c.problem(c.where("rds", "connectUser"), rds.ConnectUser,
				"must not be the master user, who may do everything")
		} else {
			c.problem(c.where("rds", "masterUser"), rds.MasterUser,
				"must not be the user that workloads connect as by default")
		}
	}
	c.check(rds.Database, rdsrules.CheckDatabaseName, "rds", "database")
	c.onlyEphemeral(rds.DiscardOnDestroy, profile, "its backups would be lost with the database", "rds",
		"discardOnDestroy")
	if rds.DiscardOnDestroy && rds.PreventDestroy && profile == Ephemeral {
		c.problem(c.where("rds", "preventDestroy"), true,
			"must be false while rds.discardOnDestroy is true, which is for a database that is destroyed")
	}
}

func (c *checker) rdsStorage(rds RDS) {
	if rds.StorageGiB == 0 {
		return // reported by the schema
	}
	if rds.MaxStorageGiB != 0 {
		c.problemIf(c.where("rds", "maxStorageGiB"), rds.MaxStorageGiB,
			rdsrules.CheckMaxStorage(rds.StorageGiB, rds.MaxStorageGiB))
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
