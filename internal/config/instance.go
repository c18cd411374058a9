package config

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/rdsrules"
)

// Instance configures one PostgreSQL instance.
type Instance struct {
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

var instanceFields = map[string]Field{
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
		Meaning: "Makes the database from a snapshot, which must be encrypted with the stack's key for databases. It " +
			"counts when the instance is made; a later change is ignored ([restore](operations.md#restore)).",
		Allowed: "the identifier or the ARN of a snapshot of an instance",
	},
	"restoreFrom": {
		Meaning: "Makes the database from another instance's backups, at restoreTime. It counts when the instance is " +
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
		Meaning: "Applies changes at once instead of in the maintenance window; some restart the database.",
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
		Meaning: "The name of a database to create in addition to \"postgres\"." + fixedOnceMade,
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

// database is a place of the configuration that holds an Instance, such as rds.
type database struct {
	*checker
	path    []string
	profile Profile
	zones   []string // of the network
	Instance
}

// at is the path of a field, in words and as the messages name it.
func (d database) at(field string) []string { return append(slices.Clone(d.path), field) }

func (d database) where(field string) string { return d.checker.where(d.at(field)...) }

func (d database) named(field string) string { return strings.Join(d.at(field), ".") }

// validate checks the database by the same rules as the construct.
func (d database) validate() {
	d.check(d.Class, func(class string) error {
		_, err := rdsrules.Memory(class)
		return err
	}, d.at("class")...)
	if d.MajorVersion != "" && !d.ApplyImmediately {
		d.problem(d.where("majorVersion"), d.MajorVersion, fmt.Sprintf(
			"must go with %s true: until the maintenance window the old parameter group would be in use, and "+
				"Terraform could not delete it; set both to upgrade and leave out both afterwards, the version stays",
			d.named("applyImmediately")))
	}
	d.storage()
	d.windows()
	snapshot, source, when := rdsrules.CheckRestore(d.SnapshotIdentifier, d.RestoreFrom, d.RestoreTime)
	d.problemIf(d.where("snapshotIdentifier"), d.SnapshotIdentifier, snapshot)
	d.problemIf(d.where("restoreFrom"), d.RestoreFrom, source)
	d.problemIf(d.where("restoreTime"), d.RestoreTime, when)
	d.problemIf(d.where("zone"), d.Zone, rdsrules.CheckZone(d.MultiAZ, d.Zone))
	if d.given(d.at("zone")...) && !d.MultiAZ && !slices.Contains(d.zones, d.Zone) {
		d.problem(d.where("zone"), d.Zone, "must be one of the zones that network.zones names")
	}
	d.users()
	d.check(d.Database, rdsrules.CheckDatabaseName, d.at("database")...)
	d.onlyEphemeral(d.DiscardOnDestroy, d.profile, "its backups would be lost with the database",
		d.at("discardOnDestroy")...)
	if d.DiscardOnDestroy && d.PreventDestroy && d.profile == Ephemeral {
		d.problem(d.where("preventDestroy"), true, fmt.Sprintf(
			"must be false while %s is true, which is for a database that is destroyed", d.named("discardOnDestroy")))
	}
}

func (d database) users() {
	d.check(d.MasterUser, rdsrules.CheckUser, d.at("masterUser")...)
	d.check(d.ConnectUser, rdsrules.CheckUser, d.at("connectUser")...)
	if d.ConnectUser == "" || d.ConnectUser != d.MasterUser {
		return
	}
	if d.given(d.at("connectUser")...) {
		d.problem(d.where("connectUser"), d.ConnectUser, "must not be the master user, who may do everything")
	} else {
		d.problem(d.where("masterUser"), d.MasterUser,
			"must not be the user that workloads connect as by default")
	}
}

func (d database) storage() {
	if d.StorageGiB == 0 {
		return // reported by the schema
	}
	if d.MaxStorageGiB != 0 {
		d.problemIf(d.where("maxStorageGiB"), d.MaxStorageGiB,
			rdsrules.CheckMaxStorage(d.StorageGiB, d.MaxStorageGiB))
	}
	iops, throughput := rdsrules.CheckPerformance(d.StorageGiB, d.IOPS, d.ThroughputMiB)
	d.problemIf(d.where("iops"), shown(d.IOPS), iops)
	d.problemIf(d.where("throughputMiB"), shown(d.ThroughputMiB), throughput)
}

func (d database) windows() {
	backup, maintenance := rdsrules.CheckWindows(d.BackupWindow, d.MaintenanceWindow)
	d.problemIf(d.where("backupWindow"), d.BackupWindow, backup)
	d.problemIf(d.where("maintenanceWindow"), d.MaintenanceWindow, maintenance)
}
