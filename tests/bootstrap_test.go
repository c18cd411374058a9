package tests

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/constructs/pipeline"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/testkit"
	"securebaseline/stacks"
)

const stateBucketName = "acme-pipeline-state-prod-" + account + "-" + region

// ofPipeline are settings by which workflows of a repository deploy.
func ofPipeline(more testkit.Settings) testkit.Settings {
	settings := testkit.WithPipeline()
	settings["accountId"] = account
	for path, value := range more {
		settings[path] = value
	}
	return settings
}

func bootstrapped(t *testing.T, environment string, settings testkit.Settings) testkit.Stack {
	t.Helper()
	return testkit.Parse(t, testkit.BootstrapJSON(t, environment, settings))
}

func TestBootstrapStack(t *testing.T) {
	stack := bootstrapped(t, "dev", ofPipeline(testkit.Settings{"tags": map[string]any{"Team": "blue"}}))
	for _, resource := range stack.All() {
		tags, isTagged := resource.Attributes["tags"].(map[string]any)
		if !isTagged {
			continue
		}
		for _, key := range append(naming.RequiredTags(), "Team") {
			assert.NotEmpty(t, tags[key], "%s has no tag %s", resource.Address, key)
		}
	}
	for _, address := range []string{
		stack.Address(t, "aws_kms_key", "state-key/Resource"),
		stack.Address(t, "aws_s3_bucket", "state-bucket/Resource"),
		stack.Address(t, "aws_s3_bucket", "state-access-logs-bucket/Resource"),
	} {
		resource := stack.Get(t, address)
		assert.Equal(t, true, resource.Value("lifecycle", "prevent_destroy"), "%s: also in dev", address)
		assert.NotEqual(t, true, resource.Attributes["force_destroy"], address)
	}
	provider := stack.At(t, "aws_iam_openid_connect_provider", "pipeline/github")
	assert.Equal(t, []any{"https://token.actions.githubusercontent.com", []any{"sts.amazonaws.com"}},
		[]any{provider.Attributes["url"], provider.Attributes["client_id_list"]})
	assert.Equal(t, map[string]any{"s3": map[string]any{
		"bucket": "acme-pipeline-state-dev-" + account + "-" + region, "key": "acme/dev/bootstrap.tfstate",
		"region": region, "use_lockfile": true, "allowed_account_ids": []any{account},
	}}, stack.Terraform["backend"], "no encrypt: the key is the bucket's default, and has no id yet")
}

// TestBootstrapKeepsToAnotherBucket makes no bucket where the configuration names one, and no provider where the
// account has it.
func TestBootstrapKeepsToAnotherBucket(t *testing.T) {
	stack := bootstrapped(t, "prod", ofPipeline(testkit.Settings{"pipeline.existingProvider": true,
		"backend": map[string]any{"type": "s3", "bucket": "central", "region": region, "kmsKeyArn": centralKey}}))
	assert.Empty(t, stack.OfType("aws_s3_bucket"))
	assert.Empty(t, stack.OfType("aws_kms_key"))
	assert.Empty(t, stack.OfType("aws_iam_openid_connect_provider"))
	assert.Len(t, stack.OfType("aws_iam_role"), 2)
	backend := stack.Terraform["backend"].(map[string]any)["s3"].(map[string]any)
	assert.Equal(t, []any{"central", "acme/prod/bootstrap.tfstate", true, centralKey},
		[]any{backend["bucket"], backend["key"], backend["encrypt"], backend["kms_key_id"]})
}

const centralKey = "arn:aws:kms:" + region + ":" + account + ":key/1234abcd-12ab-44cd-86ef-1234567890ab"

// TestOnlyTheWorkflowsAssumeTheRoles asks the trust policies what GitHub's tokens may do.
func TestOnlyTheWorkflowsAssumeTheRoles(t *testing.T) {
	const (
		issuer  = "token.actions.githubusercontent.com"
		subject = "repo:acme-12/infrastructure-34"
		files   = testkit.Repository + "/.github/workflows/"
	)
	stack := bootstrapped(t, "prod", ofPipeline(testkit.Settings{"pipeline.subject": subject}))
	github := iampolicy.Federated("arn:aws:iam::" + account + ":oidc-provider/" + issuer)
	token := func(subject, file string) requestContext {
		return requestContext{issuer + ":aud": "sts.amazonaws.com", issuer + ":sub": subject,
			issuer + ":job_workflow_ref": file}
	}
	deploys := token(subject+":environment:prod", files+"deploy.yml@refs/heads/main")
	pulls := token(subject+":pull_request", files+"pull-request.yml@refs/pull/7/merge")
	pushes := token(subject+":ref:refs/heads/main", files+"deploy.yml@refs/heads/main")
	drifts := token(subject+":ref:refs/heads/main", files+"drift.yml@refs/heads/main")
	const assume = "sts:AssumeRoleWithWebIdentity"
	const no = iampolicy.ImplicitDeny
	role := func(name string) iampolicy.Document {
		return stack.At(t, "aws_iam_role", "pipeline/"+name+"/Resource").Policy(t, "assume_role_policy")
	}
	t.Run("deploy", func(t *testing.T) {
		assertDecisions(t, role("deploy"), "*", []request{
			{"a job of the environment", github, assume, deploys, iampolicy.Allowed},
			{"a job without an environment", github, assume, pushes, no},
			{"a pull request", github, assume, pulls, no},
			{"a pull request that names the environment", github, assume,
				token(subject+":environment:prod", files+"pull-request.yml@refs/pull/7/merge"), no},
			{"another branch", github, assume,
				token(subject+":environment:prod", files+"deploy.yml@refs/heads/mine"), no},
			{"another workflow", github, assume,
				token(subject+":environment:prod", files+"other.yml@refs/heads/main"), no},
			{"another environment", github, assume, deploys.with(issuer+":sub", subject+":environment:dev"), no},
			{"another repository", github, assume,
				token("repo:acme-12/other-56:environment:prod",
					"acme/other/.github/workflows/deploy.yml@refs/heads/main"), no},
			{"a repository that took over the name", github, assume,
				deploys.with(issuer+":sub", "repo:acme-99/infrastructure-98:environment:prod"), no},
			{"the old form of the subject", github, assume,
				deploys.with(issuer+":sub", "repo:acme/infrastructure:environment:prod"), no},
			{"a token for somebody else", github, assume, deploys.with(issuer+":aud", "sigstore"), no},
			{"a token without the claim of the file", github, assume, requestContext{
				issuer + ":aud": "sts.amazonaws.com", issuer + ":sub": subject + ":environment:prod"}, no},
			{"another provider", iampolicy.Federated("arn:aws:iam::" + account + ":oidc-provider/gitlab.com"), assume,
				deploys, no},
			{"a role of the account", iampolicy.Role(workload), "sts:AssumeRole", nil, no},
		})
	})
	t.Run("plan", func(t *testing.T) {
		assertDecisions(t, role("plan"), "*", []request{
			{"a pull request", github, assume, pulls, iampolicy.Allowed},
			{"the branch", github, assume, pushes, iampolicy.Allowed},
			{"the nightly check", github, assume, drifts, iampolicy.Allowed},
			{"a pull request by another workflow", github, assume,
				token(subject+":pull_request", files+"other.yml@refs/pull/7/merge"), no},
			{"another branch", github, assume,
				token(subject+":ref:refs/heads/mine", files+"deploy.yml@refs/heads/mine"), no},
		})
	})
}

// TestTrustedWorkflowsExist keeps the trust policies and the workflows together.
func TestTrustedWorkflowsExist(t *testing.T) {
	for _, file := range []string{pipeline.PullRequestWorkflow, pipeline.DeployWorkflow, pipeline.DriftWorkflow} {
		assert.FileExists(t, filepath.Join(testkit.Root(t), file))
	}
}

// TestRunnersAndPeopleAssumeTheRoles is for pipelines elsewhere.
func TestRunnersAndPeopleAssumeTheRoles(t *testing.T) {
	const runner = "arn:aws:iam::" + foreign + ":role/runner"
	stack := bootstrapped(t, "prod", testkit.Settings{"accountId": account,
		"pipeline.principals": []string{runner}})
	assert.Empty(t, stack.OfType("aws_iam_openid_connect_provider"))
	for _, name := range []string{"plan", "deploy"} {
		trust := stack.At(t, "aws_iam_role", "pipeline/"+name+"/Resource").Policy(t, "assume_role_policy")
		assertDecisions(t, trust, "*", []request{
			{name + " by the runner", iampolicy.Role(runner), "sts:AssumeRole", nil, iampolicy.Allowed},
			{name + " by another", iampolicy.Role(workload), "sts:AssumeRole", nil, iampolicy.ImplicitDeny},
		})
	}
}

// TestStateBucketPolicy asks for the bucket what Terraform's backend does, with and without a key in the configuration.
func TestStateBucketPolicy(t *testing.T) {
	stack := bootstrapped(t, "prod", ofPipeline(nil))
	policy, key := bucketPolicy(t, stack, "state"), testkit.KeyARN("state")
	role := iampolicy.Role("arn:aws:iam::" + account + ":role/acme-pipeline-deploy-prod")
	object := "arn:aws:s3:::" + stateBucketName + "/acme/prod/baseline.tfstate"
	own := func(context requestContext) requestContext { return context.with("aws:PrincipalAccount", account) }
	rows := append(transport(role, requestContext{sse: "aws:kms", sseKey: key}), encrypted(role, key, left)...)
	for i, row := range rows {
		if row.want != iampolicy.ExplicitDeny && row.caller == role {
			rows[i].context = own(row.context)
		}
	}
	rows = append(rows, request{"another account: the perimeter holds whatever IAM says",
		iampolicy.Role("arn:aws:iam::" + foreign + ":role/x"), "s3:GetObject",
		over("1.3", requestContext{"aws:PrincipalAccount": foreign}), iampolicy.ExplicitDeny})
	kept := rows[:0]
	for _, row := range rows {
		if row.caller == role || row.want == iampolicy.ExplicitDeny {
			kept = append(kept, row) // others meet the perimeter first
		}
	}
	assertDecisions(t, policy, object, kept)
}

// TestDeployRoleUsesTheStateAndItsKey puts the requests of the backend to the roles as they are deployed, with the
// policies of bucket and key.
func TestDeployRoleUsesTheStateAndItsKey(t *testing.T) {
	stack := bootstrapped(t, "prod", ofPipeline(nil))
	key, keyARN := stack.At(t, "aws_kms_key", "state-key/Resource").Policy(t, "policy"), testkit.KeyARN("state")
	const bucket = "arn:aws:s3:::" + stateBucketName
	const state = bucket + "/acme/prod/baseline.tfstate"
	throughS3 := requestContext{"kms:ViaService": "s3." + region + ".amazonaws.com",
		"kms:EncryptionContext:aws:s3:arn": bucket}
	for _, row := range []struct {
		role, action, resource string
		context                requestContext
		want                   iampolicy.Decision
	}{
		{"deploy", "s3:GetObject", state, nil, iampolicy.Allowed},
		{"deploy", "s3:PutObject", state, nil, iampolicy.Allowed},
		{"deploy", "s3:PutObject", state + ".tflock", nil, iampolicy.Allowed},
		{"plan", "s3:GetObject", state, nil, iampolicy.Allowed},
		{"plan", "s3:PutObject", state + ".tflock", nil, iampolicy.Allowed},
		{"plan", "s3:DeleteObject", state + ".tflock", nil, iampolicy.Allowed},
		{"plan", "s3:PutObject", state, nil, iampolicy.ImplicitDeny},
		{"deploy", "s3:GetObject", bucket + "/acme/prod/bootstrap.tfstate", nil, iampolicy.ImplicitDeny},
		{"deploy", "s3:DeleteObjectVersion", state, nil, iampolicy.ExplicitDeny},
		{"deploy", "s3:PutBucketPolicy", bucket, nil, iampolicy.ExplicitDeny},
		{"deploy", "s3:PutBucketVersioning", bucket, nil, iampolicy.ExplicitDeny},
		{"deploy", "s3:PutBucketPolicy", "arn:aws:s3:::acme-pipeline-state-access-logs-prod-" + account + "-" +
			region, nil, iampolicy.ExplicitDeny},
		{"deploy", "kms:GenerateDataKey", keyARN, throughS3, iampolicy.Allowed},
		{"plan", "kms:Decrypt", keyARN, throughS3, iampolicy.Allowed},
		{"deploy", "kms:Decrypt", keyARN, nil, iampolicy.ImplicitDeny},
		{"deploy", "kms:PutKeyPolicy", keyARN, ownTags, iampolicy.ExplicitDeny},
		{"deploy", "kms:UntagResource", keyARN, ownTags, iampolicy.ExplicitDeny},
		{"deploy", "kms:DeleteAlias", keyARN, ownTags, iampolicy.ExplicitDeny},
		{"deploy", "kms:ScheduleKeyDeletion", keyARN, ownTags, iampolicy.ExplicitDeny},
	} {
		var policies []iampolicy.Document
		for _, policy := range stack.OfType("aws_iam_policy") {
			if name := policy.Text(t, "name"); len(name) > len("acme-pipeline-"+row.role) &&
				name[:len("acme-pipeline-"+row.role)] == "acme-pipeline-"+row.role {
				policies = append(policies, policy.Policy(t, "policy"))
			}
		}
		require.NotEmpty(t, policies)
		applied := iampolicy.Policies{Identity: policies}
		if row.resource == keyARN {
			applied.Resource, applied.ResourceKind = &key, iampolicy.KeyPolicy
		}
		got := iampolicy.Decide(iampolicy.Request{
			Caller: iampolicy.Role("arn:aws:iam::" + account + ":role/acme-pipeline-" + row.role + "-prod"),
			Action: row.action, Resource: row.resource, Context: row.context.lists(),
		}, applied)
		assert.Equal(t, row.want.String(), got.String(), "%s: %s on %s", row.role, row.action, row.resource)
	}
}

// ownTags are those by which the deploy role knows what belongs to the stack.
var ownTags = requestContext{"aws:ResourceTag/Project": "acme", "aws:ResourceTag/Environment": "prod"}

func TestBootstrapRefuses(t *testing.T) {
	for want, settings := range map[string]testkit.Settings{
		"pipeline.repository: must be set, or pipeline.principals, to say who may assume the roles": {
			"accountId": account},
		`backend.type = "cloud": must be "local" or "s3" to bootstrap an account; docs/deploying.md says what HCP ` +
			"Terraform needs": ofPipeline(testkit.Settings{"backend": map[string]any{"type": "cloud",
			"organization": "acme"}}),
		`backend.key = "{project}/{environment}/bootstrap.tfstate": must be another, this is where the bootstrap ` +
			"stack keeps its own state": ofPipeline(testkit.Settings{"backend": map[string]any{"type": "s3",
			"bucket": "central", "region": region, "key": "{project}/{environment}/bootstrap.tfstate"}}),
	} {
		_, err := stacks.PlanBootstrap(testkit.Load(t, "prod", settings))
		assert.EqualError(t, err, want)
	}
	_, err := stacks.PlanBootstrap(testkit.Load(t, "dev", testkit.WithPipeline()))
	assert.EqualError(t, err, "accountId: must be set, because roles and policies name ARNs of the account")
}
