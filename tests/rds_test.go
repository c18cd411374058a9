package tests

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/testkit"
)

// database returns the instance of a stack.
func database(t *testing.T, stack testkit.Stack) testkit.Resource {
	t.Helper()
	return stack.At(t, "aws_db_instance", "database/Resource")
}

// TestDatabaseWaitsForWhatItNeeds names each edge that no reference carries.
func TestDatabaseWaitsForWhatItNeeds(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	waits := database(t, stack).DependsOn()
	assert.Contains(t, waits, stack.Address(t, "aws_iam_role_policy_attachment", "database/monitoring-role/attachment"),
		"RDS checks the permissions of the role, not the role")
	for _, log := range []string{"postgresql", "upgrade", "iam-db-auth-error"} {
		assert.Contains(t, waits, stack.Address(t, "aws_cloudwatch_log_group", "database-"+log+"-logs"),
			"RDS makes a missing log group itself, without key and retention")
	}
	assert.Contains(t, waits, stack.Address(t, "aws_kms_key", "database-key/Resource"))
	ofTier := 0
	for _, kind := range []string{"aws_route_table_association", "aws_network_acl", "aws_network_acl_association"} {
		for _, body := range stack.OfType(kind) {
			if strings.HasPrefix(body.Path, "network/database-") {
				ofTier++
				assert.Contains(t, waits, body.Address, "the database comes after its network")
			}
		}
	}
	assert.Equal(t, 1+3*2, ofTier, "an ACL with its rules, and by zone the associations with it and with the routes")
	for before := range stack.Graph().Ancestors(stack.Address(t, "aws_db_instance", "database/Resource")) {
		kind, _, _ := strings.Cut(before, ".")
		assert.NotContains(t, []string{"aws_nat_gateway", "aws_route"}, kind,
			"a database calls nobody; NAT alone would delay it by minutes")
		if kind == "aws_vpc_endpoint" {
			assert.Equal(t, "Gateway", stack.Get(t, before).Attributes["vpc_endpoint_type"],
				"the clients' group names the prefix lists of gateways, which take seconds")
		}
	}

	policy := stack.Address(t, "aws_sns_topic_policy", "alarm-topic/policy")
	alarms := 0
	for _, alarm := range stack.OfType("aws_cloudwatch_metric_alarm") {
		if strings.HasPrefix(alarm.Path, "database/") {
			assert.Contains(t, alarm.DependsOn(), policy, "%s: an alarm that may not publish is lost without an error",
				alarm.Path)
			alarms++
		}
	}
	assert.Equal(t, 5, alarms)
	assert.Contains(t, stack.At(t, "aws_db_event_subscription", "database/events").DependsOn(), policy)
}

func TestDatabaseLogGroupsAreTheOnesThatRDSWritesTo(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	instance := database(t, stack)
	logs := instance.Attributes["enabled_cloudwatch_logs_exports"].([]any)
	assert.Equal(t, []any{"postgresql", "upgrade", "iam-db-auth-error"}, logs)
	for _, log := range logs {
		group := stack.At(t, "aws_cloudwatch_log_group", "database-"+log.(string)+"-logs")
		assert.Equal(t, "/aws/rds/instance/"+instance.Text(t, "identifier")+"/"+log.(string), group.Attributes["name"])
		assert.Equal(t, stack.Address(t, "aws_kms_key", "logs-key/Resource"), group.Refers(t, "kms_key_id"))
		assert.Contains(t, group.DependsOn(), stack.Address(t, "aws_kms_key", "logs-key/Resource"))
	}
}

func TestDatabaseIsPrivateEncryptedAndWatched(t *testing.T) {
	for _, environment := range testkit.Environments() {
		stack := testkit.Synthesize(t, environment, nil)
		instance := database(t, stack)
		for attribute, want := range map[string]any{
			"publicly_accessible": false, "storage_encrypted": true, "storage_type": "gp3",
			"manage_master_user_password": true, "iam_database_authentication_enabled": true,
			"auto_minor_version_upgrade": true, "allow_major_version_upgrade": false,
			"engine_lifecycle_support": "open-source-rds-extended-support-disabled",
			"copy_tags_to_snapshot":    true, "ca_cert_identifier": "rds-ca-rsa2048-g1",
			"monitoring_interval": 60.0, "performance_insights_enabled": true,
		} {
			assert.Equal(t, want, instance.Attributes[attribute], "%s of %s", attribute, environment)
		}
		key := stack.Address(t, "aws_kms_key", "database-key/Resource")
		for _, attribute := range []string{"kms_key_id", "master_user_secret_kms_key_id",
			"performance_insights_kms_key_id"} {
			assert.Equal(t, key, instance.Refers(t, attribute), attribute)
		}
		assert.Equal(t, stack.Address(t, "aws_iam_role", "database/monitoring-role/Resource"),
			instance.Refers(t, "monitoring_role_arn"))
		assert.NotContains(t, instance.Attributes, "iops", "below 400 GiB it must not be set")
		assert.NotContains(t, instance.Attributes, "storage_throughput", "below 400 GiB it must not be set")
	}
}

func TestDatabaseIsReachedByNamedClientsOnly(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", nil)
	instance, group := database(t, stack), stack.Address(t, "aws_security_group", "database/security-group")
	assert.Equal(t, []any{"${" + group + ".id}"}, instance.Attributes["vpc_security_group_ids"])
	rules := stack.Get(t, group)
	assert.Equal(t, []any{}, rules.Attributes["egress"], "none out")
	in := objects(rules.Attributes["ingress"])
	require.Len(t, in, 1, "one way in")
	assert.Equal(t, []any{"${" + stack.Address(t, "aws_security_group", "network/workloads") + ".id}"},
		in[0]["security_groups"])
	assert.Equal(t, []any{instance.Attributes["port"], instance.Attributes["port"], "tcp"},
		[]any{in[0]["from_port"], in[0]["to_port"], in[0]["protocol"]})
	assert.Nil(t, in[0]["cidr_blocks"])

	subnets := stack.At(t, "aws_db_subnet_group", "database/subnets")
	assert.Equal(t, stack.Address(t, "aws_db_subnet_group", "database/subnets"),
		instance.Refers(t, "db_subnet_group_name"))
	var paths []string
	for _, reference := range subnets.Attributes["subnet_ids"].([]any) {
		paths = append(paths, stack.Get(t, testkit.Target(t, reference.(string))).Path)
	}
	assert.Equal(t, []string{"network/database-a", "network/database-b", "network/database-c"}, paths)
}

// fixedOnceMade is what RDS cannot change, so that a change would replace the instance.
var fixedOnceMade = []any{"availability_zone", "db_name", "restore_to_point_in_time", "snapshot_identifier",
	"username"}

func TestDatabaseProtectionByProfile(t *testing.T) {
	for environment, want := range map[string]map[string]any{
		"dev": {
			"backup_retention_period": 1.0, "multi_az": false, "deletion_protection": false,
			"skip_final_snapshot":      true,
			"delete_automated_backups": true, "apply_immediately": true,
			"database_insights_mode": "standard", "performance_insights_retention_period": 7.0,
			"lifecycle": map[string]any{"prevent_destroy": false, "ignore_changes": fixedOnceMade},
		},
		"staging": {
			"backup_retention_period": 7.0, "multi_az": false, "deletion_protection": true,
			"skip_final_snapshot":      false,
			"delete_automated_backups": false, "apply_immediately": false,
			"database_insights_mode": "standard", "performance_insights_retention_period": 7.0,
			"lifecycle": map[string]any{"prevent_destroy": false, "ignore_changes": fixedOnceMade},
		},
		"prod": {
			"backup_retention_period": 35.0, "multi_az": true, "deletion_protection": true,
			"skip_final_snapshot":      false,
			"delete_automated_backups": false, "apply_immediately": false,
			"database_insights_mode": "advanced", "performance_insights_retention_period": 465.0,
			"lifecycle": map[string]any{"prevent_destroy": true, "ignore_changes": fixedOnceMade},
		},
	} {
		instance := database(t, testkit.Synthesize(t, environment, nil))
		for attribute := range want {
			assert.Equal(t, want[attribute], instance.Attributes[attribute], "%s of %s", attribute, environment)
		}
	}
}

// TestFinalSnapshotHasANameOfItsOwn demands a name that stays from plan to plan and is not the next instance's.
func TestFinalSnapshotHasANameOfItsOwn(t *testing.T) {
	stack := testkit.Synthesize(t, "staging", nil)
	incarnation := stack.Address(t, "terraform_data", "database/incarnation")
	assert.Equal(t, "acme-database-staging-final-${"+incarnation+".id}",
		database(t, stack).Attributes["final_snapshot_identifier"])
	assert.Equal(t, map[string]any{
		"key": "${" + stack.Address(t, "aws_kms_key", "database-key/Resource") + ".arn}",
	}, stack.At(t, "terraform_data", "database/incarnation").Attributes["triggers_replace"],
		"what replaces the instance renews the name")

	disposable := testkit.Synthesize(t, "dev", nil)
	assert.Empty(t, disposable.OfType("terraform_data"))
	assert.NotContains(t, database(t, disposable).Attributes, "final_snapshot_identifier")
}

func TestMasterPasswordIsRotatedByRDS(t *testing.T) {
	left := testkit.Synthesize(t, "prod", nil)
	assert.Empty(t, left.OfType("aws_secretsmanager_secret_rotation"), "RDS has a schedule of its own")
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"rds.rotationDays": 30})
	rotation := stack.At(t, "aws_secretsmanager_secret_rotation", "database/rotation")
	assert.Equal(t, "${"+stack.Address(t, "aws_db_instance", "database/Resource")+".master_user_secret[0].secret_arn}",
		rotation.Attributes["secret_id"])
	assert.Equal(t, map[string]any{"automatically_after_days": 30.0}, rotation.Attributes["rotation_rules"])
	assert.Equal(t, false, rotation.Attributes["rotate_immediately"])
	assert.NotContains(t, rotation.Attributes, "rotation_lambda_arn")
}

func TestDatabaseParameters(t *testing.T) {
	parameters := func(stack testkit.Stack) map[string]string {
		set := map[string]string{}
		for _, entry := range stack.At(t, "aws_db_parameter_group",
			"database/parameters").Attributes["parameter"].([]any) {
			p := entry.(map[string]any)
			set[p["name"].(string)] = p["value"].(string) + " " + p["apply_method"].(string)
		}
		return set
	}
	want := map[string]string{
		"rds.force_ssl": "1 immediate", "ssl_min_protocol_version": "TLSv1.2 immediate",
		"log_connections": "1 immediate", "log_disconnections": "1 immediate",
		"log_statement": "none immediate", "log_min_duration_statement": "-1 immediate",
		"log_parameter_max_length": "0 immediate", "log_parameter_max_length_on_error": "0 immediate",
		"shared_preload_libraries": "pg_stat_statements,pgaudit pending-reboot",
		"pgaudit.log":              "ddl,role immediate", "pgaudit.role": "rds_pgaudit immediate",
	}
	for _, environment := range testkit.Environments() {
		assert.Equal(t, want, parameters(testkit.Synthesize(t, environment, nil)), "no password in a log of %s",
			environment)
	}
	for _, name := range []string{"shared_preload_libraries", "pgaudit.log", "pgaudit.role"} {
		delete(want, name)
	}
	assert.Equal(t, want, parameters(testkit.Synthesize(t, "dev", testkit.Settings{"rds.audit": false})))
	want["log_min_duration_statement"] = "1000 immediate"
	assert.Equal(t, want, parameters(testkit.Synthesize(t, "dev",
		testkit.Settings{"rds.audit": false, "rds.logSlowStatements": true})))
}

// TestVersionComesFromTheParameterGroup demands one source of the version, which does not move by itself. What that
// means when AWS's default moves is shown with the real provider.
func TestVersionComesFromTheParameterGroup(t *testing.T) {
	floating := testkit.Synthesize(t, "prod", nil)
	group := floating.At(t, "aws_db_parameter_group", "database/parameters")
	address := floating.Address(t, "aws_db_parameter_group", "database/parameters")
	assert.Regexp(t, `^\$\{data\.aws_rds_engine_version\.[a-zA-Z0-9_]+\.parameter_group_family\}$`,
		group.Attributes["family"])
	assert.Equal(t, map[string]any{"create_before_destroy": true, "ignore_changes": []any{"family"}},
		group.Attributes["lifecycle"])
	assert.Equal(t, "acme-database-prod-", group.Attributes["name_prefix"])
	assert.Equal(t, "${trimprefix("+address+`.family, "postgres")}`, database(t, floating).Attributes["engine_version"])
	assert.Equal(t, address, database(t, floating).Refers(t, "parameter_group_name"))

	pinned := testkit.Synthesize(t, "prod", testkit.Settings{"rds.majorVersion": "16", "rds.applyImmediately": true})
	group = pinned.At(t, "aws_db_parameter_group", "database/parameters")
	for _, source := range pinned.DataSources() {
		assert.NotEqual(t, "aws_rds_engine_version", source.Type, "there is nothing to ask")
	}
	assert.Equal(t, "postgres16", group.Attributes["family"])
	assert.Equal(t, map[string]any{"create_before_destroy": true}, group.Attributes["lifecycle"])
	assert.Equal(t, true, database(t, pinned).Attributes["allow_major_version_upgrade"])
}

// versionLiteral finds a version of PostgreSQL, alone or as part of a family's name.
var versionLiteral = regexp.MustCompile(`"(postgres)?[1-9][0-9](\.[0-9]+)?"`)

func TestNoSecretAndNoVersionIsWritten(t *testing.T) {
	secrets := []string{"password", "password_wo", "secret_string", "secret_binary", "master_password", "auth_token"}
	for _, environment := range testkit.Environments() {
		stack := testkit.Synthesize(t, environment, nil)
		for address, body := range stack.ByAddress() {
			for attribute := range body.Attributes {
				assert.NotContains(t, secrets, attribute, address)
			}
			if strings.HasPrefix(body.Path, "database/") {
				text, err := json.Marshal(body.Attributes)
				require.NoError(t, err)
				assert.NotRegexp(t, versionLiteral, string(text), address)
			}
		}
	}
	assert.Regexp(t, versionLiteral, `"postgres17"`, "the search finds what it is for")
}

func TestLargeDatabase(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllDatabase())
	instance := database(t, stack)
	for attribute, want := range map[string]any{
		"allocated_storage": 400.0, "max_allocated_storage": 4000.0, "iops": 16000.0, "storage_throughput": 1000.0,
		"instance_class": "db.r7g.2xlarge", "db_name": "orders", "availability_zone": region + "b", "multi_az": false,
		"ca_cert_identifier": "rds-ca-ecc384-g1",
	} {
		assert.Equal(t, want, instance.Attributes[attribute], attribute)
	}
	assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary",
		stack.At(t, "aws_iam_role", "database/monitoring-role/Resource").Attributes["permissions_boundary"])
}

// TestSpeedOfStorage demands a speed from the size on where RDS has one to choose, also where none is asked for.
func TestSpeedOfStorage(t *testing.T) {
	speed := func(settings testkit.Settings) []any {
		instance := database(t, testkit.Synthesize(t, "prod", settings))
		return []any{instance.Attributes["iops"], instance.Attributes["storage_throughput"]}
	}
	assert.Equal(t, []any{nil, nil}, speed(nil), "20 GiB")
	assert.Equal(t, []any{nil, nil}, speed(testkit.Settings{"rds.storageGiB": 399}))
	assert.Equal(t, []any{12000.0, 500.0}, speed(testkit.Settings{"rds.storageGiB": 400}),
		"a volume that grows brings the speed of a small one along, which RDS refuses")
	assert.Equal(t, []any{16000.0, 1000.0}, speed(testkit.Settings{"rds.storageGiB": 400, "rds.iops": 16000,
		"rds.throughputMiB": 1000}))
}

func TestInsightsOffSaysItsMode(t *testing.T) {
	none := database(t, testkit.Synthesize(t, "prod", testkit.Settings{"rds.insights": "none"}))
	assert.Equal(t, false, none.Attributes["performance_insights_enabled"])
	assert.Equal(t, "standard", none.Attributes["database_insights_mode"], "the paid mode would stay")
	for _, attribute := range []string{"performance_insights_kms_key_id", "performance_insights_retention_period"} {
		assert.NotContains(t, none.Attributes, attribute)
	}
}
