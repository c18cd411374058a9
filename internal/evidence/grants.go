package evidence

import (
	"strings"

	"securebaseline/internal/access"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// Grant is a cell of the matrix of access: may a principal do something to a resource?
type Grant struct {
	Principal string `json:"principal"`
	About     string `json:"about"`
	Action    string `json:"action"`
	// Address is that of the resource, Resource the ARN that was asked for.
	Address  string `json:"address"`
	Resource string `json:"resource"`
	Allowed  bool   `json:"allowed"`
	// Steps are the requests that AWS makes of it, each with its decision and the statements behind it.
	Steps []GrantStep `json:"steps"`
	// Missing names policies that bear on the answer and are not in the stack.
	Missing []string `json:"missing"`
}

// GrantStep is one request.
type GrantStep struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
	Decision string `json:"decision"`
	// By lists the statements that decide: policy, then Sid.
	By []string `json:"by"`
}

// asked are the actions that the matrix asks about, by the type of resource.
var asked = []struct {
	resourceType string
	actions      []string
}{
	{"aws_s3_bucket", []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket",
		"s3:PutBucketPolicy"}},
	{"aws_kms_key", []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"}},
	{"aws_sns_topic", []string{"sns:Publish", "sns:Subscribe"}},
	{"aws_cloudwatch_log_group", []string{"logs:PutLogEvents", "logs:GetLogEvents", "logs:DeleteLogGroup"}},
	{"aws_iam_role", []string{"sts:AssumeRole"}},
	{"aws_db_instance", []string{"rds-db:connect"}},
}

// grants asks for every principal that the stack knows.
func (s *stack) grants() []Grant {
	all := []Grant{}
	principals := s.access.Principals()
	for _, row := range asked {
		for _, r := range s.OfType(row.resourceType) {
			for _, action := range row.actions {
				for _, p := range principals {
					all = append(all, grantOf(s.access.AskAbout(p, action, r, s.inside(r, action)), r))
				}
			}
		}
	}
	return all
}

// inside is what the matrix asks for of a resource: where its writer writes.
func (s *stack) inside(r template.Resource, action string) string {
	account, region := s.access.Env().AccountID(), s.access.Env().Region()
	for _, trail := range s.OfType("aws_cloudtrail") {
		group, _ := s.groupOf(trail)
		switch {
		case trail.Attributes["s3_bucket_name"] == r.Attributes["bucket"] && strings.Contains(action, "Object"):
			return "/AWSLogs/" + account + "/CloudTrail/object"
		case group.Address == r.Address && strings.HasSuffix(action, "LogEvents"):
			return ":log-stream:" + account + "_CloudTrail_" + region
		}
	}
	if action == "rds-db:connect" {
		return "/" + s.databaseUser()
	}
	return ""
}

// databaseUser is a user of a database whom a policy of the stack lets in.
func (s *stack) databaseUser() string {
	for _, policy := range s.OfType("aws_iam_policy") {
		document, _ := s.access.Document(policy, "policy")
		for _, statement := range document.Statements {
			for _, resource := range statement.Resources {
				if strings.Contains(resource, ":dbuser:") {
					return resource[strings.LastIndex(resource, "/")+1:]
				}
			}
		}
	}
	return "user"
}

func grantOf(a access.Answer, r template.Resource) Grant {
	g := Grant{a.Principal.Name, a.Principal.About, a.Action, r.Address, a.Resource, a.Allowed(), nil,
		append([]string{}, a.Missing...)}
	for _, step := range a.Steps {
		effect := iampolicy.Allow
		if step.Decision == iampolicy.ExplicitDeny {
			effect = iampolicy.Deny
		}
		by := []string{}
		for _, opinion := range step.Opinions {
			for _, trace := range opinion.Said.Applied(effect) {
				by = append(by, opinion.String()+": "+trace.Statement.Sid)
			}
		}
		if len(by) == 0 && step.Decision == iampolicy.Allowed {
			by = append(by, access.NeedsNone)
		}
		g.Steps = append(g.Steps, GrantStep{step.Action, step.Resource, step.Decision.String(), by})
	}
	return g
}
