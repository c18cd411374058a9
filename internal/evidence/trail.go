package evidence

import (
	"fmt"
	"strings"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const trailDocs = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"

func trailRules() []Rule {
	const trail = "aws_cloudtrail"
	return []Rule{
		{"SB-CT-01", "The audit trail records management events of all regions, reads and writes",
			"What happens in a region that is not recorded cannot be reconstructed.",
			Critical, trailDocs + "receive-cloudtrail-log-files-from-multiple-regions.html",
			relatedTo("CloudTrail.1", "CloudTrail.3"),
			every(trail, recordsAll)},
		{"SB-CT-02", "The audit trail is encrypted with a key of the account",
			"Whoever reads the trail knows what there is to attack.",
			Medium, trailDocs + "encrypting-cloudtrail-log-files-with-aws-kms.html",
			relatedTo("CloudTrail.2"),
			every(trail, keyOf("kms_key_id"))},
		{"SB-CT-03", "Files of the audit trail can be validated",
			"Without digests nobody can prove that no file was changed or removed.",
			Medium, trailDocs + "cloudtrail-log-file-validation-intro.html",
			relatedTo("CloudTrail.4"),
			is(trail, true, "enable_log_file_validation")},
		{"SB-CT-04", "The audit trail is delivered to a log group of the stack",
			"Alarms look at the log group; files in a bucket wake nobody.",
			Medium, trailDocs + "monitor-cloudtrail-log-files-with-cloudwatch-logs.html",
			relatedTo("CloudTrail.5").and(Controls{PCI: []string{"10.4.1.1"}}),
			every(trail, func(s *stack, r template.Resource) string {
				if _, exists := s.groupOf(r); !exists {
					return "cloud_watch_logs_group_arn leads to no log group of the stack"
				}
				return ""
			})},
		{"SB-CT-05", "CloudTrail may write what it must: the files, with their key, and the log group",
			"A trail that may not write is refused, or falls silent when a policy changes.",
			High, trailDocs + "create-s3-bucket-policy-for-cloudtrail.html",
			relatedTo("CloudTrail.1", "CloudTrail.5").and(Controls{PCI: []string{"10.2.1"}}),
			every(trail, isDelivered)},
		{"SB-CT-06", "Access to the bucket of the audit trail is logged",
			"Who has read or deleted evidence must show.",
			Low, trailDocs + "best-practices-security.html",
			relatedTo("CloudTrail.7", "S3.9"),
			every(trail, func(s *stack, r template.Resource) string {
				bucket, exists := s.bucketNamed(r.Attributes["s3_bucket_name"])
				if !exists {
					return "s3_bucket_name is no bucket of the stack"
				}
				if _, logged := s.of("aws_s3_bucket_logging", "bucket", bucket.Address); !logged {
					return bucket.Address + " has no access log"
				}
				return ""
			})},
	}
}

// recordsAll looks at what a trail records.
func recordsAll(_ *stack, r template.Resource) string {
	for _, attribute := range []string{"is_multi_region_trail", "include_global_service_events", "enable_logging"} {
		if r.Attributes[attribute] != true {
			return attribute + " is not true"
		}
	}
	selectors := template.Objects(r.Attributes["advanced_event_selector"])
	basic := template.Objects(r.Attributes["event_selector"])
	if len(selectors)+len(basic) == 0 {
		return "" // what CloudTrail does when not told
	}
	for _, selector := range basic {
		if kind := selector["read_write_type"]; selector["include_management_events"] != false &&
			(kind == nil || kind == "All") && len(template.Texts(selector["exclude_management_event_sources"])) == 0 {
			return ""
		}
	}
	for _, selector := range selectors {
		management, limited := false, false
		for _, field := range template.Objects(selector["field_selector"]) {
			switch field["field"] {
			case "eventCategory":
				management = fmt.Sprint(template.Texts(field["equals"])) == "[Management]"
			default:
				limited = true
			}
		}
		if management && !limited {
			return ""
		}
	}
	return "no selector records all management events"
}

// keyOf looks whether an attribute refers to a key of the stack.
func keyOf(attribute string) func(s *stack, r template.Resource) string {
	return func(s *stack, r template.Resource) string {
		if key, exists := s.refers(r, attribute); !exists || key.Type != "aws_kms_key" {
			return fmt.Sprintf("%s is %s, not a key of the stack", attribute, shown(r.Attributes[attribute]))
		}
		return ""
	}
}

// groupOf is the log group of a trail; CloudTrail takes its ARN only with ":*".
func (s *stack) groupOf(trail template.Resource) (template.Resource, bool) {
	text, _ := trail.String("cloud_watch_logs_group_arn")
	address, _ := template.ReferenceIn(strings.TrimSuffix(text, ":*"))
	return s.Resource(address)
}

// isDelivered asks bucket, key and role of a trail what CloudTrail asks of them.
func isDelivered(s *stack, trail template.Resource) string {
	bucket, exists := s.bucketNamed(trail.Attributes["s3_bucket_name"])
	if !exists {
		return "s3_bucket_name is no bucket of the stack"
	}
	file := s.access.Name(bucket) + "/AWSLogs/" + s.access.Env().AccountID() + "/CloudTrail/x"
	if fault := s.refused(
		access.Question{As: "cloudtrail.amazonaws.com", Do: "s3:GetBucketAcl", On: s.access.Name(bucket)},
		access.Question{As: "cloudtrail.amazonaws.com", Do: "s3:PutObject", On: file},
	); fault != "" {
		return fault
	}
	group, exists := s.groupOf(trail)
	role, hasRole := s.refers(trail, "cloud_watch_logs_role_arn")
	if !exists || !hasRole {
		return "" // SB-CT-04 tells
	}
	stream := ":log-stream:" + s.access.Env().AccountID() + "_CloudTrail_" + s.access.Env().Region()
	return s.roleDelivers("cloudtrail.amazonaws.com", role, group, stream)
}

// roleDelivers asks whether a service may take a role, and the role may write a stream of a log group.
func (s *stack) roleDelivers(service string, role, group template.Resource, stream string) string {
	target := s.access.Name(group) + stream
	return s.refused(
		access.Question{As: service, Do: "sts:AssumeRole", On: role.Address},
		access.Question{As: role.Address, Do: "logs:CreateLogStream", On: target},
		access.Question{As: role.Address, Do: "logs:PutLogEvents", On: target},
	)
}

// refused says what stands in the way of the first request that is not allowed, or nothing if all are.
func (s *stack) refused(questions ...access.Question) string {
	for _, question := range questions {
		answer, err := s.access.Ask(question)
		if err != nil {
			return err.Error()
		}
		for _, step := range answer.Steps {
			if step.Decision != iampolicy.Allowed {
				return fmt.Sprintf("%s may not %s on %s", answer.Principal.Name, step.Action, step.Resource)
			}
		}
	}
	return ""
}
