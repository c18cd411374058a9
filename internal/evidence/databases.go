package evidence

import (
	"fmt"
	"slices"
	"strings"

	"securebaseline/internal/template"
)

const databaseDocs = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"

func databaseRules() []Rule {
	const db = "aws_db_instance"
	return []Rule{
		{"SB-RDS-01", "Databases have no public address",
			"Otherwise only a password stands between the internet and the data.",
			Critical, databaseDocs + "USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding",
			relatedTo("RDS.2"),
			is(db, false, "publicly_accessible")},
		{"SB-RDS-02", "Databases, their insights and their secrets are encrypted with a key of the account",
			"Encryption cannot be added later, and AWS's own key cannot be shared or revoked.",
			High, databaseDocs + "Overview.Encryption.html",
			relatedTo("RDS.3"),
			every(db, func(s *stack, r template.Resource) string {
				if r.Attributes["storage_encrypted"] != true {
					return "storage_encrypted is not true"
				}
				attributes := []string{"kms_key_id", "master_user_secret_kms_key_id"}
				if r.Attributes["performance_insights_enabled"] == true {
					attributes = append(attributes, "performance_insights_kms_key_id")
				}
				for _, attribute := range attributes {
					if fault := keyOf(attribute)(s, r); fault != "" {
						return fault
					}
				}
				return ""
			})},
		{"SB-RDS-03", "Databases refuse unencrypted connections, and TLS below 1.2",
			"Data and credentials cross the network.",
			High, databaseDocs + "PostgreSQL.Concepts.General.SSL.html",
			relatedTo("RDS.38").and(Controls{NIST: []string{"SC-8", "SC-8(1)", "SC-13"},
				PCI: []string{"2.2.7", "8.3.2"}}),
			every(db, demandsTLS)},
		{"SB-RDS-04", "Database backups are kept for at least a week",
			"Damage is noticed after days.",
			Medium, databaseDocs + "USER_WorkingWithAutomatedBackups.html",
			relatedTo("RDS.11"),
			atLeast(db, 7, "backup_retention_period")},
		{"SB-RDS-05", "Databases cannot be deleted by mistake",
			"An accidental deletion takes the data.",
			Medium, databaseDocs + "USER_DeleteInstance.html",
			relatedTo("RDS.8"),
			is(db, true, "deletion_protection")},
		{"SB-RDS-06", "Databases have a standby in a second zone",
			"A zone that fails takes the database with it.",
			Medium, databaseDocs + "Concepts.MultiAZSingleStandby.html",
			relatedTo("RDS.5"),
			is(db, true, "multi_az")},
		{"SB-RDS-07", "Databases upgrade to minor versions automatically",
			"Minor versions fix vulnerabilities.",
			High, databaseDocs + "USER_UpgradeDBInstance.Upgrading.html",
			relatedTo("RDS.13"),
			is(db, true, "auto_minor_version_upgrade")},
		{"SB-RDS-08", "Databases send their logs to log groups of the stack",
			"RDS makes a missing group itself, unencrypted and kept for ever.",
			Medium, databaseDocs + "USER_LogAccess.Procedural.UploadtoCloudWatch.html",
			relatedTo("RDS.9", "RDS.36"),
			every(db, sendsLogs)},
		{"SB-RDS-09", "Nobody chooses a database password: RDS manages it, and workloads sign in with IAM",
			"A password in a configuration ends up in the state, in the history and in a chat.",
			High, databaseDocs + "rds-secrets-manager.html",
			relatedTo("RDS.10", "SecretsManager.1").and(Controls{NIST: []string{"IA-5(7)"}, PCI: []string{"8.6.2"}}),
			every(db, func(_ *stack, r template.Resource) string {
				switch {
				case r.Attributes["manage_master_user_password"] != true:
					return "manage_master_user_password is not true"
				case r.Attributes["password"] != nil || r.Attributes["password_wo"] != nil:
					return "it has a password"
				case r.Attributes["iam_database_authentication_enabled"] != true:
					return "iam_database_authentication_enabled is not true"
				}
				return ""
			})},
		{"SB-RDS-10", "Events of databases and their parameter groups notify somebody",
			"A failover or a parameter that opens the database must not pass unseen.",
			Low, databaseDocs + "USER_Events.html",
			relatedTo("RDS.20", "RDS.21").and(Controls{NIST: []string{"SI-4(5)"}}),
			every(db, tellsEvents)},
		{"SB-RDS-11", "Databases have enhanced monitoring, and snapshots carry their tags",
			"Without metrics from inside no outage is explained; without tags nobody knows whose a snapshot is.",
			Low, databaseDocs + "USER_Monitoring.OS.html",
			relatedTo("RDS.6", "RDS.17"),
			every(db, func(s *stack, r template.Resource) string {
				interval, _ := r.Attributes["monitoring_interval"].(float64)
				_, hasRole := s.refers(r, "monitoring_role_arn")
				switch {
				case interval == 0 || !hasRole:
					return "it has no enhanced monitoring by a role of the stack"
				case r.Attributes["copy_tags_to_snapshot"] != true:
					return "copy_tags_to_snapshot is not true"
				}
				return ""
			})},
	}
}

func demandsTLS(s *stack, r template.Resource) string {
	group, exists := s.refers(r, "parameter_group_name")
	if !exists {
		return "its parameter group is not of the stack"
	}
	values := map[any]any{}
	for _, parameter := range template.Objects(group.Attributes["parameter"]) {
		values[parameter["name"]] = parameter["value"]
	}
	for _, must := range []struct {
		name string
		good []any
	}{
		{"rds.force_ssl", []any{"1"}},
		{"ssl_min_protocol_version", []any{"TLSv1.2", "TLSv1.3"}},
	} {
		if value := values[must.name]; !slices.Contains(must.good, value) {
			return fmt.Sprintf("%s of %s is %s, not %v", must.name, group.Address, shown(value), must.good[0])
		}
	}
	return ""
}

func sendsLogs(s *stack, r template.Resource) string {
	exports := template.Texts(r.Attributes["enabled_cloudwatch_logs_exports"])
	for _, log := range []string{"postgresql", "upgrade"} { // Security Hub wants both
		if !slices.Contains(exports, log) {
			return "it does not export the log " + log
		}
	}
	for _, export := range exports {
		name := fmt.Sprintf("/aws/rds/instance/%s/%s", s.access.Name(r), export)
		if !slices.ContainsFunc(s.OfType("aws_cloudwatch_log_group"), func(group template.Resource) bool {
			return s.access.Name(group) == name
		}) {
			return "the stack has no log group " + name
		}
	}
	return ""
}

func tellsEvents(s *stack, r template.Resource) string {
	group, _ := r.Reference("parameter_group_name")
	for _, must := range []struct {
		what, address string
		categories    []string
	}{
		// The categories that Security Hub calls critical.
		{"database", r.Address, []string{"maintenance", "configuration change", "failure"}},
		{"parameter group", group, []string{"configuration change"}},
	} {
		for _, category := range must.categories {
			if !s.tells(must.address, category) {
				return fmt.Sprintf("no subscription tells of a %s of the %s", category, must.what)
			}
		}
	}
	return ""
}

// tells reports whether a subscription is about events of a resource that are of a category.
func (s *stack) tells(address, category string) bool {
	return slices.ContainsFunc(s.OfType("aws_db_event_subscription"), func(events template.Resource) bool {
		categories := template.Texts(events.Attributes["event_categories"])
		return events.Attributes["enabled"] != false &&
			(len(categories) == 0 || slices.Contains(categories, category)) &&
			slices.ContainsFunc(template.Texts(events.Attributes["source_ids"]), func(source string) bool {
				return strings.HasPrefix(source, "${"+address+".")
			})
	})
}
