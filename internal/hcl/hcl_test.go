package hcl

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/template"
)

func export(t *testing.T, stack string) (map[string][]byte, error) {
	t.Helper()
	parsed, err := template.Parse([]byte(stack))
	require.NoError(t, err)
	schemas := new(tfjson.ProviderSchemas)
	require.NoError(t, json.Unmarshal([]byte(providers), schemas))
	return Export(parsed, schemas)
}

func TestExport(t *testing.T) {
	exported, err := export(t, written)
	require.NoError(t, err)
	assert.Len(t, exported, len(files))
	for name, want := range files {
		assert.Equal(t, want, string(exported[name]), name)
	}
}

// TestExportLosesNothing puts into the stack, one by one, what Export does not know.
func TestExportLosesNothing(t *testing.T) {
	for _, test := range []struct{ old, replaced, want string }{
		{`"locals":`, `"check": {}, "locals":`, "check cannot be exported"},
		{`"destroy": false`, `"destroy": true`, "removed aws_vpc.former cannot be exported"},
		{`"required_version":`, `"experiments": [], "required_version":`, "terraform: experiments cannot be exported"},
		{`"sensitive": true`, `"new": true`, "output.vpc: new cannot be exported"},
		{`"type": "list(string)"`, `"new": true`, "var.zones: new cannot be exported"},
		{`"id": "vpc-1"`, `"identity": {}`, "import aws_vpc.network: identity cannot be exported"},
		{`"prevent_destroy"`, `"new"`, "aws_vpc.network: lifecycle.new cannot be exported"},
		{`"error_message": "two"`, `"new": 1`, "var.zones: validation.new cannot be exported"},
		{`"cidr_block": "10.0.0.0/16"`, `"provisioner": []`,
			"aws_vpc.network: provisioner must be an argument or a block that the provider knows"},
		{`"id": "x"`, `"x": "x"`, "aws_s3_bucket.b: x must be an argument or a block that the provider knows"},
		{`"filter": [{"prefix": ""}]`, `"filter": "${a.b}"`, "aws_s3_bucket.b: filter must be blocks, not ${a.b}"},
		{`"aws_sqs_queue"`, `"aws_unknown"`, "aws_unknown.q: no provider of the stack has the type aws_unknown"},
		{`"hashicorp/aws"`, `"acme/aws"`, "provider.aws: there is no schema of the provider"},
		{`"provider": "aws.west"`, `"provider": 1`, "aws_vpc.network: 1 must be a reference"},
		{`"bucket": "b"`, `"bucket": "${"`, `aws_s3_bucket.b: "${" is no template that Terraform reads`},
	} {
		require.Equal(t, 1, strings.Count(written, test.old), test.old)
		_, err := export(t, strings.Replace(written, test.old, test.replaced, 1))
		assert.ErrorContains(t, err, test.want)
	}
}

func TestRemoteBackends(t *testing.T) {
	for _, kind := range []string{`"cloud": {`, `"backend": {"remote": {`} {
		exported, err := export(t, `{"terraform": {`+kind+`"organization": "acme", "workspaces": {"name": "a"}}}`+
			strings.Repeat("}", strings.Count(kind, "{")))
		require.NoError(t, err)
		assert.Contains(t, string(exported["terraform.tf"]),
			"    organization = \"acme\"\n\n    workspaces {\n      name = \"a\"\n    }\n")
	}
}
