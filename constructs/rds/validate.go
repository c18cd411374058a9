package rds

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"securebaseline/internal/problem"
	"securebaseline/internal/rdsrules"
)

const (
	defaultStorageGiB = rdsrules.MinStorageGiB
	storageGrowth     = 5
	defaultBackupDays = rdsrules.MaxBackupDays
)

func (p Props) withDefaults() Props {
	p.Storage.GiB = cmp.Or(p.Storage.GiB, defaultStorageGiB)
	p.Storage.MaxGiB = cmp.Or(p.Storage.MaxGiB, min(p.Storage.GiB*storageGrowth, rdsrules.MaxStorageGiB))
	if p.Storage.GiB >= rdsrules.StripedGiB && p.Storage.IOPS == 0 && p.Storage.ThroughputMiB == 0 {
		p.Storage.IOPS, p.Storage.ThroughputMiB = rdsrules.MinIOPS, rdsrules.MinThroughputMiB
	}
	p.Backup.RetentionDays = cmp.Or(p.Backup.RetentionDays, defaultBackupDays)
	p.Backup.Window = cmp.Or(p.Backup.Window, rdsrules.DefaultBackupWindow)
	p.MaintenanceWindow = cmp.Or(p.MaintenanceWindow, rdsrules.DefaultMaintenanceWindow)
	p.Insights = cmp.Or(p.Insights, InsightsStandard)
	p.Users.Master = cmp.Or(p.Users.Master, rdsrules.DefaultMasterUser)
	p.Users.Connect = cmp.Or(p.Users.Connect, rdsrules.DefaultConnectUser)
	p.CACertificate = cmp.Or(p.CACertificate, rdsrules.CACertificates()[0])
	return p
}

func (p Props) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the instance is")
	l.Require("props.Key.ARN", p.Key.ARN != "", "the ARN of the key that encrypts the instance")
	_, err := rdsrules.Memory(p.Class)
	l.Check("props.Class", p.Class, err)
	if p.MajorVersion != "" {
		l.Check("props.MajorVersion", p.MajorVersion, rdsrules.CheckMajorVersion(p.MajorVersion))
	}
	l.Check("props.Zone", p.Zone, rdsrules.CheckZone(!p.SingleZone, p.Zone))
	l.CheckThat(slices.Contains(InsightsModes(), p.Insights), "props.Insights", p.Insights, "must be one of %v",
		InsightsModes())
	l.CheckThat(slices.Contains(rdsrules.CACertificates(), p.CACertificate), "props.CACertificate", p.CACertificate,
		"must be one of %v", rdsrules.CACertificates())
	l.CheckThat(p.AllowDestroy || !p.DiscardOnDestroy, "props.DiscardOnDestroy", p.DiscardOnDestroy,
		"must be false without AllowDestroy")
	p.validateNames(&l)
	p.validateNetwork(&l)
	p.validateStorage(&l)
	p.validateRestore(&l)
	p.validateTimes(&l)
	p.validateUsers(&l)
	return l.Err()
}

func (p Props) validateNames(l *problem.List) {
	n := p.Names
	l.Check("props.Names.Identifier", n.Identifier, rdsrules.CheckIdentifier(n.Identifier))
	for _, required := range []struct{ field, name string }{
		{"SubnetGroup", n.SubnetGroup}, {"ParameterGroupPrefix", n.ParameterGroupPrefix},
		{"SecurityGroup", n.SecurityGroup},
		{"EventSubscription", n.EventSubscription}, {"ParameterSubscription", n.ParameterSubscription},
		{"ConnectPolicy", n.ConnectPolicy},
		{"Monitoring.Role", n.Monitoring.Role}, {"Monitoring.Policy", n.Monitoring.Policy},
	} {
		l.Require("props.Names."+required.field, required.name != "", "a name")
	}
	for _, id := range rdsrules.Alarms() {
		l.Require(fmt.Sprintf("props.Names.Alarms[%q]", id), n.Alarms[id] != "", "the name of the alarm")
	}
	var groups []string
	for _, group := range p.LogGroups {
		groups = append(groups, group.Name)
	}
	l.CheckThat(slices.Equal(groups, rdsrules.LogGroupNames(n.Identifier)), "props.LogGroups", groups,
		"must be the log groups %v", rdsrules.LogGroupNames(n.Identifier))
}

func (p Props) validateNetwork(l *problem.List) {
	n := p.Network
	l.Require("props.Network.VPCID", n.VPCID != "", "the id of the VPC")
	l.CheckThat(len(n.SubnetIDs) >= 2, "props.Network.SubnetIDs", n.SubnetIDs,
		"must be at least 2 subnets, of different zones")
	l.Require("props.Network.Clients", len(n.Clients) > 0, "the security groups that may connect, by name")
	for _, name := range slices.Sorted(maps.Keys(n.Clients)) {
		l.Require(fmt.Sprintf("props.Network.Clients[%q]", name), n.Clients[name] != "", "the id of a security group")
	}
}

func (p Props) validateStorage(l *problem.List) {
	s := p.Storage
	l.Check("props.Storage.GiB", s.GiB, rdsrules.CheckStorage(s.GiB))
	l.Check("props.Storage.MaxGiB", s.MaxGiB, rdsrules.CheckMaxStorage(s.GiB, s.MaxGiB))
	iops, throughput := rdsrules.CheckPerformance(s.GiB, s.IOPS, s.ThroughputMiB)
	l.Check("props.Storage.IOPS", s.IOPS, iops)
	l.Check("props.Storage.ThroughputMiB", s.ThroughputMiB, throughput)
}

func (p Props) validateRestore(l *problem.List) {
	snapshot, source, when := rdsrules.CheckRestore(p.Restore.Snapshot, p.Restore.Source, p.Restore.Time)
	l.Check("props.Restore.Snapshot", p.Restore.Snapshot, snapshot)
	l.Check("props.Restore.Source", p.Restore.Source, source)
	l.Check("props.Restore.Time", p.Restore.Time, when)
}

func (p Props) validateTimes(l *problem.List) {
	days := p.Backup.RetentionDays
	l.CheckThat(days >= rdsrules.MinBackupDays && days <= rdsrules.MaxBackupDays, "props.Backup.RetentionDays", days,
		"must be %d to %d days", rdsrules.MinBackupDays, rdsrules.MaxBackupDays)
	backup, maintenance := rdsrules.CheckWindows(p.Backup.Window, p.MaintenanceWindow)
	l.Check("props.Backup.Window", p.Backup.Window, backup)
	l.Check("props.MaintenanceWindow", p.MaintenanceWindow, maintenance)
}

func (p Props) validateUsers(l *problem.List) {
	u := p.Users
	l.Check("props.Users.Master", u.Master, rdsrules.CheckUser(u.Master))
	l.Check("props.Users.Connect", u.Connect, rdsrules.CheckUser(u.Connect))
	l.CheckThat(u.Connect != u.Master, "props.Users.Connect", u.Connect,
		"must not be the master user, who may do everything")
	if u.Database != "" {
		l.Check("props.Users.Database", u.Database, rdsrules.CheckDatabaseName(u.Database))
	}
	l.CheckThat(u.RotationDays == 0 ||
		u.RotationDays >= rdsrules.MinRotationDays && u.RotationDays <= rdsrules.MaxRotationDays,
		"props.Users.RotationDays", u.RotationDays, "must be %d to %d days", rdsrules.MinRotationDays,
		rdsrules.MaxRotationDays)
}
