package config

import "testing"

var brokenShapes = []breakage{
	{"defaults.region", ``, defaultsPath + `region: must be set, here or in context.baseline.environments.dev`},
	{"environments.dev.profile", ``,
		defaultsPath + `profile: must be set, here or in context.baseline.environments.dev`},
	{"defaults.projct", `"x"`, defaultsPath + `projct = "x": must be a known field; did you mean "project"?`},
	{"environments.dev.regoin", `"x"`, devPath + `regoin = "x": must be a known field; did you mean "region"?`},
	{"environments.dev.color", `"x"`,
		devPath + `color = "x": must be a known field, one of accountId, backend, compliance, costCenter, iamPath, ` +
			`kms, logging, network, owner, permissionsBoundary, pipeline, profile, project, providerVersion, rds, ` +
			`region, s3, tags`},
	{"defualts", `{}`, `context.baseline.defualts = {}: must be a known field; did you mean "defaults"?`},
	{"environments.dev.KMS", `{}`, devPath + `KMS = {}: must be a known field; did you mean "kms"?`},
	{"environments.dev.tag", `{}`, devPath + `tag = {}: must be a known field; did you mean "tags"?`},
	{"defaults", `[]`, `context.baseline.defaults = []: must be an object, not a list`},
	{"environments", `[]`, `context.baseline.environments = []: must be an object, not a list`},
	{"environments.dev", `"ephemeral"`,
		`context.baseline.environments.dev = "ephemeral": must be an object, not a string`},
	{"environments.dev.profile", `"production "`,
		devPath + `profile = "production ": must be one of ephemeral, standard, production; did you mean ` +
			`"production"?`},
	{"environments.dev.profile", `"prod"`,
		devPath + `profile = "prod": must be one of ephemeral, standard, production; did you mean "production"?`},
	{"environments.prod.profile", `"productoin"`,
		prodPath + `profile = "productoin": must be one of ephemeral, standard, production; did you mean ` +
			`"production"?`},
	{"environments.dev.profile", `""`, devPath + `profile = "": must be one of ephemeral, standard, production`},
	{"defaults.region", `"eu-cental-1"`,
		defaultsPath + `region = "eu-cental-1": must be one of 44 values, see the schema; did you mean ` +
			`"eu-central-1"?`},
	{"defaults.region", `"Frankfurt"`,
		defaultsPath + `region = "Frankfurt": must be one of af-south-1, ap-east-1, ap-east-2, ap-northeast-1, ` +
			`ap-northeast-2, ap-northeast-3, ap-south-1, ap-south-2, ap-southeast-1, ap-southeast-2, ` +
			`ap-southeast-3, ap-southeast-4, ap-southeast-5, ap-southeast-7, ca-central-1, ca-west-1, cn-north-1, ` +
			`cn-northwest-1, eu-central-1, eu-central-2, eu-isoe-west-1, eu-north-1, eu-south-1, eu-south-2, ` +
			`eu-west-1, eu-west-2, eu-west-3, eusc-de-east-1, il-central-1, me-central-1, me-south-1, mx-central-1, ` +
			`sa-east-1, us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-iso-east-1, us-iso-west-1, ` +
			`us-isob-east-1, us-isof-east-1, us-isof-south-1, us-west-1, us-west-2`},
	{"environments.Test", `{"profile":"ephemeral"}`,
		`context.baseline.environments.Test: must have a name that is lower-case words of letters and digits, ` +
			`joined by single hyphens, beginning with a letter`},
	{"environments.environment-one", `{"profile":"ephemeral"}`,
		`context.baseline.environments.environment-one: must have a name that is 1 to 12 characters long, not 15`},
	{"environments.1dev", `{"profile":"ephemeral"}`,
		`context.baseline.environments.1dev: must have a name that is lower-case words of letters and digits, ` +
			`joined by single hyphens, beginning with a letter`},
	{"environments.dev.providerVersion", `"~> 6.1"`,
		devPath + `providerVersion = "~> 6.1": must be one of ~> 5.99, ~> 6.0; did you mean "~> 6.0"?`},
	{"defaults.providerVersion", `"latest"`,
		defaultsPath + `providerVersion = "latest": must be one of ~> 5.99, ~> 6.0`},
	{"defaults.providerVersion", `6`, defaultsPath + `providerVersion = 6: must be a string, not a number`},
	{"environments.dev.profile", `7`, devPath + `profile = 7: must be a string, not a number`},
	{"defaults.region", `null`, defaultsPath + `region: must be a string, not null`},
	{"defaults.region", `{}`, defaultsPath + `region = {}: must be a string, not an object`},
	{"environments.dev.rds", `[]`, devPath + `rds = []: must be an object, not a list`},
	{"environments.dev.s3.trail", `"x"`, devPath + `s3.trail = "x": must be an object, not a string`},
	{"environments.dev.accountID", `"111122223333"`,
		devPath + `accountID = "111122223333": must be a known field; did you mean "accountId"?`},
	{"environments.dev.a b", `1`,
		devPath + `"a b" = 1: must be a known field, one of accountId, backend, compliance, costCenter, iamPath, ` +
			`kms, logging, network, owner, permissionsBoundary, pipeline, profile, project, providerVersion, rds, ` +
			`region, s3, tags`},
	{"environments.dev.", `true`,
		devPath + `"" = true: must be a known field, one of accountId, backend, compliance, costCenter, iamPath, ` +
			`kms, logging, network, owner, permissionsBoundary, pipeline, profile, project, providerVersion, rds, ` +
			`region, s3, tags`},
	{"defaults.tags.1", `7`, defaultsPath + `tags.1 = 7: must be a string, not a number`},
	{"environments.dev.kms.breakGlass", `[null]`, devPath + `kms.breakGlass[0]: must be a string, not null`},
	{"environments.dev.network.subnets", `{"public":"24"}`,
		devPath + `network.subnets.public = "24": must be a whole number, not a string`},
	{"environments", `{}`,
		`context.baseline.environments = {}: must define an environment, such as dev; none is defined`},
	{"environments", ``, `context.baseline.environments: must define an environment, such as dev; none is defined`},
	{"environments.dev", `null`, `context.baseline.environments.dev: must be an object, not null`},
	{"environments.", `{"profile":"ephemeral"}`,
		`context.baseline.environments."": must have a name that is 1 to 12 characters long, not 0`},
	{"environments.de v", `{"profile":"ephemeral"}`,
		`context.baseline.environments."de v": must have a name that is lower-case words of letters and digits, ` +
			`joined by single hyphens, beginning with a letter`},
	{"environments.dev-", `{"profile":"ephemeral"}`,
		`context.baseline.environments.dev-: must have a name that is lower-case words of letters and digits, ` +
			`joined by single hyphens, beginning with a letter`},
}

func TestBrokenShapes(t *testing.T) { assertBroken(t, brokenShapes) }
