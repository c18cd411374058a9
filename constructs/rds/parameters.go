package rds

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dataawsrdsengineversion"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/dbparametergroup"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/tf"
)

// How RDS takes over a parameter: dynamic ones at once, static ones when the instance starts. What the group holds when
// the instance is made is in force from the start (RDS User Guide, "Working with parameter groups").
const (
	atOnce    = "immediate"
	atRestart = "pending-reboot"
)

// Values of log_min_duration_statement: from how many milliseconds on a statement is logged with its duration, or
// never.
const (
	slowMilliseconds = "1000"
	never            = "-1"
)

type parameter struct{ name, value, apply string }

// parameters are what the instance runs with. AWS forces TLS by default only in newer major versions.
//
// No statement is logged as it was written: CREATE ROLE and ALTER ROLE hold passwords, and the log is exported and kept
// (RDS User Guide, "Turning on query logging for your RDS for PostgreSQL DB instance", on password exposure). What
// changes structures and roles is recorded by pgaudit, which redacts passwords. Values that clients bind are left out
// of all messages.
func parameters(p Props) []parameter {
	slow := never
	if p.LogSlowStatements {
		slow = slowMilliseconds
	}
	set := []parameter{
		{"rds.force_ssl", "1", atOnce},
		{"ssl_min_protocol_version", "TLSv1.2", atOnce},
		{"log_connections", "1", atOnce},
		{"log_disconnections", "1", atOnce},
		{"log_statement", "none", atOnce},
		{"log_min_duration_statement", slow, atOnce},
		{"log_parameter_max_length", "0", atOnce},
		{"log_parameter_max_length_on_error", "0", atOnce},
	}
	if !p.NoAudit {
		set = append(set,
			// The list replaces RDS's own, which holds pg_stat_statements.
			parameter{"shared_preload_libraries", "pg_stat_statements,pgaudit", atRestart},
			parameter{"pgaudit.log", "ddl,role", atOnce},
			parameter{"pgaudit.role", "rds_pgaudit", atOnce},
		)
	}
	return set
}

// addParameterGroup adds the parameter group, and with it decides the major version once and for all.
//
// A group of one family works only with instances of that major version, and AWS's default moves. So the version is not
// asked for twice: the group's family is AWS's default at the time when the group is made, Terraform then leaves it
// alone, and the instance takes its version from the group. However often the default moves, also between a failed
// deployment and its repetition, the two fit.
//
// A configured major version is the family itself. When it changes, a new group is made, the instance moves to it as it
// is upgraded, and the old group goes when nothing uses it any more; names are made unique for that.
func addParameterGroup(node constructs.Construct, p Props) dbparametergroup.DbParameterGroup {
	var list []*dbparametergroup.DbParameterGroupParameter
	for _, entry := range parameters(p) {
		list = append(list, &dbparametergroup.DbParameterGroupParameter{
			Name: &entry.name, Value: &entry.value, ApplyMethod: &entry.apply,
		})
	}
	config := dbparametergroup.DbParameterGroupConfig{
		NamePrefix: &p.Names.ParameterGroupPrefix,
		// Another description would replace the group.
		Description: jsii.String("TLS only, connections and slow statements logged"),
		Parameter:   list,
		Tags:        tf.StringMap(p.Naming.Tags()),
		Lifecycle:   &cdktf.TerraformResourceLifecycle{CreateBeforeDestroy: jsii.Bool(true)},
	}
	if p.MajorVersion != "" {
		config.Family = jsii.String(familyPrefix + p.MajorVersion)
	} else {
		config.Family = dataawsrdsengineversion.NewDataAwsRdsEngineVersion(node, jsii.String("engine"),
			&dataawsrdsengineversion.DataAwsRdsEngineVersionConfig{
				Engine: jsii.String(engine), DefaultOnly: jsii.Bool(true),
			}).ParameterGroupFamily()
		config.Lifecycle.IgnoreChanges = jsii.Strings("family")
	}
	return dbparametergroup.NewDbParameterGroup(node, jsii.String("parameters"), &config)
}
