package evidence

import (
	"fmt"
	"slices"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const logDocs = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"

// logContext is the encryption context of a log group.
const logContext = "kms:EncryptionContext:aws:logs:arn"

func logRules() []Rule {
	const group = "aws_cloudwatch_log_group"
	return []Rule{
		{"SB-LOG-01", "Log groups are encrypted with a key of the account that CloudWatch Logs may use for them",
			"A group that its key does not allow cannot be created, or no longer be read.",
			High, logDocs + "encrypt-log-data-kms.html",
			Controls{NIST: []string{"AU-9", "SC-13", "SC-28", "SC-28(1)"}, PCI: []string{"10.3.2"}},
			every(group, isEncryptedGroup)},
		{"SB-LOG-02", "Log groups are kept for at least a year, and not for ever",
			"An intrusion is often found after months.",
			Medium, logDocs + "Working-with-log-groups-and-streams.html#SettingLogRetention",
			relatedTo("CloudWatch.16").and(Controls{PCI: []string{"10.5.1"}}),
			atLeast(group, 365, "retention_in_days")},
		{"SB-LOG-03", "Keys let CloudWatch Logs encrypt the groups that exist and no others",
			"A grant for what is gone is a grant for whoever creates it again.",
			Low, logDocs + "encrypt-log-data-kms.html",
			Controls{NIST: []string{"AC-6", "SC-12"}},
			every("aws_kms_key", namesNoOtherGroups)},
	}
}

func isEncryptedGroup(s *stack, group template.Resource) string {
	if fault := keyOf("kms_key_id")(s, group); fault != "" {
		return fault
	}
	key, _ := s.refers(group, "kms_key_id")
	arn, _ := s.access.ARN(group)
	service := iampolicy.Service(s.access.Env().RegionalServicePrincipal("logs"))
	for _, action := range []string{"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom",
		"kms:ReEncryptTo"} {
		if s.asks(key, service, action, "", access.Context{logContext: {arn}}) != iampolicy.Allowed {
			return fmt.Sprintf("%s does not let CloudWatch Logs %s for it", key.Address, action)
		}
	}
	return ""
}

func namesNoOtherGroups(s *stack, key template.Resource) string {
	var exist []string
	for _, group := range s.OfType("aws_cloudwatch_log_group") {
		arn, _ := s.access.ARN(group)
		exist = append(exist, arn)
	}
	policy := s.access.PolicyOf(key)
	if policy == nil {
		return "it has no policy"
	}
	for _, statement := range policy.Document.Statements {
		for _, condition := range statement.Conditions {
			for _, arn := range condition.Values {
				if condition.Key == logContext && !slices.Contains(exist, arn) {
					return fmt.Sprintf("%s names %s, which is no group of the stack", statement.Sid, arn)
				}
			}
		}
	}
	return ""
}
