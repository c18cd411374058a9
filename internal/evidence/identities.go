package evidence

import (
	"fmt"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

const iamDocs = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"

func identityRules() []Rule {
	return []Rule{
		{"SB-IAM-01", "No policy allows all actions, or all of a service",
			"A wildcard grants also what AWS adds tomorrow.",
			High, iamDocs + "best-practices.html#grant-least-privilege",
			relatedTo("IAM.1", "IAM.21").and(Controls{CIS: []string{"1.16"}, PCI: []string{"7.2.5"}}),
			eachPolicy(func(_ *stack, d iampolicy.Document) string {
				for _, statement := range d.Statements {
					for _, action := range statement.Actions {
						if statement.Effect == iampolicy.Allow && (action == "*" || strings.HasSuffix(action, ":*")) {
							return statement.Sid + " allows " + action
						}
					}
					if statement.Effect == iampolicy.Allow && len(statement.NotActions) > 0 {
						return statement.Sid + " allows all but a list"
					}
				}
				return ""
			})},
		{"SB-IAM-02", "No policy allows decryption with every key",
			"Whoever has such a policy can read what no other policy meant to open.",
			High, keyDocs + "iam-policies-best-practices.html",
			relatedTo("KMS.1", "KMS.2").and(Controls{PCI: []string{"7.2.5"}}),
			eachPolicy(decryptsAll)},
		{"SB-IAM-03", "Nobody outside the account, and nobody without credentials, may assume a role",
			"A role that others can assume is theirs.",
			Critical, iamDocs + "id_roles_update-role-trust-policy.html",
			Controls{NIST: []string{"AC-3", "AC-6"}, PCI: []string{"7.2.5"}},
			every("aws_iam_role", func(s *stack, r template.Resource) string {
				for _, caller := range append(s.strangers(), s.inAccount(),
					iampolicy.Service("stranger.amazonaws.com")) {
					if s.may(r, caller, "sts:AssumeRole", "", nil) {
						return fmt.Sprintf("%s may assume it", caller)
					}
				}
				return ""
			})},
		{"SB-IAM-04", "A service assumes a role for the account's own resources only",
			"A service works for every customer: without a condition it can be led to use this role for another one. " +
				"CloudTrail is exempt: with a condition on its trail it stops delivering.",
			Medium, iamDocs + "confused-deputy.html",
			Controls{NIST: []string{"AC-3", "AC-6"}, PCI: []string{"7.2.5"}},
			every("aws_iam_role", refusesDeputies)},
		{"SB-IAM-05", "Roles have the policies that the stack makes, and Terraform takes away any other",
			"A policy that somebody attaches by hand stays until somebody notices it.",
			Medium, "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/" +
				"iam_role_policy_attachments_exclusive",
			Controls{NIST: []string{"AC-6", "CM-6"}, PCI: []string{"7.2.5"}},
			every("aws_iam_role", hasOwnPoliciesOnly)},
	}
}

// decryptsAll asks with a key of nobody. As Security Hub does, it takes no account of conditions.
func decryptsAll(s *stack, d iampolicy.Document) string {
	for _, action := range []string{"kms:Decrypt", "kms:ReEncryptFrom"} {
		said := d.Explain(iampolicy.Request{Caller: s.inAccount(), Action: action,
			Resource: s.access.Env().ARN("kms", "key/of-nobody")})
		for _, trace := range said.Statements {
			if trace.Statement.Effect == iampolicy.Allow && (trace.Applies() ||
				trace.IsNear() && trace.Mismatches[0].Element == iampolicy.ConditionElement) {
				return trace.Statement.Sid + " allows " + action + " with any key"
			}
		}
	}
	return ""
}

// eachPolicy looks at each policy of identities.
func eachPolicy(look func(s *stack, d iampolicy.Document) string) check {
	return func(s *stack) []Finding {
		var findings []Finding
		for _, resourceType := range []string{"aws_iam_policy", "aws_iam_role_policy"} {
			for _, r := range s.OfType(resourceType) {
				document, _ := s.access.Document(r, "policy")
				findings = append(findings, Finding{r.Address, look(s, document)})
			}
		}
		return findings
	}
}

// refusesDeputies asks a trust policy for services that work for another account.
func refusesDeputies(s *stack, role template.Resource) string {
	policy := s.access.PolicyOf(role)
	if policy == nil {
		return "it has no trust policy"
	}
	for _, statement := range policy.Document.Statements {
		for _, service := range statement.Principal.Service {
			if service == "cloudtrail.amazonaws.com" {
				continue
			}
			foreign := map[string][]string{"aws:SourceAccount": {stranger}, "aws:SourceArn": {
				s.access.Env().AccountARN(strings.SplitN(service, ".", 2)[0], stranger, "x")}}
			for _, context := range []map[string][]string{nil, foreign} {
				if s.may(role, iampolicy.Service(service), "sts:AssumeRole", "", context) {
					return service + " may assume it for any account"
				}
			}
		}
	}
	return ""
}

func hasOwnPoliciesOnly(s *stack, role template.Resource) string {
	for _, attachment := range s.OfType("aws_iam_role_policy_attachment") {
		if of, _ := attachment.Reference("role"); of != role.Address {
			continue
		}
		if policy, exists := s.refers(attachment, "policy_arn"); !exists || policy.Type != "aws_iam_policy" {
			return attachment.Address + " attaches a policy that is not of the stack"
		}
	}
	for _, exclusive := range []string{"aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive"} {
		if _, exists := s.of(exclusive, "role_name", role.Address); !exists {
			return "it has no " + exclusive
		}
	}
	return ""
}
