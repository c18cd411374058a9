//go:build provider

package provider

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/diff"
	"securebaseline/internal/template"
	"securebaseline/internal/testkit"
)

var recordPlan = flag.Bool("diff.record", false, "write the plan that internal/diff tests with")

// showJSON plans, and returns what "terraform show -json" writes of the plan.
func showJSON(t *testing.T, tf *tfexec.Terraform) []byte {
	t.Helper()
	_, err := tf.Plan(t.Context(), tfexec.Out("plan"), tfexec.Refresh(false))
	require.NoError(t, err)
	show := exec.Command(testkit.TerraformBinary(), "show", "-json", "plan")
	show.Dir, show.Env = tf.WorkingDir(), append(testkit.PlainEnvironment(), offline...)
	output, err := show.Output()
	require.NoError(t, err)
	return output
}

// resources is the JSON of a stack of nothing but these, by type and name, and moved blocks from one address to another.
func resources(t *testing.T, all map[string]map[string]any, moved ...map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{
			"aws": map[string]any{"source": "hashicorp/aws", "version": "~> 5.99"}}},
		"provider": map[string]any{"aws": []any{map[string]any{"region": testkit.Region}}},
		"resource": all, "moved": moved,
	})
	require.NoError(t, err)
	return data
}

// TestPlanIsReviewed deploys a small stack, changes it, and reviews the plan of the real provider.
func TestPlanIsReviewed(t *testing.T) {
	t.Parallel()
	before := resources(t, smallStack())
	tf := terraform(t, before)
	deploy(t, tf, testkit.Parse(t, before))
	replaceStack(t, tf, resources(t, changedStack(), map[string]any{"from": "aws_cloudwatch_log_group.logs",
		"to": "aws_cloudwatch_log_group.moved"}))
	shown := showJSON(t, tf)
	path := filepath.Join(testkit.Root(t), "internal", "diff", "testdata", "plan.json")
	if *recordPlan {
		require.NoError(t, os.WriteFile(path, shown, 0o644))
	}
	recorded, err := os.ReadFile(path)
	require.NoError(t, err)
	want, err := diff.Plan(recorded)
	require.NoError(t, err)
	got, err := diff.Plan(shown)
	require.NoError(t, err)
	assert.Equal(t, want.Weakenings(), got.Weakenings(), "run with -args -diff.record, and review the difference")
	assert.NotEmpty(t, got.Weakenings())
	assert.NotContains(t, got.Text(), "secret-word")
}

const denyPlainHTTP = `{"Sid":"DenyPlainHTTP","Effect":"Deny","Principal":"*","Action":"s3:*",` +
	`"Resource":["arn:aws:s3:::acme-data","arn:aws:s3:::acme-data/*"],` +
	`"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`

func policy(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

func smallStack() map[string]map[string]any {
	return map[string]map[string]any{
		"aws_kms_key":   {"key": map[string]any{"enable_key_rotation": true, "deletion_window_in_days": 30}},
		"aws_s3_bucket": {"data": map[string]any{"bucket": "acme-data"}},
		"aws_s3_bucket_public_access_block": {"data": map[string]any{"bucket": "acme-data", "block_public_acls": true,
			"block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true}},
		"aws_s3_bucket_policy":     {"data": map[string]any{"bucket": "acme-data", "policy": policy(denyPlainHTTP)}},
		"aws_sns_topic":            {"alarms": map[string]any{"name": "acme-alarms"}},
		"aws_cloudwatch_log_group": {"logs": map[string]any{"name": "acme-logs", "retention_in_days": 365}},
		"aws_security_group": {"database": map[string]any{"name": "acme-database", "vpc_id": "vpc-1", "egress": []any{},
			"ingress": []any{ingress(5432, 5432, "10.0.0.0/16")}}},
		"aws_db_instance": {"database": map[string]any{"identifier": "acme", "engine": "postgres", "engine_version": "17",
			"instance_class": "db.t4g.medium", "allocated_storage": 20, "username": "dbadmin", "password": "secret-word-1",
			"backup_retention_period": 35, "storage_encrypted": true}},
		"aws_iam_role": {"role": map[string]any{"name": "acme", "assume_role_policy": policy(`{"Sid":"Trust","Effect":` +
			`"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`)}},
	}
}

func changedStack() map[string]map[string]any {
	all := smallStack()
	all["aws_kms_key"]["key"].(map[string]any)["enable_key_rotation"] = false
	all["aws_s3_bucket"]["data"] = map[string]any{"bucket": "acme-data-2", "tags": map[string]any{"Owner": "b"}}
	all["aws_s3_bucket_public_access_block"]["data"].(map[string]any)["block_public_policy"] = false
	all["aws_s3_bucket_policy"]["data"].(map[string]any)["policy"] = policy(
		`{"Sid":"Read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + testkit.ForeignAccount + `:root"},` +
			`"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-data/*"}`)
	delete(all, "aws_sns_topic")
	all["aws_cloudwatch_log_group"] = map[string]any{"moved": map[string]any{"name": "acme-logs", "retention_in_days": 30}}
	all["aws_security_group"]["database"].(map[string]any)["ingress"] = []any{ingress(22, 5432, "0.0.0.0/0")}
	database := all["aws_db_instance"]["database"].(map[string]any)
	database["password"], database["backup_retention_period"] = "secret-word-2", 1
	database["kms_key_id"] = "${aws_kms_key.new.arn}"
	all["aws_kms_key"]["new"] = map[string]any{}
	all["aws_iam_role_policy_attachment"] = map[string]any{"admin": map[string]any{"role": "${aws_iam_role.role.name}",
		"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}}
	return all
}

func ingress(from, to int, block string) map[string]any {
	return map[string]any{"protocol": "tcp", "from_port": from, "to_port": to, "cidr_blocks": []string{block},
		"description": "", "ipv6_cidr_blocks": nil, "prefix_list_ids": nil, "security_groups": nil, "self": nil}
}

// TestReplacementsAreTheProviders changes arguments of stateful resources, each of a resource of its own: what a review
// of two stacks says to be replaced is what the provider replaces.
func TestReplacementsAreTheProviders(t *testing.T) {
	t.Parallel()
	base := map[string]map[string]any{
		"aws_cloudtrail":           {"name": "acme", "s3_bucket_name": "acme-a"},
		"aws_cloudwatch_log_group": {"name": "a"},
		"aws_db_instance": {"identifier": "a", "engine": "postgres", "engine_version": "17", "username": "dbadmin",
			"instance_class": "db.t4g.medium", "allocated_storage": 20, "storage_encrypted": true,
			"manage_master_user_password": true, "db_name": "a", "kms_key_id": testkit.KeyARN("1"),
			"availability_zone": testkit.Region + "a", "skip_final_snapshot": true},
		"aws_kms_key":   {"multi_region": false},
		"aws_s3_bucket": {"bucket": "acme-a"},
		"aws_sns_topic": {"name": "a"},
		"aws_subnet":    {"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24", "availability_zone": testkit.Region + "a"},
		"aws_vpc":       {"cidr_block": "10.0.0.0/16"},
	}
	changed := map[string]map[string]any{
		"aws_cloudtrail": {"name": "acme-x", "s3_bucket_name": "acme-x", "kms_key_id": testkit.KeyARN("2")},
		"aws_cloudwatch_log_group": {"name": "x", "name_prefix": "x", "log_group_class": "INFREQUENT_ACCESS",
			"retention_in_days": 7},
		"aws_db_instance": {"availability_zone": testkit.Region + "b", "db_name": "x", "engine": "mysql",
			"kms_key_id": testkit.KeyARN("2"), "storage_encrypted": false, "username": "x",
			"identifier": "x", "instance_class": "db.m6g.large", "db_subnet_group_name": "x", "port": 5433},
		"aws_kms_key": {"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY", "multi_region": true,
			"description": "x", "deletion_window_in_days": 7},
		"aws_s3_bucket": {"bucket": "acme-x", "bucket_prefix": "acme-x", "object_lock_enabled": true, "force_destroy": true},
		"aws_sns_topic": {"name": "x", "name_prefix": "x", "display_name": "x"},
		"aws_subnet": {"availability_zone": testkit.Region + "b", "cidr_block": "10.0.1.0/24", "vpc_id": "vpc-2",
			"map_public_ip_on_launch": true},
		"aws_vpc": {"cidr_block": "10.1.0.0/16", "ipv4_ipam_pool_id": "ipam-pool-0123456789abcdef0",
			"enable_dns_hostnames": true},
	}
	before, after := map[string]map[string]any{}, map[string]map[string]any{}
	for kind, arguments := range changed {
		require.True(t, template.Stateful(kind))
		before[kind], after[kind] = map[string]any{}, map[string]any{}
		for _, argument := range diff.Forcing(kind) {
			assert.Contains(t, arguments, argument, "%s: the provider is not asked", kind)
		}
		for argument, value := range arguments {
			before[kind][argument] = base[kind]
			edited := map[string]any{}
			for name, former := range base[kind] {
				edited[name] = former
			}
			edited[argument] = value
			if argument == "name_prefix" || argument == "bucket_prefix" { // in place of the name
				delete(edited, "name")
				delete(edited, "bucket")
			}
			after[kind][argument] = edited
		}
	}
	assert.Len(t, changed, 8, "every stateful type is asked for")
	former, latter := resources(t, before), resources(t, after)
	tf := terraform(t, former)
	state := deploy(t, tf, testkit.Parse(t, former))
	for _, one := range state {
		if one.kind == "aws_sns_topic" {
			one.attributes["fifo_throughput_scope"] = nil // of no meaning for a topic without an order
		}
	}
	state.write(t, tf)
	replaceStack(t, tf, latter)
	byProvider, err := diff.Plan(showJSON(t, tf))
	require.NoError(t, err)
	byJSON, err := diff.Stacks(former, latter)
	require.NoError(t, err)
	addresses := func(review diff.Review) []string {
		var all []string
		for _, change := range review.Of(diff.Replaced) {
			all = append(all, change.Address)
		}
		return slices.Sorted(slices.Values(all))
	}
	assert.Equal(t, addresses(byProvider), addresses(byJSON))
}
