package tests

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// database returns the instance of a stack.
func database(t *testing.T, stack template) resource {
	t.Helper()
	return stack.at(t, "aws_db_instance", "database/Resource")
}

// largeDatabase configures every option of the database that does not exclude another.
func largeDatabase() settings {
	return ours(settings{
		"rds.majorVersion": "16", "rds.class": "db.r7g.2xlarge", "rds.storageGiB": 400, "rds.maxStorageGiB": 4000,
		"rds.iops": 16000, "rds.throughputMiB": 1000, "rds.audit": true, "rds.database": "orders", "rds.rotationDays": 30,
		"rds.caCertificate": "rds-ca-ecc384-g1", "rds.multiAz": false, "rds.zone": region + "b",
		"permissionsBoundary": "arn:aws:iam::" + account + ":policy/boundary",
	})
}

// TestDatabaseWaitsForWhatItNeeds names each edge that no reference carries.
func TestDatabaseWaitsForWhatItNeeds(t *testing.T) {
	stack := synth(t, "prod", nil)
	waits := database(t, stack).dependsOn()
	assert.Contains(t, waits, stack.address(t, "aws_iam_role_policy_attachment", "database/monitoring-role/attachment"),
		"RDS checks the permissions of the role, not the role")
	for _, log := range []string{"postgresql", "upgrade", "iam-db-auth-error"} {
		assert.Contains(t, waits, stack.address(t, "aws_cloudwatch_log_group", "database-"+log+"-logs"),
			"RDS makes a missing log group itself, without key and retention")
	}
	assert.Contains(t, waits, stack.address(t, "aws_kms_key", "database-key/Resource"))
	ofTier := 0
	for _, kind := range []string{"aws_route_table_association", "aws_network_acl_rule", "aws_network_acl_association"} {
		for name, body := range stack.Resource[kind] {
			if strings.HasPrefix(body.path(), "network/database-") {
				ofTier++
				assert.Contains(t, waits, kind+"."+name, "the database comes after its network")
			}
		}
	}
	assert.Equal(t, 3*(1+2+1), ofTier, "by zone: an association, a rule each way, an ACL's association")
	for before := range ancestors(stack.needs(t), stack.address(t, "aws_db_instance", "database/Resource")) {
		kind, _, _ := strings.Cut(before, ".")
		assert.NotContains(t, []string{"aws_nat_gateway", "aws_route", "aws_vpc_endpoint"}, kind,
			"a database calls nobody; NAT alone would delay it by minutes")
	}

	policy := stack.address(t, "aws_sns_topic_policy", "alarm-topic/policy")
	alarms := 0
	for _, alarm := range stack.Resource["aws_cloudwatch_metric_alarm"] {
		if strings.HasPrefix(alarm.path(), "database/") {
			assert.Contains(t, alarm.dependsOn(), policy, "%s: an alarm that may not publish is lost without an error", alarm.path())
			alarms++
		}
	}
	assert.Equal(t, 5, alarms)
	assert.Contains(t, stack.at(t, "aws_db_event_subscription", "database/events").dependsOn(), policy)
}

func TestDatabaseLogGroupsAreTheOnesThatRDSWritesTo(t *testing.T) {
	stack := synth(t, "prod", nil)
	instance := database(t, stack)
	logs := instance["enabled_cloudwatch_logs_exports"].([]any)
	assert.Equal(t, []any{"postgresql", "upgrade", "iam-db-auth-error"}, logs)
	for _, log := range logs {
		group := stack.at(t, "aws_cloudwatch_log_group", "database-"+log.(string)+"-logs")
		assert.Equal(t, "/aws/rds/instance/"+instance.text(t, "identifier")+"/"+log.(string), group["name"])
		assert.Equal(t, stack.address(t, "aws_kms_key", "logs-key/Resource"), group.refers(t, "kms_key_id"))
		assert.Contains(t, group.dependsOn(), stack.address(t, "aws_kms_key", "logs-key/Resource"))
	}
}

func TestDatabaseIsPrivateEncryptedAndWatched(t *testing.T) {
	for _, environment := range environments {
		stack := synth(t, environment, nil)
		instance := database(t, stack)
		for attribute, want := range map[string]any{
			"publicly_accessible": false, "storage_encrypted": true, "storage_type": "gp3",
			"manage_master_user_password": true, "iam_database_authentication_enabled": true,
			"auto_minor_version_upgrade": true, "allow_major_version_upgrade": false,
			"engine_lifecycle_support": "open-source-rds-extended-support-disabled",
			"copy_tags_to_snapshot":    true, "ca_cert_identifier": "rds-ca-rsa2048-g1",
			"monitoring_interval": 60.0, "performance_insights_enabled": true,
		} {
			assert.Equal(t, want, instance[attribute], "%s of %s", attribute, environment)
		}
		key := stack.address(t, "aws_kms_key", "database-key/Resource")
		for _, attribute := range []string{"kms_key_id", "master_user_secret_kms_key_id", "performance_insights_kms_key_id"} {
			assert.Equal(t, key, instance.refers(t, attribute), attribute)
		}
		assert.Equal(t, stack.address(t, "aws_iam_role", "database/monitoring-role/Resource"), instance.refers(t, "monitoring_role_arn"))
		assert.NotContains(t, instance, "iops", "below 400 GiB it must not be set")
		assert.NotContains(t, instance, "storage_throughput", "below 400 GiB it must not be set")
	}
}

func TestDatabaseIsReachedByNamedClientsOnly(t *testing.T) {
	stack := synth(t, "prod", nil)
	instance, group := database(t, stack), stack.address(t, "aws_security_group", "database/security-group")
	assert.Equal(t, []any{"${" + group + ".id}"}, instance["vpc_security_group_ids"])
	rules := 0
	for _, kind := range []string{"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"} {
		for _, rule := range stack.Resource[kind] {
			if rule.refers(t, "security_group_id") == group {
				rules++
			}
		}
	}
	assert.Equal(t, 1, rules, "one way in, none out")
	rule := stack.at(t, "aws_vpc_security_group_ingress_rule", "database/from-workloads")
	assert.Equal(t, stack.address(t, "aws_security_group", "network/workloads"), rule.refers(t, "referenced_security_group_id"))
	assert.Equal(t, []any{instance["port"], instance["port"], "tcp"}, []any{rule["from_port"], rule["to_port"], rule["ip_protocol"]})
	assert.NotContains(t, rule, "cidr_ipv4")

	subnets := stack.at(t, "aws_db_subnet_group", "database/subnets")
	assert.Equal(t, stack.address(t, "aws_db_subnet_group", "database/subnets"), instance.refers(t, "db_subnet_group_name"))
	var paths []string
	for _, reference := range subnets["subnet_ids"].([]any) {
		paths = append(paths, stack.resources()[strings.TrimSuffix(strings.TrimPrefix(reference.(string), "${"), ".id}")].path())
	}
	assert.Equal(t, []string{"network/database-a", "network/database-b", "network/database-c"}, paths)
}

func TestDatabaseProtectionByProfile(t *testing.T) {
	for environment, want := range map[string]resource{
		"dev": {
			"backup_retention_period": 1.0, "multi_az": false, "deletion_protection": false, "skip_final_snapshot": true,
			"delete_automated_backups": true, "apply_immediately": true,
			"database_insights_mode": "standard", "performance_insights_retention_period": 7.0,
			"lifecycle": map[string]any{"prevent_destroy": false},
		},
		"staging": {
			"backup_retention_period": 7.0, "multi_az": false, "deletion_protection": true, "skip_final_snapshot": false,
			"delete_automated_backups": false, "apply_immediately": false,
			"database_insights_mode": "standard", "performance_insights_retention_period": 7.0,
			"lifecycle": map[string]any{"prevent_destroy": false},
		},
		"prod": {
			"backup_retention_period": 35.0, "multi_az": true, "deletion_protection": true, "skip_final_snapshot": false,
			"delete_automated_backups": false, "apply_immediately": false,
			"database_insights_mode": "advanced", "performance_insights_retention_period": 465.0,
			"lifecycle": map[string]any{"prevent_destroy": true},
		},
	} {
		instance := database(t, synth(t, environment, nil))
		for attribute := range want {
			assert.Equal(t, want[attribute], instance[attribute], "%s of %s", attribute, environment)
		}
	}
}

// TestFinalSnapshotHasANameOfItsOwn demands a name that stays from plan to plan and is not the next instance's.
func TestFinalSnapshotHasANameOfItsOwn(t *testing.T) {
	stack := synth(t, "staging", nil)
	incarnation := stack.address(t, "terraform_data", "database/incarnation")
	assert.Equal(t, "acme-database-staging-final-${"+incarnation+".id}", database(t, stack)["final_snapshot_identifier"])
	assert.Equal(t, map[string]any{
		"key":    "${" + stack.address(t, "aws_kms_key", "database-key/Resource") + ".arn}",
		"master": "dbadmin", "database": "", "zone": "",
	}, stack.at(t, "terraform_data", "database/incarnation")["triggers_replace"], "what replaces the instance renews the name")

	disposable := synth(t, "dev", nil)
	assert.NotContains(t, disposable.Resource, "terraform_data")
	assert.NotContains(t, database(t, disposable), "final_snapshot_identifier")
}

func TestMasterPasswordIsRotatedByRDS(t *testing.T) {
	stack := synth(t, "prod", settings{"rds.rotationDays": 30})
	rotation := stack.at(t, "aws_secretsmanager_secret_rotation", "database/rotation")
	assert.Equal(t, "${"+stack.address(t, "aws_db_instance", "database/Resource")+".master_user_secret[0].secret_arn}", rotation["secret_id"])
	assert.Equal(t, map[string]any{"automatically_after_days": 30.0}, rotation["rotation_rules"])
	assert.Equal(t, false, rotation["rotate_immediately"])
	assert.NotContains(t, rotation, "rotation_lambda_arn")
}

func TestDatabaseParameters(t *testing.T) {
	parameters := func(stack template) map[string]string {
		set := map[string]string{}
		for _, entry := range stack.at(t, "aws_db_parameter_group", "database/parameters")["parameter"].([]any) {
			p := entry.(map[string]any)
			set[p["name"].(string)] = p["value"].(string) + " " + p["apply_method"].(string)
		}
		return set
	}
	want := map[string]string{
		"rds.force_ssl": "1 immediate", "ssl_min_protocol_version": "TLSv1.2 immediate",
		"log_connections": "1 immediate", "log_disconnections": "1 immediate",
		"log_statement": "ddl immediate", "log_min_duration_statement": "1000 immediate",
	}
	assert.Equal(t, want, parameters(synth(t, "dev", nil)))
	want["shared_preload_libraries"] = "pg_stat_statements,pgaudit pending-reboot"
	want["pgaudit.log"] = "ddl,role immediate"
	want["pgaudit.role"] = "rds_pgaudit immediate"
	assert.Equal(t, want, parameters(synth(t, "dev", settings{"rds.audit": true})))
}

// TestVersionComesFromTheParameterGroup demands one source of the version, which does not move by itself. What that means
// when AWS's default moves is shown with the real provider.
func TestVersionComesFromTheParameterGroup(t *testing.T) {
	floating := synth(t, "prod", nil)
	group := floating.at(t, "aws_db_parameter_group", "database/parameters")
	address := floating.address(t, "aws_db_parameter_group", "database/parameters")
	assert.Regexp(t, `^\$\{data\.aws_rds_engine_version\.[a-zA-Z0-9_]+\.parameter_group_family\}$`, group["family"])
	assert.Equal(t, map[string]any{"create_before_destroy": true, "ignore_changes": []any{"family"}}, group["lifecycle"])
	assert.Equal(t, "acme-database-prod-", group["name_prefix"])
	assert.Equal(t, "${trimprefix("+address+`.family, "postgres")}`, database(t, floating)["engine_version"])
	assert.Equal(t, address, database(t, floating).refers(t, "parameter_group_name"))

	pinned := synth(t, "prod", settings{"rds.majorVersion": "16", "rds.applyImmediately": true})
	group = pinned.at(t, "aws_db_parameter_group", "database/parameters")
	assert.NotContains(t, pinned.Data, "aws_rds_engine_version", "there is nothing to ask")
	assert.Equal(t, "postgres16", group["family"])
	assert.Equal(t, map[string]any{"create_before_destroy": true}, group["lifecycle"])
	assert.Equal(t, true, database(t, pinned)["allow_major_version_upgrade"])
}

// versionLiteral finds a version of PostgreSQL, alone or as part of a family's name.
var versionLiteral = regexp.MustCompile(`"(postgres)?[1-9][0-9](\.[0-9]+)?"`)

func TestNoSecretAndNoVersionIsWritten(t *testing.T) {
	secrets := []string{"password", "password_wo", "secret_string", "secret_binary", "master_password", "auth_token"}
	for _, environment := range environments {
		stack := synth(t, environment, nil)
		for address, body := range stack.resources() {
			for attribute := range body {
				assert.NotContains(t, secrets, attribute, address)
			}
			if strings.HasPrefix(body.path(), "database/") {
				text, err := json.Marshal(body)
				require.NoError(t, err)
				assert.NotRegexp(t, versionLiteral, string(text), address)
			}
		}
	}
	assert.Regexp(t, versionLiteral, `"postgres17"`, "the search finds what it is for")
}

func TestDatabaseAlarms(t *testing.T) {
	const gib = 1 << 30
	stack := synth(t, "prod", nil)
	for id, want := range map[string][]any{
		"cpu":             {"CPUUtilization", "GreaterThanThreshold", 90.0},
		"memory":          {"FreeableMemory", "LessThanThreshold", float64(8 * gib / 100 * 5)},
		"storage":         {"FreeStorageSpace", "LessThanThreshold", float64(20 * gib / 100 * 10)},
		"connections":     {"DatabaseConnections", "GreaterThanThreshold", 630.0},
		"transaction-ids": {"MaximumUsedTransactionIDs", "GreaterThanThreshold", 1e9},
	} {
		alarm := stack.at(t, "aws_cloudwatch_metric_alarm", "database/"+id+"-alarm")
		assert.Equal(t, want, []any{alarm["metric_name"], alarm["comparison_operator"], alarm["threshold"]})
		assert.Equal(t, "AWS/RDS", alarm["namespace"])
		assert.Equal(t, map[string]any{"DBInstanceIdentifier": "${" + stack.address(t, "aws_db_instance", "database/Resource") + ".identifier}"}, alarm["dimensions"])
		assert.Equal(t, "acme-database-"+id+"-prod", alarm["alarm_name"], "the pattern by which the key and the topic let alarms publish")
		topic := []any{"${" + stack.address(t, "aws_sns_topic", "alarm-topic/Resource") + ".arn}"}
		assert.Equal(t, topic, alarm["alarm_actions"])
		assert.Equal(t, topic, alarm["ok_actions"])
		assert.Equal(t, "breaching", alarm["treat_missing_data"], "an instance that reports nothing is lost")
	}
	small := synth(t, "dev", nil)
	assert.Equal(t, 157.0, small.at(t, "aws_cloudwatch_metric_alarm", "database/connections-alarm")["threshold"], "of the class")

	events := stack.at(t, "aws_db_event_subscription", "database/events")
	assert.Equal(t, stack.address(t, "aws_sns_topic", "alarm-topic/Resource"), events.refers(t, "sns_topic"))
	assert.Equal(t, "db-instance", events["source_type"])
	assert.Equal(t, []any{"${" + stack.address(t, "aws_db_instance", "database/Resource") + ".identifier}"}, events["source_ids"])
	for _, category := range []string{"availability", "deletion", "failover", "failure", "low storage", "maintenance"} {
		assert.Contains(t, events["event_categories"], category)
	}
}

func TestLargeDatabase(t *testing.T) {
	stack := synth(t, "prod", largeDatabase())
	instance := database(t, stack)
	for attribute, want := range map[string]any{
		"allocated_storage": 400.0, "max_allocated_storage": 4000.0, "iops": 16000.0, "storage_throughput": 1000.0,
		"instance_class": "db.r7g.2xlarge", "db_name": "orders", "availability_zone": region + "b", "multi_az": false,
		"ca_cert_identifier": "rds-ca-ecc384-g1",
	} {
		assert.Equal(t, want, instance[attribute], attribute)
	}
	assert.Equal(t, "arn:aws:iam::"+account+":policy/boundary",
		stack.at(t, "aws_iam_role", "database/monitoring-role/Resource")["permissions_boundary"])
	assert.Equal(t, map[string]any{
		"key":    "${" + stack.address(t, "aws_kms_key", "database-key/Resource") + ".arn}",
		"master": "dbadmin", "database": "orders", "zone": region + "b",
	}, stack.at(t, "terraform_data", "database/incarnation")["triggers_replace"])

	none := database(t, synth(t, "prod", settings{"rds.insights": "none"}))
	assert.Equal(t, false, none["performance_insights_enabled"])
	for _, attribute := range []string{"database_insights_mode", "performance_insights_kms_key_id", "performance_insights_retention_period"} {
		assert.NotContains(t, none, attribute)
	}
}
