package rds

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/rdsrules"
)

const (
	defaultStorageGiB        = rdsrules.MinStorageGiB
	storageGrowth            = 5
	defaultBackupDays        = rdsrules.MaxBackupDays
	defaultBackupWindow      = "02:00-03:00"
	defaultMaintenanceWindow = "sun:03:30-sun:04:30"
	defaultMaster            = "dbadmin"
	defaultRotationDays      = 7
	defaultConnect           = "app"
)

func (p Props) withDefaults() Props {
	setDefault(&p.Storage.GiB, defaultStorageGiB)
	setDefault(&p.Storage.MaxGiB, min(p.Storage.GiB*storageGrowth, rdsrules.MaxStorageGiB))
	setDefault(&p.Backup.RetentionDays, defaultBackupDays)
	setDefault(&p.Backup.Window, defaultBackupWindow)
	setDefault(&p.MaintenanceWindow, defaultMaintenanceWindow)
	setDefault(&p.Insights, InsightsStandard)
	setDefault(&p.Users.Master, defaultMaster)
	setDefault(&p.Users.RotationDays, defaultRotationDays)
	setDefault(&p.Users.Connect, defaultConnect)
	setDefault(&p.CACertificate, rdsrules.CACertificates()[0])
	return p
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// faults collects what is wrong with the props.
type faults []error

func (f *faults) add(field string, value any, err error) {
	if err == nil {
		return
	}
	shown := fmt.Sprint(value)
	if text, isText := value.(string); isText {
		shown = fmt.Sprintf("%q", text)
	}
	*f = append(*f, fmt.Errorf("props.%s is %s; it %w", field, shown, err))
}

func (f *faults) require(field string, missing bool, what string) {
	if missing {
		*f = append(*f, fmt.Errorf("props.%s is empty; it must be %s", field, what))
	}
}

func (p Props) validate() error {
	var f faults
	f.require("KeyARN", p.KeyARN == "", "the ARN of the key that encrypts the instance")
	f.require("Network.VPCID", p.Network.VPCID == "", "the id of the VPC")
	f.require("Network.Clients", len(p.Network.Clients) == 0, "the security groups that may connect, by name")
	for _, name := range slices.Sorted(maps.Keys(p.Network.Clients)) {
		f.require(fmt.Sprintf("Network.Clients[%q]", name), p.Network.Clients[name] == "", "the id of a security group")
	}
	if subnets := len(p.Network.SubnetIDs); subnets < 2 {
		f = append(f, fmt.Errorf("props.Network.SubnetIDs has %d subnets; RDS needs at least 2, of different zones", subnets))
	}
	if groups, logs := len(p.LogGroups), len(LogExports()); groups < logs {
		f = append(f, fmt.Errorf("props.LogGroups has %d log groups; the instance needs one for each of its %d logs", groups, logs))
	}
	f.add("Identifier", p.Identifier, rdsrules.CheckIdentifier(p.Identifier))
	_, err := rdsrules.Memory(p.Class)
	f.add("Class", p.Class, err)
	if p.MajorVersion != "" {
		f.add("MajorVersion", p.MajorVersion, rdsrules.CheckMajorVersion(p.MajorVersion))
	}
	f.add("Zone", p.Zone, rdsrules.CheckZone(!p.SingleZone, p.Zone))
	if !slices.Contains(InsightsModes(), p.Insights) {
		f.add("Insights", string(p.Insights), fmt.Errorf("must be one of %q", InsightsModes()))
	}
	if !slices.Contains(rdsrules.CACertificates(), p.CACertificate) {
		f.add("CACertificate", p.CACertificate, fmt.Errorf("must be one of %q", rdsrules.CACertificates()))
	}
	if !p.AllowDestroy && p.DiscardOnDestroy {
		f = append(f, errors.New("props.DiscardOnDestroy is true; it has no meaning without props.AllowDestroy"))
	}
	p.validateStorage(&f)
	p.validateTimes(&f)
	p.validateUsers(&f)
	return errors.Join(f...)
}

func (p Props) validateStorage(f *faults) {
	s := p.Storage
	f.add("Storage.GiB", s.GiB, rdsrules.CheckStorage(s.GiB))
	f.add("Storage.MaxGiB", s.MaxGiB, rdsrules.CheckMaxStorage(s.GiB, s.MaxGiB))
	f.add("Storage.IOPS", s.IOPS, rdsrules.CheckPerformance(s.GiB, s.IOPS, s.ThroughputMiB))
}

func (p Props) validateTimes(f *faults) {
	if days := p.Backup.RetentionDays; days < rdsrules.MinBackupDays || days > rdsrules.MaxBackupDays {
		f.add("Backup.RetentionDays", days, fmt.Errorf("must be %d to %d days", rdsrules.MinBackupDays, rdsrules.MaxBackupDays))
	}
	backup, backupErr := rdsrules.ParseBackupWindow(p.Backup.Window)
	f.add("Backup.Window", p.Backup.Window, backupErr)
	maintenance, maintenanceErr := rdsrules.ParseMaintenanceWindow(p.MaintenanceWindow)
	f.add("MaintenanceWindow", p.MaintenanceWindow, maintenanceErr)
	if backupErr == nil && maintenanceErr == nil && backup.Overlaps(maintenance) {
		f.add("Backup.Window", p.Backup.Window, fmt.Errorf("must not overlap the maintenance window %s", p.MaintenanceWindow))
	}
}

func (p Props) validateUsers(f *faults) {
	f.add("Users.Master", p.Users.Master, rdsrules.CheckUser(p.Users.Master))
	f.add("Users.Connect", p.Users.Connect, rdsrules.CheckUser(p.Users.Connect))
	if p.Users.Connect == p.Users.Master {
		f.add("Users.Connect", p.Users.Connect, errors.New("must not be the master user, who may do everything"))
	}
	if p.Users.Database != "" {
		f.add("Users.Database", p.Users.Database, rdsrules.CheckDatabaseName(p.Users.Database))
	}
	if days := p.Users.RotationDays; days < rdsrules.MinRotationDays || days > rdsrules.MaxRotationDays {
		f.add("Users.RotationDays", days, fmt.Errorf("must be %d to %d days", rdsrules.MinRotationDays, rdsrules.MaxRotationDays))
	}
}
