package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/provider6"
	"securebaseline/internal/testkit"
)

func schema6(t *testing.T) provider6.Schema {
	t.Helper()
	schema, err := provider6.Load()
	require.NoError(t, err)
	return schema
}

// TestReadyForProvider6 finds nothing to change in any stack.
func TestReadyForProvider6(t *testing.T) {
	schema := schema6(t)
	assert.Regexp(t, `^6\.\d+\.\d+$`, schema.Version)
	stacks := map[string]testkit.Stack{
		"everything": testkit.Synthesize(t, "prod", testkit.Everything()),
		"database":   testkit.Synthesize(t, "prod", testkit.AllDatabase()),
		"bootstrap":  bootstrapped(t, "prod", testkit.WithPipeline()),
	}
	for _, environment := range testkit.Environments() {
		stacks[environment] = testkit.Synthesize(t, environment, nil)
	}
	for name, stack := range stacks {
		assert.NotEmpty(t, stack.Resources(), name)
		assert.Empty(t, schema.Check(stack.Template), name)
	}
}

// TestProviderVersionChangesNothingElse compares the stack of version 6 with the default.
func TestProviderVersionChangesNothingElse(t *testing.T) {
	with := testkit.Settings{"providerVersion": "~> 6.0"}
	plain, stack := testkit.Synthesize(t, "prod", nil), testkit.Synthesize(t, "prod", with)
	gone, added, changed := difference(plain, stack)
	assert.Equal(t, [][]string{nil, nil, nil}, [][]string{gone, added, changed})
	assert.Equal(t, plain.Output, stack.Output)
	assert.Equal(t, plain.Provider, stack.Provider)
	aws := func(of testkit.Stack) map[string]any {
		return of.Terraform["required_providers"].(map[string]any)["aws"].(map[string]any)
	}
	assert.Equal(t, map[string]any{"source": "hashicorp/aws", "version": "~> 6.0"}, aws(stack))
	aws(stack)["version"] = "~> 5.99"
	assert.Equal(t, plain.Terraform, stack.Terraform)

	assert.Equal(t, "~> 6.0", aws(bootstrapped(t, "prod", ofPipeline(with)))["version"])
}

// planted are changes to the JSON of the stack with everything, each at the first resource of a type.
var planted = []struct {
	kind  provider6.Kind
	of    string // a type
	path  []string
	value any
	want  string // the finding after the address
}{
	{provider6.UnknownArgument, "aws_eip", []string{"vpc"}, true,
		`.vpc = true: must be left out, as 6.66.0 does not have it; set domain = "vpc" instead`},
	{provider6.UnknownArgument, "aws_flow_log", []string{"log_group_name"}, "flows",
		`.log_group_name = "flows": must be left out, as 6.66.0 does not have it; set log_destination to the ARN of ` +
			`the log group instead`},
	{provider6.UnknownArgument, "aws_s3_bucket_versioning", []string{"versioning_configuration", "state"}, "on",
		`.versioning_configuration.state = "on": must be left out, as 6.66.0 does not have it`},
	{provider6.UnknownArgument, "provider.aws", []string{"skip_get_ec2_platforms"}, true,
		`.skip_get_ec2_platforms = true: must be left out, as 6.66.0 does not have it`},
	{provider6.NotSettable, "aws_kms_key", []string{"arn"}, "arn:aws:kms:eu-central-1:777788889999:key/1",
		`.arn = "arn:aws:kms:eu-central-1:777788889999:key/1": must be left out, as the provider alone sets it`},
	{provider6.NotSettable, "aws_db_instance", []string{"master_user_secret"}, []any{map[string]any{"kms_key_id": "1"}},
		`.master_user_secret = [{"kms_key_id":"1"}]: must be left out, as the provider alone sets it`},
	{provider6.MissingArgument, "aws_s3_bucket_versioning", []string{"versioning_configuration", "status"}, nil,
		`.versioning_configuration.status: must be set, as 6.66.0 requires it`},
	{provider6.MissingArgument, "aws_s3_bucket_versioning", []string{"versioning_configuration"}, []any{},
		`.versioning_configuration: must be set, as 6.66.0 requires it`},
	{provider6.MissingArgument, "aws_iam_role", []string{"assume_role_policy"}, nil,
		`.assume_role_policy: must be set, as 6.66.0 requires it`},
	{provider6.RepeatedBlock, "aws_s3_bucket_versioning", []string{"versioning_configuration"},
		[]any{map[string]any{"status": "Enabled"}, map[string]any{"status": "Suspended"}},
		`.versioning_configuration = [{"status":"Enabled"},{"status":"Suspended"}]: must stand there once, not 2 ` +
			`times`},
	{provider6.UnknownAttribute, "aws_kms_key", []string{"description"}, "${aws_vpc.network_0A1B2C3D.name}",
		`.description = "${aws_vpc.network_0A1B2C3D.name}": must refer to what there is, as aws_vpc of 6.66.0 ` +
			`has no name`},
	{provider6.UnknownAttribute, "aws_kms_key", []string{"description"},
		"of ${aws_db_instance.database_0A1B2C3D.master_user_secret[0].arn}",
		`.description = "of ${aws_db_instance.database_0A1B2C3D.master_user_secret[0…: must refer to what there is, ` +
			`as aws_db_instance of 6.66.0 has no master_user_secret.arn`},
	{provider6.UnknownAttribute, "aws_subnet", []string{"lifecycle", "ignore_changes"}, []any{"tags[\"a\"]", "zone"},
		`.lifecycle.ignore_changes[1] = "zone": must name what there is, as aws_subnet of 6.66.0 has no zone`},
	{provider6.UnknownAttribute, "aws_subnet", []string{"lifecycle", "postcondition"},
		[]any{map[string]any{"condition": "${self.zone != \"\"}"}},
		`.lifecycle.postcondition[0].condition = "${self.zone != \"\"}": must refer to what there is, as aws_subnet ` +
			`of 6.66.0 has no zone`},
	{provider6.UnknownAttribute, "aws_subnet", []string{"lifecycle", "replace_triggered_by"},
		[]any{"aws_vpc.network_0A1B2C3D.cidr"},
		`.lifecycle.replace_triggered_by[0] = "${aws_vpc.network_0A1B2C3D.cidr}": must refer to what there is, as ` +
			`aws_vpc of 6.66.0 has no cidr`},
	{provider6.UnknownAttribute, "terraform_data", []string{"input"}, "${data.aws_caller_identity.current.name}",
		`.input = "${data.aws_caller_identity.current.name}": must refer to what there is, as ` +
			`data.aws_caller_identity of 6.66.0 has no name`},
	{provider6.Deprecated, "aws_s3_bucket", []string{"acl"}, "private",
		`.acl = "private": must be replaced before a later major version: use aws_s3_bucket_acl`},
	{provider6.Deprecated, "aws_iam_role", []string{"managed_policy_arns"}, []any{},
		`.managed_policy_arns = []: must be replaced before a later major version: use ` +
			`aws_iam_role_policy_attachment, and aws_iam_role_policy_attachments_exclusive`},
	{provider6.Deprecated, "terraform_data", []string{"input"}, "${aws_s3_bucket.data_0A1B2C3D.website_domain}",
		`.input = "${aws_s3_bucket.data_0A1B2C3D.website_domain}": must be replaced before a later major version: ` +
			`refer to aws_s3_bucket_website_configuration`},
	{provider6.UnknownType, "aws_sqs_queue", []string{"name"}, "queue",
		`: must be of a type in the extract of the schema; run go run ./internal/provider6/generate`},
}

// TestProvider6FindsEveryMistake plants one at a time.
func TestProvider6FindsEveryMistake(t *testing.T) {
	stack := testkit.JSON(t, "prod", testkit.Everything())
	for _, mistake := range planted {
		var document map[string]any
		require.NoError(t, json.Unmarshal(stack, &document))
		address := plant(t, document, mistake.of, mistake.path, mistake.value)
		changed, err := json.Marshal(document)
		require.NoError(t, err)
		var found []string
		for _, one := range schema6(t).Check(testkit.Parse(t, changed).Template) {
			found = append(found, string(one.Kind)+" "+one.String())
		}
		want := []string{string(mistake.kind) + " " + address + mistake.want}
		assert.Equal(t, want, found)
	}
}

// plant sets a value at a path of the first resource of a type, which it makes if there is none, or removes what is
// there. It returns the address of the resource.
func plant(t *testing.T, document map[string]any, of string, path []string, value any) string {
	t.Helper()
	var body map[string]any
	address := of + "[0]"
	if of == "provider.aws" {
		body = document["provider"].(map[string]any)["aws"].([]any)[0].(map[string]any)
	} else {
		resources, exist := document["resource"].(map[string]any)[of].(map[string]any)
		if !exist {
			resources = map[string]any{"planted": map[string]any{}}
			document["resource"].(map[string]any)[of] = resources
		}
		name := slices.Sorted(maps.Keys(resources))[0]
		address, body = of+"."+name, resources[name].(map[string]any)
	}
	for _, name := range path[:len(path)-1] {
		inner, isObject := body[name].(map[string]any)
		if !isObject {
			inner = map[string]any{}
			body[name] = inner
		}
		body = inner
	}
	body[path[len(path)-1]] = value
	return address
}
