package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/rds"
	"securebaseline/internal/testkit"
)

func TestDatabaseRefusesBadProps(t *testing.T) {
	for _, test := range []struct {
		change func(*rds.Props)
		want   string
	}{
		{func(p *rds.Props) { p.Key.ARN = "" },
			`props.Key.ARN: must be the ARN of the key that encrypts the instance`},
		{func(p *rds.Props) { p.Network.VPCID = "" },
			`props.Network.VPCID: must be the id of the VPC`},
		{func(p *rds.Props) { p.Network.Clients = nil },
			`props.Network.Clients: must be the security groups that may connect, by name`},
		{func(p *rds.Props) { p.Network.Clients = map[string]string{"web": ""} },
			`props.Network.Clients["web"]: must be the id of a security group`},
		{func(p *rds.Props) { p.Network.SubnetIDs = []string{"subnet-1"} },
			`props.Network.SubnetIDs = ["subnet-1"]: must be at least 2 subnets, of different zones`},
		{func(p *rds.Props) { p.LogGroups = p.LogGroups[:1] },
			`props.LogGroups = ["/aws/rds/instance/acme-database-test/postgresql"`},
		{func(p *rds.Props) { delete(p.Names.Alarms, "cpu") },
			`props.Names.Alarms["cpu"]: must be the name of the alarm`},
		{func(p *rds.Props) { p.Names.ConnectPolicy = "" },
			`props.Names.ConnectPolicy: must be a name`},
		{func(p *rds.Props) { p.Class = "" },
			`props.Class = "": must be an instance class, such as db.t4g.medium`},
		{func(p *rds.Props) { p.MajorVersion = "17.4" },
			`props.MajorVersion = "17.4": must be one of 14, 15, 16, 17, 18`},
		{func(p *rds.Props) { p.Zone = "eu-central-1a" },
			`props.Zone = "eu-central-1a": must be left out of a Multi-AZ deployment`},
		{func(p *rds.Props) { p.Insights = "extended" },
			`props.Insights = "extended": must be one of [none standard advanced]`},
		{func(p *rds.Props) { p.CACertificate = "rds-ca-2019" },
			`props.CACertificate = "rds-ca-2019": must be one of [rds-ca-rsa2048-g1 rds-ca-rsa4096-g1 ` +
				`rds-ca-ecc384-g1]`},
		{func(p *rds.Props) { p.DiscardOnDestroy = true },
			`props.DiscardOnDestroy = true: must be false without AllowDestroy`},
		{func(p *rds.Props) { p.Storage.GiB = 10 },
			`props.Storage.GiB = 10: must be 20 to 59578 GiB`},
		{func(p *rds.Props) { p.Storage.MaxGiB = 21 },
			`props.Storage.MaxGiB = 21: must be 22 to 65536 GiB, at least 10 % more than the initial storage`},
		{func(p *rds.Props) { p.Storage.IOPS = 3000 },
			`props.Storage.IOPS = 3000: must be left out below 400 GiB of storage, where the speed is fixed`},
		{func(p *rds.Props) { p.Storage = rds.Storage{GiB: 400, IOPS: 12000} },
			`props.Storage.ThroughputMiB = 0: must be set together with the IOPS`},
		{func(p *rds.Props) { p.Backup.RetentionDays = 36 },
			`props.Backup.RetentionDays = 36: must be 1 to 35 days`},
		{func(p *rds.Props) { p.Backup.Window = "2-3" },
			`props.Backup.Window = "2-3": must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00`},
		{func(p *rds.Props) { p.Backup.Window = "04:00-05:00" },
			`props.Backup.Window = "04:00-05:00": must not overlap the maintenance window sun:03:30-sun:04:30`},
		{func(p *rds.Props) { p.MaintenanceWindow = "sunday" },
			`props.MaintenanceWindow = "sunday": must be a weekly time in UTC`},
		{func(p *rds.Props) { p.Users.Master = "admin" },
			`props.Users.Master = "admin": must be a name that neither PostgreSQL nor RDS reserves`},
		{func(p *rds.Props) { p.Users.Connect = "*" },
			`props.Users.Connect = "*": must be 1 to 63 characters long`},
		{func(p *rds.Props) { p.Users.Connect = "dbadmin" },
			`props.Users.Connect = "dbadmin": must not be the master user, who may do everything`},
		{func(p *rds.Props) { p.Users.Database = "a-b" },
			`props.Users.Database = "a-b": must be 1 to 63 characters long`},
		{func(p *rds.Props) { p.Users.RotationDays = 1001 },
			`props.Users.RotationDays = 1001: must be 1 to 1000 days`},
	} {
		stack, props := testkit.EmptyStack(t), testkit.DatabaseProps(t)
		test.change(&props)
		_, err := rds.New(stack, "d", props)
		require.ErrorContains(t, err, `rds "d": `)
		assert.ErrorContains(t, err, test.want)
		assert.Len(t, strings.Split(err.Error(), "\n"), 1, "one mistake, one message")
		assert.Empty(t, *stack.Node().Children(), "nothing is built from refused props")
	}

	_, err := rds.New(testkit.EmptyStack(t), "d", rds.Props{})
	require.Error(t, err)
	assert.Greater(t, len(strings.Split(err.Error(), "\n")), 5, "every problem at once")
}

func TestDatabaseClientsComeAndGoByName(t *testing.T) {
	props := testkit.DatabaseProps(t)
	before := testkit.Parse(t, testkit.SynthesizeDatabase(t, props))
	props.Network.Clients = map[string]string{"bastion": "sg-2", "workloads": "sg-1"}
	after := testkit.Parse(t, testkit.SynthesizeDatabase(t, props))
	assertUnchanged(t, before.ByAddress(), after.ByAddress())
	group := after.At(t, "aws_security_group", "database/security-group")
	assert.Equal(t, []any{"sg-2"}, group.Value("ingress", "0", "security_groups"), "sorted by name")
	assert.Equal(t, []any{"sg-1"}, group.Value("ingress", "1", "security_groups"))
}

func TestDatabaseDefaultsAreStrict(t *testing.T) {
	stack := testkit.Parse(t, testkit.SynthesizeDatabase(t, testkit.DatabaseProps(t)))
	instance := database(t, stack)
	for attribute, want := range map[string]any{
		"multi_az": true, "deletion_protection": true, "backup_retention_period": 35.0, "skip_final_snapshot": false,
		"delete_automated_backups": false, "apply_immediately": false, "allocated_storage": 20.0,
		"max_allocated_storage": 100.0,
		"backup_window":         "02:00-03:00", "maintenance_window": "sun:03:30-sun:04:30", "username": "dbadmin",
		"database_insights_mode": "standard",
	} {
		assert.Equal(t, want, instance.Attributes[attribute], attribute)
	}
	assert.Equal(t, true, instance.Value("lifecycle", "prevent_destroy"))
	assert.Empty(t, stack.OfType("aws_secretsmanager_secret_rotation"), "RDS has a schedule of its own")
	for _, alarm := range stack.OfType("aws_cloudwatch_metric_alarm") {
		assert.NotContains(t, alarm.Attributes, "alarm_actions", "nobody to tell")
	}
	assert.Empty(t, stack.OfType("aws_db_event_subscription"))
}
