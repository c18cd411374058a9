package rds

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/faults"
	"securebaseline/internal/rdsrules"
)

const (
	defaultStorageGiB = rdsrules.MinStorageGiB
	storageGrowth     = 5
	defaultBackupDays = rdsrules.MaxBackupDays
)

func (p Props) withDefaults() Props {
	setDefault(&p.Storage.GiB, defaultStorageGiB)
	setDefault(&p.Storage.MaxGiB, min(p.Storage.GiB*storageGrowth, rdsrules.MaxStorageGiB))
	setDefault(&p.Backup.RetentionDays, defaultBackupDays)
	setDefault(&p.Backup.Window, rdsrules.DefaultBackupWindow)
	setDefault(&p.MaintenanceWindow, rdsrules.DefaultMaintenanceWindow)
	setDefault(&p.Insights, InsightsStandard)
	setDefault(&p.Users.Master, rdsrules.DefaultMasterUser)
	setDefault(&p.Users.RotationDays, rdsrules.DefaultRotationDays)
	setDefault(&p.Users.Connect, rdsrules.DefaultConnectUser)
	setDefault(&p.CACertificate, rdsrules.CACertificates()[0])
	return p
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (p Props) validate() error {
	var f faults.List
	f.Require("KeyARN", p.KeyARN == "", "the ARN of the key that encrypts the instance")
	f.Require("Network.VPCID", p.Network.VPCID == "", "the id of the VPC")
	f.Require("Network.Clients", len(p.Network.Clients) == 0, "the security groups that may connect, by name")
	for _, name := range slices.Sorted(maps.Keys(p.Network.Clients)) {
		f.Require(fmt.Sprintf("Network.Clients[%q]", name), p.Network.Clients[name] == "", "the id of a security group")
	}
	if subnets := len(p.Network.SubnetIDs); subnets < 2 {
		f.Add("Network.SubnetIDs has %d subnets; RDS needs at least 2, of different zones", subnets)
	}
	if groups, logs := len(p.LogGroups), len(LogExports()); groups < logs {
		f.Add("LogGroups has %d log groups; the instance needs one for each of its %d logs", groups, logs)
	}
	f.Check("Identifier", p.Identifier, rdsrules.CheckIdentifier(p.Identifier))
	_, err := rdsrules.Memory(p.Class)
	f.Check("Class", p.Class, err)
	if p.MajorVersion != "" {
		f.Check("MajorVersion", p.MajorVersion, rdsrules.CheckMajorVersion(p.MajorVersion))
	}
	f.Check("Zone", p.Zone, rdsrules.CheckZone(!p.SingleZone, p.Zone))
	if !slices.Contains(InsightsModes(), p.Insights) {
		f.Check("Insights", string(p.Insights), fmt.Errorf("must be one of %q", InsightsModes()))
	}
	if !slices.Contains(rdsrules.CACertificates(), p.CACertificate) {
		f.Check("CACertificate", p.CACertificate, fmt.Errorf("must be one of %q", rdsrules.CACertificates()))
	}
	if !p.AllowDestroy && p.DiscardOnDestroy {
		f.Add("DiscardOnDestroy is true; it has no meaning without props.AllowDestroy")
	}
	p.validateStorage(&f)
	p.validateTimes(&f)
	p.validateUsers(&f)
	return f.Err()
}

func (p Props) validateStorage(f *faults.List) {
	s := p.Storage
	f.Check("Storage.GiB", s.GiB, rdsrules.CheckStorage(s.GiB))
	f.Check("Storage.MaxGiB", s.MaxGiB, rdsrules.CheckMaxStorage(s.GiB, s.MaxGiB))
	iops, throughput := rdsrules.CheckPerformance(s.GiB, s.IOPS, s.ThroughputMiB)
	f.Check("Storage.IOPS", s.IOPS, iops)
	f.Check("Storage.ThroughputMiB", s.ThroughputMiB, throughput)
}

func (p Props) validateTimes(f *faults.List) {
	if days := p.Backup.RetentionDays; days < rdsrules.MinBackupDays || days > rdsrules.MaxBackupDays {
		f.Check("Backup.RetentionDays", days, fmt.Errorf("must be %d to %d days", rdsrules.MinBackupDays, rdsrules.MaxBackupDays))
	}
	backup, maintenance := rdsrules.CheckWindows(p.Backup.Window, p.MaintenanceWindow)
	f.Check("Backup.Window", p.Backup.Window, backup)
	f.Check("MaintenanceWindow", p.MaintenanceWindow, maintenance)
}

func (p Props) validateUsers(f *faults.List) {
	f.Check("Users.Master", p.Users.Master, rdsrules.CheckUser(p.Users.Master))
	f.Check("Users.Connect", p.Users.Connect, rdsrules.CheckUser(p.Users.Connect))
	if p.Users.Connect == p.Users.Master {
		f.Check("Users.Connect", p.Users.Connect, errors.New("must not be the master user, who may do everything"))
	}
	if p.Users.Database != "" {
		f.Check("Users.Database", p.Users.Database, rdsrules.CheckDatabaseName(p.Users.Database))
	}
	if days := p.Users.RotationDays; days < rdsrules.MinRotationDays || days > rdsrules.MaxRotationDays {
		f.Check("Users.RotationDays", days, fmt.Errorf("must be %d to %d days", rdsrules.MinRotationDays, rdsrules.MaxRotationDays))
	}
}
