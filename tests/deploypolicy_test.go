package tests

import (
	"bufio"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/deploypolicy"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/testkit"
)

// stateBucket is where the rehearsal keeps the state.
const stateBucket = "rehearsal-state"

// recordedAccounts are those of the rehearsal by environment.
var recordedAccounts = map[string]string{"dev": account, "prod": "444455556666"}

// question is a request that the rehearsal has recorded of the provider, as AWS asks the policies about it.
type question struct {
	Action, Resource string
	Context          map[string]string
}

// recorded reads what the provider asked in the rehearsal: "make rehearse" with -rehearsal.record writes it.
func recorded(t *testing.T, environment string) []question {
	t.Helper()
	var all []question
	lines := bufio.NewScanner(strings.NewReader(testkit.ReadFile(t, "testdata", "calls", environment+".jsonl")))
	for lines.Scan() {
		var one question
		require.NoError(t, json.Unmarshal(lines.Bytes(), &one))
		all = append(all, one)
	}
	require.Greater(t, len(all), 200)
	return all
}

// rolePolicies is a role of the pipeline with its policies.
type rolePolicies struct {
	role     iampolicy.Caller
	policies []iampolicy.Document
}

func (p rolePolicies) decide(q question) iampolicy.Decision {
	context := map[string][]string{}
	for key, value := range q.Context {
		context[key] = []string{value}
	}
	return iampolicy.Decide(
		iampolicy.Request{Caller: p.role, Action: q.Action, Resource: q.Resource, Context: context},
		iampolicy.Policies{Identity: p.policies})
}

// pipelineOf derives the roles for an environment whose state is in a bucket.
func pipelineOf(t *testing.T, environment string, settings testkit.Settings) (deploy, plan rolePolicies,
	documents deploypolicy.Documents) {
	t.Helper()
	id := recordedAccounts[environment]
	all := testkit.Settings{"accountId": id, "backend": map[string]any{"type": "s3", "bucket": stateBucket,
		"region": region}}
	for path, value := range settings {
		all[path] = value
	}
	documents, err := deploypolicy.For(testkit.SynthesizeAlways(t, environment, all).Template, deploypolicy.Options{})
	require.NoError(t, err)
	role := func(name string, texts []string) rolePolicies {
		arn := "arn:aws:iam::" + id + ":role/acme-pipeline-" + name + "-" + environment
		p := rolePolicies{role: iampolicy.Role(arn)}
		for _, text := range texts {
			policy, err := iampolicy.Parse(text)
			require.NoError(t, err)
			p.policies = append(p.policies, policy)
		}
		return p
	}
	return role("deploy", documents.Deploy), role("plan", documents.Plan), documents
}

// isRead reports whether an action only reads.
func isRead(action string) bool {
	_, name, _ := strings.Cut(action, ":")
	if action == "s3:ListBucketVersions" {
		return false // it finds what is to be deleted
	}
	return slices.ContainsFunc([]string{"Describe", "Get", "List"}, func(verb string) bool {
		return strings.HasPrefix(name, verb)
	})
}

// TestDeployRoleMayDoWhatTheProviderDoes puts every recorded request to the deploy role, and to the plan role, which
// may only read, and lock the state.
func TestDeployRoleMayDoWhatTheProviderDoes(t *testing.T) {
	for environment := range recordedAccounts {
		deploy, plan, _ := pipelineOf(t, environment, nil)
		for _, q := range recorded(t, environment) {
			assert.Equal(t, iampolicy.Allowed, deploy.decide(q), "%s: %v", environment, q)
			want := iampolicy.ImplicitDeny
			if isRead(q.Action) || strings.HasSuffix(q.Resource, ".tflock") {
				want = iampolicy.Allowed
			}
			assert.Equal(t, want, plan.decide(q), "%s: plan: %v", environment, q)
		}
	}
}

// unrecorded are the actions that no recorded request needs, with the reason why the roles have them.
var unrecorded = map[string]string{
	"cloudtrail:GetEventSelectors": "the provider asks once AWS says that the trail has selectors, which the " +
		"emulator does not",
	"cloudtrail:GetInsightSelectors": insights, "cloudtrail:PutInsightSelectors": insights,
	"cloudtrail:RemoveTags": tagChange, "cloudtrail:UpdateTrail": "a setting of the trail changes in place",
	"cloudwatch:UntagResource": tagChange, "ec2:AssociateSubnetCidrBlock": ipv6,
	"ec2:AssociateVpcCidrBlock": secondary, "ec2:CreateEgressOnlyInternetGateway": ipv6,
	"ec2:DeleteEgressOnlyInternetGateway": ipv6, "ec2:DeleteTags": tagChange,
	"ec2:DescribeEgressOnlyInternetGateways":  ipv6,
	"ec2:DescribeVpcBlockPublicAccessOptions": "network.publicAccess", "ec2:DisassociateSubnetCidrBlock": ipv6,
	"ec2:DisassociateVpcCidrBlock": secondary, "ec2:ModifySubnetAttribute": ipv6,
	"iam:CreatePolicyVersion": policyChange, "iam:DeletePolicyVersion": policyChange,
	"iam:CreateServiceLinkedRole":    "RDS has none yet in a new account",
	"iam:PutRolePermissionsBoundary": "permissionsBoundary is set for a stack that has roles already",
	"iam:UntagPolicy":                tagChange, "iam:UntagRole": tagChange,
	"iam:UpdateAssumeRolePolicy": "logging.auditors changes", "iam:UpdateRole": "a release describes a role in " +
		"other words",
	"kms:ListKeys":      "make adopt looks for a key that has no alias yet",
	"kms:UntagResource": tagChange, "kms:UpdateKeyDescription": "a release describes a key in other words",
	"logs:AssociateKmsKey": "a log group that was made by hand is adopted", "logs:UntagResource": tagChange,
	"rds:ModifyEventSubscription": "a release subscribes to other categories", "rds:RemoveTagsFromResource": tagChange,
	"rds:ResetDBParameterGroup":          "a parameter is no longer set",
	"rds:RestoreDBInstanceToPointInTime": "rds.restoreFrom", "sns:UntagResource": tagChange,
}

// Reasons that several actions share.
const (
	insights     = "logging.insights"
	ipv6         = "network.ipv6"
	secondary    = "network.secondaryCidrs"
	tagChange    = "a tag of the configuration changes its name or goes"
	policyChange = "a policy changes in place"
)

// TestDeployRoleMayDoNothingThatNobodyNeeds looks for each allowed action in the recorded requests.
func TestDeployRoleMayDoNothingThatNobodyNeeds(t *testing.T) {
	used := map[string]bool{}
	for environment := range recordedAccounts {
		for _, q := range recorded(t, environment) {
			used[q.Action] = true
		}
	}
	for environment := range recordedAccounts {
		deploy, _, _ := pipelineOf(t, environment, nil)
		for _, policy := range deploy.policies {
			for _, statement := range policy.Statements {
				for _, action := range statement.Actions {
					_, explained := unrecorded[action]
					assert.True(t, used[action] || explained || statement.Effect == iampolicy.Deny, "%s in %s: nobody "+
						"needs it", action, statement.Sid)
				}
			}
		}
	}
	for action := range unrecorded {
		assert.False(t, used[action], "%s is recorded", action)
	}
}

// TestDeployPolicySizes holds what a role takes: ten policies (IAM User Guide, "IAM and AWS STS quotas"). Their lengths
// hold since they could be rendered.
func TestDeployPolicySizes(t *testing.T) {
	check := func(name string, documents deploypolicy.Documents, err error) {
		require.NoError(t, err, name)
		assert.LessOrEqual(t, len(documents.Deploy), 5, name)
		assert.LessOrEqual(t, len(documents.Plan), 2, name)
		for _, text := range append(append(documents.Deploy, documents.Plan...), documents.Boundary) {
			assert.LessOrEqual(t, len(text), iampolicy.IdentityPolicy.MaxSize(), name)
			_, err := iampolicy.Parse(text)
			assert.NoError(t, err, name)
		}
	}
	for _, environment := range testkit.Environments() {
		documents, err := deploypolicy.For(testkit.Synthesize(t, environment, nil).Template,
			deploypolicy.Options{Account: account})
		check(environment, documents, err)
	}
	everything := testkit.Synthesize(t, "prod", testkit.Everything()).Template
	documents, err := deploypolicy.For(everything, deploypolicy.Options{})
	check("everything", documents, err)
	for _, right := range []string{"logs:PutLogEvents", "s3:GetObject", "kms:Decrypt"} {
		assert.Contains(t, documents.Boundary, right, "what service roles and auditors do")
	}
	assert.NotContains(t, documents.Boundary, "iam:")
}

func TestDeployPolicyNeedsAnAccount(t *testing.T) {
	stack := testkit.Synthesize(t, "dev", nil).Template
	_, err := deploypolicy.For(stack, deploypolicy.Options{})
	assert.EqualError(t, err, "accountId: must be set, because the policies name ARNs of the account")
	_, err = deploypolicy.For(stack, deploypolicy.Options{Account: "1234"})
	assert.ErrorContains(t, err, `account = "1234": must be`)
}
