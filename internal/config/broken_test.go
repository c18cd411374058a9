package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	defaultsPath = "context.baseline.defaults."
	devPath      = "context.baseline.environments.dev."
)

// TestBrokenConfigurations breaks one field at a time and expects the one exact message. An empty value removes the field.
func TestBrokenConfigurations(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct{ path, value, want string }{
		{"defaults.project", ``, defaultsPath + `project: missing; set it here or in context.baseline.environments.dev`},
		{"defaults.owner", ``, defaultsPath + `owner: missing; set it here or in context.baseline.environments.dev`},
		{"defaults.costCenter", ``, defaultsPath + `costCenter: missing; set it here or in context.baseline.environments.dev`},
		{"defaults.compliance", ``, defaultsPath + `compliance: missing; set it here or in context.baseline.environments.dev`},
		{"defaults.region", ``, defaultsPath + `region: missing; set it here or in context.baseline.environments.dev`},
		{"environments.dev.profile", ``, defaultsPath + `profile: missing; set it here or in context.baseline.environments.dev`},
		{"defaults.projct", `"x"`, defaultsPath + `projct: unknown field; did you mean "project"?`},
		{"environments.dev.regoin", `"x"`, devPath + `regoin: unknown field; did you mean "region"?`},
		{"environments.dev.color", `"x"`, devPath + `color: unknown field; allowed are accountId, backend, compliance, costCenter, kms, logging, network, owner, permissionsBoundary, profile, project, rds, region, s3, tags`},
		{"defualts", `{}`, `context.baseline.defualts: unknown field; did you mean "defaults"?`},
		{"environments.dev.kms.rotationdays", `100`, devPath + `kms.rotationdays: unknown field; did you mean "rotationDays"?`},
		{"environments.dev.kms.window", `7`, devPath + `kms.window: unknown field; allowed are accountMayDelete, administrators, breakGlass, deletionWindowDays, preventDestroy, rotationDays`},
		{"defaults.backend.buckt", `"x"`, defaultsPath + `backend.buckt: unknown field; did you mean "bucket"?`},
		{"environments.dev.KMS", `{}`, devPath + `KMS: unknown field; did you mean "kms"?`},
		{"environments.dev.tag", `{}`, devPath + `tag: unknown field; did you mean "tags"?`},
		{"defaults.project", `7`, defaultsPath + `project = 7: must be a string, not a number`},
		{"defaults.project", `null`, defaultsPath + `project: must be a string, not null`},
		{"defaults.project", `["acme"]`, defaultsPath + `project = ["acme"]: must be a string, not a list`},
		{"defaults.costCenter", `42`, defaultsPath + `costCenter = 42: must be a string, not a number`},
		{"defaults.tags", `["a"]`, defaultsPath + `tags = ["a"]: must be an object, not a list`},
		{"defaults.tags.Team", `true`, defaultsPath + `tags.Team = true: must be a string, not a boolean`},
		{"environments.dev.kms", `true`, devPath + `kms = true: must be an object, not a boolean`},
		{"environments.dev.kms.rotationDays", `"365"`, devPath + `kms.rotationDays = "365": must be a whole number, not a string`},
		{"environments.dev.kms.rotationDays", `90.5`, devPath + `kms.rotationDays = 90.5: must be a whole number, not a fraction`},
		{"environments.dev.kms.preventDestroy", `"no"`, devPath + `kms.preventDestroy = "no": must be true or false, not a string`},
		{"environments.dev.kms.breakGlass", `"x"`, devPath + `kms.breakGlass = "x": must be a list, not a string`},
		{"environments.dev.kms.breakGlass", `[7]`, devPath + `kms.breakGlass[0] = 7: must be a string, not a number`},
		{"defaults", `[]`, `context.baseline.defaults = []: must be an object, not a list`},
		{"environments", `[]`, `context.baseline.environments = []: must be an object, not a list`},
		{"environments.dev", `"ephemeral"`, `context.baseline.environments.dev = "ephemeral": must be an object, not a string`},
		{"defaults.accountId", `111122223333`, defaultsPath + `accountId = 111122223333: must be a string, not a number`},
		{"environments.dev.kms.rotationDays", `89`, devPath + `kms.rotationDays = 89: out of range; allowed is 90 to 2560 days`},
		{"environments.dev.kms.rotationDays", `2561`, devPath + `kms.rotationDays = 2561: out of range; allowed is 90 to 2560 days`},
		{"environments.dev.kms.deletionWindowDays", `6`, devPath + `kms.deletionWindowDays = 6: out of range; allowed is 7 to 30 days`},
		{"environments.dev.kms.deletionWindowDays", `31`, devPath + `kms.deletionWindowDays = 31: out of range; allowed is 7 to 30 days`},
		{"environments.dev.kms.deletionWindowDays", `-1`, devPath + `kms.deletionWindowDays = -1: out of range; allowed is 7 to 30 days`},
		{"environments.dev.kms.deletionWindowDays", `0`, devPath + `kms.deletionWindowDays = 0: out of range; allowed is 7 to 30 days`},
		{"defaults.kms.deletionWindowDays", `90`, defaultsPath + `kms.deletionWindowDays = 90: out of range; allowed is 7 to 30 days`},
		{"environments.dev.kms.rotationDays", `1e30`, devPath + `kms.rotationDays = 1e+30: out of range; allowed is 90 to 2560 days`},
		{"environments.dev.profile", `"production "`, devPath + `profile = "production ": not an allowed value; allowed are ephemeral, standard, production; did you mean "production"?`},
		{"environments.dev.profile", `"prod"`, devPath + `profile = "prod": not an allowed value; allowed are ephemeral, standard, production; did you mean "production"?`},
		{"environments.prod.profile", `"productoin"`, `context.baseline.environments.prod.profile = "productoin": not an allowed value; allowed are ephemeral, standard, production; did you mean "production"?`},
		{"environments.dev.profile", `""`, devPath + `profile = "": not an allowed value; allowed are ephemeral, standard, production`},
		{"defaults.region", `"eu-cental-1"`, defaultsPath + `region = "eu-cental-1": not an allowed value; did you mean "eu-central-1"?`},
		{"defaults.region", `"Frankfurt"`, defaultsPath + `region = "Frankfurt": not an allowed value; allowed are af-south-1, ap-east-1, ap-east-2, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1, ap-south-2, ap-southeast-1, ap-southeast-2, ap-southeast-3, ap-southeast-4, ap-southeast-5, ap-southeast-7, ca-central-1, ca-west-1, cn-north-1, cn-northwest-1, eu-central-1, eu-central-2, eu-isoe-west-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-2, eu-west-3, eusc-de-east-1, il-central-1, me-central-1, me-south-1, mx-central-1, sa-east-1, us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-iso-east-1, us-iso-west-1, us-isob-east-1, us-isof-east-1, us-isof-south-1, us-west-1, us-west-2`},
		{"environments.dev.backend.type", `"S3"`, devPath + `backend.type = "S3": not an allowed value; allowed are local, s3; did you mean "s3"?`},
		{"environments.dev.backend.type", `"gcs"`, devPath + `backend.type = "gcs": not an allowed value; allowed are local, s3`},
		{"defaults.project", `""`, defaultsPath + `project = "": must be 2 to 32 characters long, not 0`},
		{"defaults.project", `"a"`, defaultsPath + `project = "a": must be 2 to 32 characters long, not 1`},
		{"defaults.project", `"Acme"`, defaultsPath + `project = "Acme": must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"defaults.project", `"ac_me"`, defaultsPath + `project = "ac_me": must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"defaults.project", `"ac--me"`, defaultsPath + `project = "ac--me": must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"defaults.project", `"acme-"`, defaultsPath + `project = "acme-": must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"defaults.project", `"1acme"`, defaultsPath + `project = "1acme": must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"defaults.project", `"aws-base"`, defaultsPath + `project = "aws-base": must not begin with "aws", which AWS (log groups and aliases) reserves`},
		{"defaults.project", `"sg-x"`, defaultsPath + `project = "sg-x": must not begin with "sg-", which EC2 (security groups) reserves`},
		{"environments.dev.project", `"` + long + `"`, devPath + `project = "` + long[:59] + `…: must be 2 to 32 characters long, not 300`},
		{"defaults.owner", `""`, defaultsPath + `owner = "": the value of a tag must be 1 to 256 characters long, not 0`},
		{"defaults.owner", `"a,b"`, defaultsPath + `owner = "a,b": the value of a tag must be of letters, digits, spaces and _ . : / = + - @`},
		{"defaults.compliance", `"` + long + `"`, defaultsPath + `compliance = "` + long[:59] + `…: the value of a tag must be 1 to 256 characters long, not 300`},
		{"defaults.tags.Owner", `"x"`, defaultsPath + `tags.Owner: the tag Owner is set by the project and cannot be set again`},
		{"defaults.tags.owner", `"x"`, defaultsPath + `tags.owner: the tag Owner is set by the project and cannot be set again`},
		{"defaults.tags.aws:x", `"x"`, defaultsPath + `tags.aws:x: the key of a tag must not begin with "aws:", which AWS reserves`},
		{"defaults.tags.team", `"x"`, defaultsPath + `tags.team: differs from the tag "Team" only in case, which IAM treats as the same tag`},
		{"defaults.tags.T", `""`, defaultsPath + `tags.T = "": the value of a tag must be 1 to 256 characters long, not 0`},
		{"defaults.tags.T", `"a;b"`, defaultsPath + `tags.T = "a;b": the value of a tag must be of letters, digits, spaces and _ . : / = + - @`},
		{"defaults.tags.a;b", `"x"`, defaultsPath + `tags.a;b: the key of a tag must be of letters, digits, spaces and _ . : / = + - @`},
		{"defaults.accountId", `"1111"`, defaultsPath + `accountId = "1111": must be 12 digits`},
		{"defaults.accountId", `"1111-2222-3333"`, defaultsPath + `accountId = "1111-2222-3333": must be 12 digits`},
		{"defaults.permissionsBoundary", `"boundary"`, defaultsPath + `permissionsBoundary = "boundary": must be the ARN of a managed policy: arn:aws:iam::ACCOUNT:policy/NAME`},
		{"defaults.permissionsBoundary", `"arn:aws:iam::111122223333:role/x"`, defaultsPath + `permissionsBoundary = "arn:aws:iam::111122223333:role/x": must be the ARN of a managed policy: arn:aws:iam::ACCOUNT:policy/NAME`},
		{"defaults.permissionsBoundary", `"arn:aws-cn:iam::111122223333:policy/x"`, defaultsPath + `permissionsBoundary = "arn:aws-cn:iam::111122223333:policy/x": must be in the region's partition "aws", not in "aws-cn"`},
		{"environments.dev.kms.administrators", `["key-admin"]`, devPath + `kms.administrators[0] = "key-admin": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:root"]`, devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:root": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.kms.administrators", `["*"]`, devPath + `kms.administrators[0] = "*": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:role/a","arn:aws:sts::111122223333:assumed-role/a/b"]`, devPath + `kms.breakGlass[1] = "arn:aws:sts::111122223333:assumed-role/a/b": must be the ARN of an IAM role or user: arn:aws:iam::ACCOUNT:role/NAME`},
		{"environments.dev.kms.breakGlass", `["arn:aws-us-gov:iam::111122223333:role/a"]`, devPath + `kms.breakGlass[0] = "arn:aws-us-gov:iam::111122223333:role/a": must be in the region's partition "aws", not in "aws-us-gov"`},
		{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:role/a","arn:aws:iam::111122223333:role/a"]`, devPath + `kms.breakGlass = ["arn:aws:iam::111122223333:role/a","arn:aws:iam::1111222233…: item 2 repeats item 1; each may stand once`},
		{"environments.dev.kms.preventDestroy", `true`, devPath + `kms.preventDestroy = true: contradicts accountMayDelete; set one of them to false`},
		{"environments.dev.backend.bucket", `"acme-state"`, devPath + `backend.bucket = "acme-state": has no meaning with backend.type "local"; allowed with "s3"`},
		{"environments.dev.backend", `{"type":"s3","region":"eu-west-1"}`, devPath + `backend.bucket: missing; required with backend.type "s3"`},
		{"environments.dev.backend", `{"type":"s3","bucket":"acme-state"}`, devPath + `backend.region: missing; required with backend.type "s3"`},
		{"environments.dev.backend", `{"type":"s3","bucket":"Acme","region":"eu-west-1"}`, devPath + `backend.bucket = "Acme": must be a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens`},
		{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-wets-1"}`, devPath + `backend.region = "eu-wets-1": not an allowed value; did you mean "eu-west-1"?`},
		{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-west-1","key":""}`, devPath + `backend.key = "": must be 1 to 1024 characters`},
		{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-west-1","kmsKeyArn":"alias/x"}`, devPath + `backend.kmsKeyArn = "alias/x": must be the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID`},
		{"environments.Test", `{"profile":"ephemeral"}`, `context.baseline.environments.Test: the name of an environment must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
		{"environments.environment-one", `{"profile":"ephemeral"}`, `context.baseline.environments.environment-one: the name of an environment must be 1 to 12 characters long, not 15`},
		{"environments.1dev", `{"profile":"ephemeral"}`, `context.baseline.environments.1dev: the name of an environment must be lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},

		{"defaults.network.cidr", `"10.0.0.0"`, defaultsPath + `network.cidr = "10.0.0.0": CIDR block "10.0.0.0": must be an IPv4 network, such as 10.0.0.0/16`},
		{"defaults.network.cidr", `"10.0.0.1/16"`, defaultsPath + `network.cidr = "10.0.0.1/16": CIDR block "10.0.0.1/16": must begin with its first address; this one is 10.0.0.0/16`},
		{"defaults.network.cidr", `"10.0.0.0/8"`, defaultsPath + `network.cidr = "10.0.0.0/8": CIDR block "10.0.0.0/8": the prefix must be /16 to /28`},
		{"defaults.network.cidr", `"8.8.0.0/16"`, defaultsPath + `network.cidr = "8.8.0.0/16": CIDR block "8.8.0.0/16": must be private, within one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10`},
		{"defaults.network.cidr", `"10.0.0.0/24"`, defaultsPath + `network.cidr = "10.0.0.0/24": VPC "10.0.0.0/24" has 256 addresses, but 6 zones take 288 even with the smallest subnets, public /28, private /28 and database /28; use a VPC of /23 or larger`},
		{"defaults.network.cidr", `"fd00::/16"`, defaultsPath + `network.cidr = "fd00::/16": CIDR block "fd00::/16": must be an IPv4 network, such as 10.0.0.0/16`},
		{"defaults.network.zones", `["eu-central-1a"]`, defaultsPath + `network.zones = ["eu-central-1a"]: 1 zones; allowed are 2 to 6`},
		{"defaults.network.zones", `["eu-central-1a","eu-west-1b"]`, defaultsPath + `network.zones = ["eu-central-1a","eu-west-1b"]: "eu-west-1b" is not a zone of the region; allowed are "eu-central-1a" to "eu-central-1f"`},
		{"defaults.network.zones", `["eu-central-1a","eu-central-1a"]`, defaultsPath + `network.zones = ["eu-central-1a","eu-central-1a"]: "eu-central-1a" stands there twice`},
		{"defaults.network.zoneCount", `1`, defaultsPath + `network.zoneCount = 1: out of range; allowed is 2 to 6 zones`},
		{"defaults.network.zoneCount", `7`, defaultsPath + `network.zoneCount = 7: out of range; allowed is 2 to 6 zones`},
		{"defaults.network.nat", `"perzone"`, defaultsPath + `network.nat = "perzone": not an allowed value; allowed are none, single, per-zone; did you mean "per-zone"?`},
		{"defaults.network.nat", `"instance"`, defaultsPath + `network.nat = "instance": not an allowed value; allowed are none, single, per-zone`},
		{"environments.dev.network.subnets.private", `29`, devPath + `network.subnets.private = 29: out of range; allowed is 16 to 28 bits`},
		{"environments.dev.network.subnets", `{"private":18}`, devPath + `network.cidr = "10.0.0.0/16": VPC "10.0.0.0/16" has 65536 addresses, but 6 zones with subnets of public /24, private /18 and database /24 take 101376; use subnets such as public /24, private /19 and database /24`},
		{"environments.dev.network.subnets.web", `24`, devPath + `network.subnets.web: unknown field; allowed are database, private, public`},
		{"environments.dev.network.interfaceEndpoints", `["secretmanager"]`, devPath + `network.interfaceEndpoints[0] = "secretmanager": not an allowed value; did you mean "secretsmanager"?`},
		{"environments.dev.network.interfaceEndpoints", `["bedrock"]`, devPath + `network.interfaceEndpoints[0] = "bedrock": not an allowed value; allowed are autoscaling, ec2, ec2messages, ecr.api, ecr.dkr, ecs, elasticloadbalancing, events, kms, lambda, logs, monitoring, rds, secretsmanager, sns, sqs, ssm, ssmmessages, states, sts`},
		{"environments.dev.network.interfaceEndpoints", `["kms","kms"]`, devPath + `network.interfaceEndpoints = ["kms","kms"]: item 2 repeats item 1; each may stand once`},
		{"environments.dev.network.secondaryCidrs", `["10.0.128.0/20"]`, devPath + `network.secondaryCidrs = ["10.0.128.0/20"]: CIDR block "10.0.128.0/20" overlaps "10.0.0.0/16"; the blocks of a VPC must be disjoint`},
		{"environments.dev.network.secondaryCidrs", `["100.64.0.0/8"]`, devPath + `network.secondaryCidrs[0] = "100.64.0.0/8": CIDR block "100.64.0.0/8": the prefix must be /16 to /28`},
		{"environments.dev.network.ipamPoolId", `"pool"`, devPath + `network.ipamPoolId = "pool": must be the id of a pool, ipam-pool-…`},
		{"environments.dev.network.publicAccess", `"block"`, devPath + `network.publicAccess = "block": not an allowed value; allowed are block-ingress, block-bidirectional; did you mean "block-ingress"?`},
		{"environments.dev.network.publicAccess", `"block-bidirectional"`, devPath + `network.publicAccess = "block-bidirectional": also stops NAT; allowed with network.nat "none", not with "single"`},
		{"environments.dev.network.ipv6", `1`, devPath + `network.ipv6 = 1: must be true or false, not a number`},
		{"environments.dev.logging.retentionDays", `100`, devPath + `logging.retentionDays = 100: not an allowed value; allowed are 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653`},
		{"environments.dev.logging.retentionDays", `"365"`, devPath + `logging.retentionDays = "365": must be a whole number, not a string`},
		{"environments.dev.logging.keepOnDestory", `true`, devPath + `logging.keepOnDestory: unknown field; did you mean "keepOnDestroy"?`},

		{"environments.dev.s3.buckets", `{"trail":{}}`, devPath + `s3.buckets.trail: the stack makes a bucket of this name for itself; use another name`},
		{"environments.dev.s3.buckets", `{"Reports":{}}`, devPath + `s3.buckets.Reports: the name of a bucket must be at most 20 characters long, of lower-case words of letters and digits, joined by single hyphens`},
		{"environments.dev.s3.buckets", `{"a-very-long-name-for-a-bucket":{}}`, devPath + `s3.buckets.a-very-long-name-for-a-bucket: the name of a bucket must be at most 20 characters long, of lower-case words of letters and digits, joined by single hyphens`},
		{"environments.dev.s3.buckets", `{"reports":{"headerOptoinal":true}}`, devPath + `s3.buckets.reports.headerOptoinal: unknown field; did you mean "headerOptional"?`},
		{"environments.dev.s3.buckets", `["reports"]`, devPath + `s3.buckets = ["reports"]: must be an object, not a list`},
		{"environments.dev.s3.buckets.data", `{"tierAfterDays":30,"expireAfterDays":30}`, devPath + `s3.buckets.data.tierAfterDays = 30: must be before the objects expire, after 30 days`},
		{"environments.dev.s3.noncurrentDays", `0`, devPath + `s3.noncurrentDays = 0: out of range; allowed is 1 to 3650 days`},
		{"environments.dev.s3.trail.expireAfterDays", `5`, devPath + `s3.trail.archiveAfterDays = 7: must be before the objects expire, after 5 days`},
		{"environments.dev.s3.perimeter", `"organisation"`, devPath + `s3.perimeter = "organisation": not an allowed value; allowed are account, organization; did you mean "organization"?`},
		{"environments.dev.s3.perimeter", `"organization"`, devPath + `s3.organizationId: goes with s3.perimeter "organization"; set both or neither`},
		{"environments.dev.s3.organizationId", `"o-aaaaaaaaaa"`, devPath + `s3.organizationId = "o-aaaaaaaaaa": goes with s3.perimeter "organization"; set both or neither`},
		{"environments.dev.s3.organizationId", `"org"`, devPath + `s3.organizationId = "org": must be the id of an organization, o-…`},
		{"environments.dev.s3.buckets.data.objectLock", `{"mode":"legal","days":1}`, devPath + `s3.buckets.data.objectLock.mode = "legal": not an allowed value; allowed are governance, compliance`},
		{"environments.dev.s3.trail.objectLock", `{"mode":"governance","days":1}`, devPath + `s3.trail.objectLock.mode = "governance": locked objects cannot be destroyed; allowed with s3.preventDestroy only`},
	}
	for _, test := range tests {
		t.Run(test.path+" "+test.value, func(t *testing.T) {
			assert.Equal(t, []string{test.want}, broken(t, "dev", map[string]string{test.path: test.value}))
		})
	}
}

func TestRulesOfOtherProfiles(t *testing.T) {
	assert.Equal(t, []string{"context.baseline.environments.staging.kms.accountMayDelete = true: " +
		`allowed only in profile "ephemeral", not in "standard"; name breakGlass principals instead`},
		broken(t, "staging", map[string]string{"environments.staging.kms.accountMayDelete": "true"}))
	assert.Equal(t, []string{`context.baseline.environments.prod.permissionsBoundary = "arn:aws:iam::999900001111:policy/x": ` +
		"must be a policy of the account 111122223333, not of 999900001111"},
		broken(t, "prod", map[string]string{"environments.prod.permissionsBoundary": `"arn:aws:iam::999900001111:policy/x"`}))
}

func TestObjectLockNeedsModeAndDays(t *testing.T) {
	for _, value := range []string{`{"mode":"governance"}`, `{"days":5}`} {
		assert.Equal(t, []string{"context.baseline.environments.prod.s3.trail.objectLock = " + value + ": mode and days go together; set both or neither"},
			broken(t, "prod", map[string]string{"environments.prod.s3.trail.objectLock": value}))
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	assert.Equal(t, []string{
		defaultsPath + `owner: missing; set it here or in context.baseline.environments.dev`,
		defaultsPath + `region = "eu-cental-1": not an allowed value; did you mean "eu-central-1"?`,
		devPath + `kms.rotationDays = 1: out of range; allowed is 90 to 2560 days`,
		devPath + `projct: unknown field; did you mean "project"?`,
		`context.baseline.environments.prod.kms.deletionWindowDays = "30": must be a whole number, not a string`,
	}, broken(t, "dev", map[string]string{
		"defaults.owner": ``, "defaults.region": `"eu-cental-1"`, "environments.dev.kms.rotationDays": `1`,
		"environments.dev.projct": `"acme"`, "environments.prod.kms.deletionWindowDays": `"30"`,
	}), "also in environments that were not asked for")
}

func TestTooManyTags(t *testing.T) {
	tags := make([]string, 44)
	for i := range tags {
		tags[i] = `"` + strings.Repeat("k", i+1) + `": "v"`
	}
	assert.Equal(t, []string{defaultsPath + `tags: 44 extra tags; allowed are 43, so that with the required ones there are no more than 50`},
		broken(t, "dev", map[string]string{"defaults.tags": "{" + strings.Join(tags, ",") + "}"}))
}

// broken returns what is wrong with the valid document after the given edits, a line each.
func broken(t *testing.T, environment string, edits map[string]string) []string {
	t.Helper()
	context := contextOf(t, valid)
	for path, value := range edits {
		edit(t, context, path, value)
	}
	_, err := resolve(context, environment)
	var problems Problems
	require.ErrorAs(t, err, &problems)
	lines := make([]string, len(problems))
	for i, problem := range problems {
		lines[i] = problem.String()
	}
	return lines
}
