package evidence

import (
	"fmt"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const keyDocs = "https://docs.aws.amazon.com/kms/latest/developerguide/"

func keyRules() []Rule {
	const key = "aws_kms_key"
	return []Rule{
		{"SB-KMS-01", "Keys rotate at least once a year",
			"What one version of a key has encrypted grows without end, and so does what is lost with it.",
			Medium, keyDocs + "rotate-keys.html",
			relatedTo("KMS.4"),
			every(key, func(_ *stack, r template.Resource) string {
				days, isNumber := r.Attributes["rotation_period_in_days"].(float64)
				switch {
				case r.Attributes["enable_key_rotation"] != true:
					return "enable_key_rotation is not true"
				case isNumber && days > 365:
					return fmt.Sprintf("rotation_period_in_days is %v, more than 365", days)
				}
				return ""
			})},
		{"SB-KMS-02", "Nobody outside the account uses or administers a key",
			"A key that others can use protects nothing from them.",
			Critical, keyDocs + "key-policies.html",
			relatedTo("KMS.5").and(Controls{NIST: []string{"AC-3", "AC-6", "SC-12"}, PCI: []string{"3.6.1"}}),
			every(key, func(s *stack, r template.Resource) string {
				throughS3 := access.Context{"kms:ViaService": {s.access.Env().ViaService("s3")}}
				for _, caller := range s.strangers() {
					for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant",
						"kms:PutKeyPolicy", "kms:DescribeKey"} {
						if s.may(r, caller, action, "", throughS3) || s.may(r, caller, action, "", nil) {
							return fmt.Sprintf("%s may %s", caller, action)
						}
					}
				}
				return ""
			})},
		{"SB-KMS-03",
			"The account as a whole uses a key through a service of AWS only, and no one both administers and uses it",
			"Whoever decrypts directly needs no access to the data's own service: its policies protect nothing.",
			High, keyDocs + "conditions-kms.html#conditions-kms-via-service",
			Controls{NIST: []string{"AC-3", "AC-5", "AC-6", "SC-12"}, PCI: []string{"3.6.1"}},
			every(key, func(s *stack, r template.Resource) string {
				for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt",
					"kms:CreateGrant"} {
					if s.may(r, s.root(), action, "", nil) || s.may(r, s.inAccount(), action, "", nil) {
						return "the account may " + action + " directly"
					}
					for _, p := range s.access.Principals() {
						if s.asks(r, p.Caller, "kms:PutKeyPolicy", "", nil) == iampolicy.Allowed &&
							s.asks(r, p.Caller, action, "", nil) == iampolicy.Allowed {
							return p.Name + " may kms:PutKeyPolicy and " + action
						}
					}
				}
				return ""
			})},
		{"SB-KMS-04", "The account alone cannot delete or disable a key",
			"With the key, everything that it has encrypted is gone.",
			High, keyDocs + "deleting-keys.html",
			relatedTo("KMS.3"),
			every(key, func(s *stack, r template.Resource) string {
				for _, action := range []string{"kms:ScheduleKeyDeletion", "kms:DisableKey"} {
					if s.may(r, s.inAccount(), action, "", nil) {
						return "every role of the account that IAM lets may " + action
					}
				}
				return ""
			})},
		{"SB-KMS-05", "Deletion of a key can be cancelled for 30 days",
			"A mistake is noticed after days, not after minutes.",
			Medium, keyDocs + "deleting-keys.html#deleting-keys-how-it-works",
			relatedTo("KMS.3").and(Controls{NIST: []string{"SC-12(1)"}}),
			atLeast(key, 30, "deletion_window_in_days")},
		{"SB-KMS-06", "Somebody can repair the policy of a key",
			"A key whose policy nobody may change cannot be managed any more; AWS Support has to help.",
			Medium, keyDocs + "key-policy-default.html#allow-access-to-account-root",
			Controls{NIST: []string{"SC-12"}},
			every(key, func(s *stack, r template.Resource) string {
				for _, p := range s.access.Principals() {
					if s.may(r, p.Caller, "kms:PutKeyPolicy", "", nil) {
						return ""
					}
				}
				return "nobody may kms:PutKeyPolicy"
			})},
	}
}
