package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

func TestMonitoringRole(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(nil))
	service := iampolicy.Service("monitoring.rds.amazonaws.com")
	from := func(id, instance string) requestContext {
		return requestContext{"aws:SourceAccount": id,
			"aws:SourceArn": "arn:aws:rds:" + region + ":" + id + ":db:" + instance}
	}
	own := from(account, "acme-database-prod")
	t.Run("trust", func(t *testing.T) {
		assertDecisions(t, stack.At(t, "aws_iam_role", "database/monitoring-role/Resource").Policy(t,
			"assume_role_policy"), "", []request{
			{"for this instance", service, "sts:AssumeRole", own, iampolicy.Allowed},
			{"for another instance", service, "sts:AssumeRole", from(account, "acme-database-prod2"),
				iampolicy.ImplicitDeny},
			{"for an instance of another account", service, "sts:AssumeRole", from(foreign, "acme-database-prod"),
				iampolicy.ImplicitDeny},
			{"for this instance, on behalf of another account", service, "sts:AssumeRole",
				requestContext{"aws:SourceAccount": foreign, "aws:SourceArn": own["aws:SourceArn"]},
				iampolicy.ImplicitDeny},
			{"for nobody known", service, "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
			{"RDS itself, which is not who monitors", iampolicy.Service("rds.amazonaws.com"), "sts:AssumeRole", own,
				iampolicy.ImplicitDeny},
			{"a role of the account", iampolicy.Role(workload), "sts:AssumeRole", own, iampolicy.ImplicitDeny},
		})
	})

	policy := stack.At(t, "aws_iam_policy", "database/monitoring-role/policy").Policy(t, "policy")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-database-monitoring-prod")
	groups := func(region, account string) string { return "arn:aws:logs:" + region + ":" + account + ":log-group:" }
	for _, group := range []string{"RDSOSMetrics", "RDSOSMetrics:*"} {
		t.Run("log group "+group, func(t *testing.T) {
			assertDecisions(t, policy, groups(region, account)+group, []request{
				{"make it", role, "logs:CreateLogGroup", nil, iampolicy.Allowed},
				{"let it expire", role, "logs:PutRetentionPolicy", nil, iampolicy.Allowed},
				{"delete it", role, "logs:DeleteLogGroup", nil, iampolicy.ImplicitDeny},
			})
		})
	}
	t.Run("its streams", func(t *testing.T) {
		assertDecisions(t, policy, groups(region, account)+"RDSOSMetrics:log-stream:db-1", []request{
			{"make", role, "logs:CreateLogStream", nil, iampolicy.Allowed},
			{"write", role, "logs:PutLogEvents", nil, iampolicy.Allowed},
			{"find", role, "logs:DescribeLogStreams", nil, iampolicy.Allowed},
			{"read", role, "logs:GetLogEvents", nil, iampolicy.Allowed},
			{"delete", role, "logs:DeleteLogStream", nil, iampolicy.ImplicitDeny},
		})
	})
	for name, resource := range map[string]string{
		"of another log group": groups(region, account) +
			"/aws/rds/instance/acme-database-prod/postgresql:log-stream:x",
		"of a longer name":        groups(region, account) + "RDSOSMetrics2:log-stream:x",
		"of another account":      groups(region, foreign) + "RDSOSMetrics:log-stream:x",
		"of another region":       groups("us-east-1", account) + "RDSOSMetrics:log-stream:x",
		"of the audit trail":      groups(region, account) + "acme-trail-prod:log-stream:x",
		"of metrics, but a group": groups(region, account) + "RDSOSMetrics",
	} {
		t.Run("streams "+name, func(t *testing.T) {
			assertDecisions(t, policy, resource, []request{
				{"write", role, "logs:PutLogEvents", nil, iampolicy.ImplicitDeny},
				{"make", role, "logs:CreateLogStream", nil, iampolicy.ImplicitDeny},
			})
		})
	}
}

func TestConnectPolicy(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"rds.connectUser": "orders"}))
	body := stack.At(t, "aws_iam_policy", "database/connect-policy")
	id := "${" + stack.Address(t, "aws_db_instance", "database/Resource") + ".resource_id}"
	require.Contains(t, body.Text(t, "policy"), id, "an instance is named by the id that no other one ever has")
	policy, err := iampolicy.Parse(strings.ReplaceAll(body.Text(t, "policy"), id, "db-OWN"))
	require.NoError(t, err)

	role := iampolicy.Role(workload)
	users := func(region, account, rest string) string {
		return "arn:aws:rds-db:" + region + ":" + account + ":dbuser:" + rest
	}
	for name, row := range map[string]struct {
		resource string
		want     iampolicy.Decision
	}{
		"this instance and user":         {users(region, account, "db-OWN/orders"), iampolicy.Allowed},
		"another user":                   {users(region, account, "db-OWN/dbadmin"), iampolicy.ImplicitDeny},
		"a user whose name is longer":    {users(region, account, "db-OWN/orders2"), iampolicy.ImplicitDeny},
		"all users":                      {users(region, account, "db-OWN/*"), iampolicy.ImplicitDeny},
		"another instance":               {users(region, account, "db-OTHER/orders"), iampolicy.ImplicitDeny},
		"all instances":                  {users(region, account, "*/orders"), iampolicy.ImplicitDeny},
		"an instance of another account": {users(region, foreign, "db-OWN/orders"), iampolicy.ImplicitDeny},
		"an instance of another region":  {users("us-east-1", account, "db-OWN/orders"), iampolicy.ImplicitDeny},
		"the instance by its changing name": {users(region, account, "acme-database-prod/orders"),
			iampolicy.ImplicitDeny},
	} {
		assertDecisions(t, policy, row.resource,
			[]request{{"connect to " + name, role, "rds-db:connect", nil, row.want}})
	}
	assertDecisions(t, policy, "arn:aws:rds:"+region+":"+account+":db:acme-database-prod", []request{
		{"change the instance", role, "rds:ModifyDBInstance", nil, iampolicy.ImplicitDeny},
		{"delete the instance", role, "rds:DeleteDBInstance", nil, iampolicy.ImplicitDeny},
	})
	assertDecisions(t, policy, "arn:aws:secretsmanager:"+region+":"+account+":secret:rds!db-1", []request{
		{"read the master password", role, "secretsmanager:GetSecretValue", nil, iampolicy.ImplicitDeny},
	})
}

// TestDatabaseKeyOpensThroughTheDatabaseOnly adds to the key's own rows what the parts of a database ask for.
func TestDatabaseKeyOpensThroughTheDatabaseOnly(t *testing.T) {
	deployer := iampolicy.Role("arn:aws:iam::" + account + ":role/deploy")
	through := func(service string, more requestContext) requestContext {
		keys := requestContext{"kms:ViaService": service + ".amazonaws.com"}
		for key, value := range more {
			keys[key] = value
		}
		return keys
	}
	storage := requestContext{"kms:EncryptionContext:aws:rds:db-id": "db-OWN"}
	insights := requestContext{"kms:EncryptionContext:aws:pi:service": "rds", "kms:EncryptionContext:service": "pi"}
	forAWS := requestContext{"kms:GrantIsForAWSResource": "true"}
	assertDecisions(t, keyPolicy(t, "database", "prod", testkit.Offline(nil)), keyARN, []request{
		{"storage, through RDS", deployer, "kms:GenerateDataKey", through("rds."+region, storage), iampolicy.Delegated},
		{"insights, through RDS", deployer, "kms:Decrypt", through("rds."+region, insights), iampolicy.Delegated},
		{"RDS describes the key", deployer, "kms:DescribeKey", through("rds."+region, nil), iampolicy.Delegated},
		{"the master secret, through Secrets Manager", deployer, "kms:GenerateDataKey",
			through("secretsmanager."+region, nil), iampolicy.Delegated},
		{"RDS keeps a grant for the secret", deployer, "kms:CreateGrant", through("secretsmanager."+region, forAWS),
			iampolicy.Delegated},
		{"storage, by a volume of its own", deployer, "kms:GenerateDataKey", through("ec2."+region, storage),
			iampolicy.ImplicitDeny},
		{"insights, directly", deployer, "kms:Decrypt", insights, iampolicy.ImplicitDeny},
		{"through RDS of another region", deployer, "kms:Decrypt", through("rds.us-east-1", storage),
			iampolicy.ImplicitDeny},
		{"the monitoring service", iampolicy.Service("monitoring.rds.amazonaws.com"), "kms:Decrypt",
			through("rds."+region, storage), iampolicy.ImplicitDeny},
		{"a role of another account, through RDS", iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"), "kms:Decrypt",
			through("rds."+region, storage), iampolicy.ImplicitDeny},
	})
}
