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
			"A password is then all that is between the internet and the data.",
			Critical, databaseDocs + "USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding",
			Controls{CIS: []string{"2.3.3"}, FSBP: []string{"RDS.2"}, NIST: []string{"AC-4", "AC-6", "SC-7"},
				PCI: []string{"1.4.4"}},
			is(db, false, "publicly_accessible")},
		{"SB-RDS-02", "Databases, their insights and their secrets are encrypted with a key of the account",
			"Encryption cannot be added later, and AWS's own key cannot be shared or revoked.",
			High, databaseDocs + "Overview.Encryption.html",
			Controls{CIS: []string{"2.3.1"}, FSBP: []string{"RDS.3"}, NIST: []string{"SC-13", "SC-28", "SC-28(1)"},
				PCI: []string{"3.5.1"}},
			every(db, func(s *stack, r template.Resource) string {
				if r.Attributes["storage_encrypted"] != true {
					return "storage_encrypted is not true"
				}
				for _, attribute := range []string{"kms_key_id", "master_user_secret_kms_key_id",
					"performance_insights_kms_key_id"} {
					if attribute == "performance_insights_kms_key_id" &&
						r.Attributes["performance_insights_enabled"] != true {
						continue
					}
					if fault := keyOf(attribute)(s, r); fault != "" {
						return fault
					}
				}
				return ""
			})},
		{"SB-RDS-03", "Databases refuse connections without TLS 1.2",
			"Data and credentials cross the network.",
			High, databaseDocs + "PostgreSQL.Concepts.General.SSL.html",
			Controls{FSBP: []string{"RDS.38"}, NIST: []string{"AC-17(2)", "SC-8", "SC-8(1)", "SC-13"},
				PCI: []string{"4.2.1"}},
			every(db, demandsTLS)},
		{"SB-RDS-04", "Databases are backed up for a week at least",
			"Damage is noticed after days.",
			Medium, databaseDocs + "USER_WorkingWithAutomatedBackups.html",
			Controls{FSBP: []string{"RDS.11"}, NIST: []string{"CP-6", "CP-9", "CP-10", "SI-12"},
				PCI: []string{"12.10.1"}},
			atLeast(db, 7, "backup_retention_period")},
		{"SB-RDS-05", "Databases cannot be deleted by mistake",
			"A delete that nobody meant takes the data.",
			Medium, databaseDocs + "USER_DeleteInstance.html",
			Controls{FSBP: []string{"RDS.8"}, NIST: []string{"CM-3", "SC-5(2)", "CP-9"}, PCI: []string{"12.10.1"}},
			is(db, true, "deletion_protection")},
		{"SB-RDS-06", "Databases stand by in a second zone",
			"A zone that fails takes the database with it.",
			Medium, databaseDocs + "Concepts.MultiAZSingleStandby.html",
			Controls{FSBP: []string{"RDS.5"}, NIST: []string{"CP-6(2)", "CP-10", "SC-36", "SI-13(5)"},
				PCI: []string{"12.10.1"}},
			is(db, true, "multi_az")},
		{"SB-RDS-07", "Databases take minor versions by themselves",
			"Minor versions close holes.",
			High, databaseDocs + "USER_UpgradeDBInstance.Upgrading.html",
			Controls{CIS: []string{"2.3.2"}, FSBP: []string{"RDS.13"}, NIST: []string{"SI-2", "SI-2(2)"},
				PCI: []string{"6.3.3"}},
			is(db, true, "auto_minor_version_upgrade")},
		{"SB-RDS-08", "Databases send their logs to log groups of the stack",
			"RDS makes a missing group itself, unencrypted and kept for ever.",
			Medium, databaseDocs + "USER_LogAccess.Procedural.UploadtoCloudWatch.html",
			Controls{FSBP: []string{"RDS.9", "RDS.36"}, NIST: []string{"AU-2", "AU-3", "AU-12", "SI-4"},
				PCI: []string{"10.2.1"}},
			every(db, sendsLogs)},
		{"SB-RDS-09", "Nobody chooses a database password: RDS keeps it, and workloads sign in by IAM",
			"A password in a configuration is in the state, in the history and in a chat.",
			High, databaseDocs + "rds-secrets-manager.html",
			Controls{FSBP: []string{"RDS.10", "SecretsManager.1"}, NIST: []string{"AC-2(1)", "AC-3", "IA-5(1)"},
				PCI: []string{"8.3.9", "8.6.2", "8.6.3"}},
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
		{"SB-RDS-10", "Events of databases and of their parameters are told",
			"A failover or a parameter that opens the database must not pass unseen.",
			Low, databaseDocs + "USER_Events.html",
			Controls{FSBP: []string{"RDS.20", "RDS.21"}, NIST: []string{"CA-7", "SI-2", "SI-4(5)"},
				PCI: []string{"11.5.2"}},
			every(db, tellsEvents)},
		{"SB-RDS-11", "Databases are watched from inside, and snapshots carry their tags",
			"Without metrics from inside no outage is explained; without tags nobody knows whose a snapshot is.",
			Low, databaseDocs + "USER_Monitoring.OS.html",
			Controls{FSBP: []string{"RDS.6", "RDS.17"}, NIST: []string{"CA-7", "CM-8", "SI-4"},
				PCI: []string{"10.7.2"}},
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
	for name, want := range map[string]string{"rds.force_ssl": "1", "ssl_min_protocol_version": "TLSv1.2"} {
		if values[name] != want {
			return fmt.Sprintf("%s of %s is %s, not %s", name, group.Address, shown(values[name]), want)
		}
	}
	return ""
}

func sendsLogs(s *stack, r template.Resource) string {
	exports := template.Texts(r.Attributes["enabled_cloudwatch_logs_exports"])
	if !slices.Contains(exports, "postgresql") {
		return "it does not export the log postgresql"
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
	for what, address := range map[string]string{"database": r.Address, "parameter group": group} {
		told := slices.ContainsFunc(s.OfType("aws_db_event_subscription"), func(events template.Resource) bool {
			return slices.ContainsFunc(template.Texts(events.Attributes["source_ids"]), func(source string) bool {
				return strings.HasPrefix(source, "${"+address+".")
			})
		})
		if !told {
			return "no subscription tells events of the " + what
		}
	}
	return ""
}
