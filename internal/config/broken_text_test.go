package config

import "testing"

var brokenTexts = []breakage{
	{"defaults.project", ``, defaultsPath + `project: must be set, here or in context.baseline.environments.dev`},
	{"defaults.owner", ``, defaultsPath + `owner: must be set, here or in context.baseline.environments.dev`},
	{"defaults.costCenter", ``, defaultsPath + `costCenter: must be set, here or in context.baseline.environments.dev`},
	{"defaults.compliance", ``, defaultsPath + `compliance: must be set, here or in context.baseline.environments.dev`},
	{"defaults.project", `7`, defaultsPath + `project = 7: must be a string, not a number`},
	{"defaults.project", `null`, defaultsPath + `project: must be a string, not null`},
	{"defaults.project", `["acme"]`, defaultsPath + `project = ["acme"]: must be a string, not a list`},
	{"defaults.costCenter", `42`, defaultsPath + `costCenter = 42: must be a string, not a number`},
	{"defaults.tags", `["a"]`, defaultsPath + `tags = ["a"]: must be an object, not a list`},
	{"defaults.tags.Team", `true`, defaultsPath + `tags.Team = true: must be a string, not a boolean`},
	{"defaults.accountId", `111122223333`, defaultsPath + `accountId = 111122223333: must be a string, not a number`},
	{"defaults.project", `""`, defaultsPath + `project = "": must be 2 to 32 characters long, not 0`},
	{"defaults.project", `"a"`, defaultsPath + `project = "a": must be 2 to 32 characters long, not 1`},
	{"defaults.project", `"Acme"`,
		defaultsPath + `project = "Acme": must be lower-case words of letters and digits, joined by single hyphens, ` +
			`beginning with a letter`},
	{"defaults.project", `"ac_me"`,
		defaultsPath + `project = "ac_me": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"ac--me"`,
		defaultsPath + `project = "ac--me": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"acme-"`,
		defaultsPath + `project = "acme-": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"1acme"`,
		defaultsPath + `project = "1acme": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"aws-base"`,
		defaultsPath + `project = "aws-base": must not begin with "aws", which AWS (log groups and aliases) reserves`},
	{"defaults.project", `"sg-x"`,
		defaultsPath + `project = "sg-x": must not begin with "sg-", which EC2 (security groups) reserves`},
	{"environments.dev.project", `"` + long + `"`,
		devPath + `project = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be 2 to 32 ` +
			`characters long, not 300`},
	{"defaults.owner", `""`, defaultsPath + `owner = "": must be 1 to 256 characters long, not 0`},
	{"defaults.owner", `"a,b"`, defaultsPath + `owner = "a,b": must be of letters, digits, spaces and _ . : / = + - @`},
	{"defaults.compliance", `"` + long + `"`,
		defaultsPath + `compliance = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be 1 to ` +
			`256 characters long, not 300`},
	{"defaults.tags.Owner", `"x"`,
		defaultsPath + `tags.Owner: must not be set: the stack sets this tag itself, on every resource`},
	{"defaults.tags.owner", `"x"`,
		defaultsPath + `tags.owner: must not be set: the stack sets this tag itself, on every resource`},
	{"defaults.tags.aws:x", `"x"`,
		defaultsPath + `tags.aws:x: must have a key that does not begin with "aws:", which AWS reserves`},
	{"defaults.tags.team", `"x"`,
		defaultsPath + `tags.team: must differ from the tag "Team" in more than case, which IAM does not tell apart`},
	{"defaults.tags.T", `""`, defaultsPath + `tags.T = "": must be 1 to 256 characters long, not 0`},
	{"defaults.tags.T", `"a;b"`,
		defaultsPath + `tags.T = "a;b": must be of letters, digits, spaces and _ . : / = + - @`},
	{"defaults.tags.a;b", `"x"`,
		defaultsPath + `tags.a;b: must have a key that is of letters, digits, spaces and _ . : / = + - @`},
	{"defaults.accountId", `"1111"`, defaultsPath + `accountId = "1111": must be 12 digits`},
	{"defaults.accountId", `"1111-2222-3333"`, defaultsPath + `accountId = "1111-2222-3333": must be 12 digits`},
	{"defaults.permissionsBoundary", `"boundary"`,
		defaultsPath + `permissionsBoundary = "boundary": must be the ARN of a managed policy, such as ` +
			`arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws:iam::111122223333:role/x"`,
		defaultsPath + `permissionsBoundary = "arn:aws:iam::111122223333:role/x": must be the ARN of a managed ` +
			`policy, such as arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws-cn:iam::111122223333:policy/x"`,
		defaultsPath + `permissionsBoundary = "arn:aws-cn:iam::111122223333:policy/x": must be in the region's ` +
			`partition, aws`},
	{"defaults.owner", `" "`, defaultsPath + `owner = " ": must be without spaces at its ends`},
	{"defaults.owner", `"platform "`, defaultsPath + `owner = "platform ": must be without spaces at its ends`},
	{"defaults.owner", `" platform"`, defaultsPath + `owner = " platform": must be without spaces at its ends`},
	{"defaults.costCenter", `"\u00a0"`, defaultsPath + `costCenter = " ": must be without spaces at its ends`},
	{"defaults.compliance", `"aws:x"`,
		defaultsPath + `compliance = "aws:x": must not begin with "aws:", which AWS reserves in the values of tags`},
	{"defaults.owner", `"a\tb"`,
		defaultsPath + `owner = "a\tb": must be of letters, digits, spaces and _ . : / = + - @`},
	{"defaults.owner", `"RDS:x"`,
		defaultsPath + `owner = "RDS:x": must not begin with "rds:", which AWS reserves in the values of tags`},
	{"defaults.owner", `"a\nb"`,
		defaultsPath + `owner = "a\nb": must be of letters, digits, spaces and _ . : / = + - @`},
	{"defaults.tags.T", `" "`, defaultsPath + `tags.T = " ": must be without spaces at its ends`},
	{"defaults.tags.T", `"x "`, defaultsPath + `tags.T = "x ": must be without spaces at its ends`},
	{"defaults.tags.T", `"aws:x"`,
		defaultsPath + `tags.T = "aws:x": must not begin with "aws:", which AWS reserves in the values of tags`},
	{"defaults.tags. T", `"x"`, defaultsPath + `tags." T": must have a key that is without spaces at its ends`},
	{"defaults.tags.", `"x"`, defaultsPath + `tags."": must have a key that is 1 to 128 characters long, not 0`},
	{"defaults.tags.rds:x", `"x"`,
		defaultsPath + `tags.rds:x: must have a key that does not begin with "rds:", which AWS reserves`},
	{"defaults.tags.AWS:x", `"x"`,
		defaultsPath + `tags.AWS:x: must have a key that does not begin with "aws:", which AWS reserves`},
	{"defaults.tags.COSTCENTER", `"x"`,
		defaultsPath + `tags.COSTCENTER: must not be set: the stack sets this tag itself, on every resource`},
	{"defaults.tags.Name", `"x"`,
		defaultsPath + `tags.Name: must not be set: the stack sets this tag itself, on every resource`},
	{"defaults.tags.T", `null`, defaultsPath + `tags.T: must be a string, not null`},
	{"defaults.project", `" acme"`,
		defaultsPath + `project = " acme": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"sthree-x"`,
		defaultsPath + `project = "sthree-x": must not begin with "sthree-", which S3 reserves`},
	{"defaults.project", `"amzn-s3-demo-x"`,
		defaultsPath + `project = "amzn-s3-demo-x": must not begin with "amzn-s3-demo-", which S3 reserves`},
	{"defaults.project", `"xn--x"`, defaultsPath + `project = "xn--x": must not begin with "xn--", which S3 reserves`},
	{"defaults.project", `"acme\n"`,
		defaultsPath + `project = "acme\n": must be lower-case words of letters and digits, joined by single ` +
			`hyphens, beginning with a letter`},
	{"defaults.project", `"äcme"`,
		defaultsPath + `project = "äcme": must be lower-case words of letters and digits, joined by single hyphens, ` +
			`beginning with a letter`},
	{"defaults.accountId", `""`, defaultsPath + `accountId = "": must be 12 digits`},
	{"defaults.accountId", `" 111122223333"`, defaultsPath + `accountId = " 111122223333": must be 12 digits`},
	{"defaults.accountId", `"1111222233334"`, defaultsPath + `accountId = "1111222233334": must be 12 digits`},
	{"defaults.permissionsBoundary", `""`,
		defaultsPath + `permissionsBoundary = "": must be the ARN of a managed policy, such as ` +
			`arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws:iam::111122223333:policy/"`,
		defaultsPath + `permissionsBoundary = "arn:aws:iam::111122223333:policy/": must be the ARN of a managed ` +
			`policy, such as arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws:iam::111122223333:policy//x"`,
		defaultsPath + `permissionsBoundary = "arn:aws:iam::111122223333:policy//x": must be the ARN of a managed ` +
			`policy, such as arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws:iam::111122223333:policy/` + long[:129] + `"`,
		defaultsPath + `permissionsBoundary = "arn:aws:iam::111122223333:policy/xxxxxxxxxxxxxxxxxxxxxxxxxx…: must ` +
			`be the ARN of a managed policy, such as arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.permissionsBoundary", `"arn:aws:iam::aws:policy/x/"`,
		defaultsPath + `permissionsBoundary = "arn:aws:iam::aws:policy/x/": must be the ARN of a managed policy, ` +
			`such as arn:aws:iam::ACCOUNT:policy/NAME`},
	{"defaults.region", `"aws-global"`,
		defaultsPath + `region = "aws-global": must be one of af-south-1, ap-east-1, ap-east-2, ap-northeast-1, ` +
			`ap-northeast-2, ap-northeast-3, ap-south-1, ap-south-2, ap-southeast-1, ap-southeast-2, ` +
			`ap-southeast-3, ap-southeast-4, ap-southeast-5, ap-southeast-7, ca-central-1, ca-west-1, cn-north-1, ` +
			`cn-northwest-1, eu-central-1, eu-central-2, eu-isoe-west-1, eu-north-1, eu-south-1, eu-south-2, ` +
			`eu-west-1, eu-west-2, eu-west-3, eusc-de-east-1, il-central-1, me-central-1, me-south-1, mx-central-1, ` +
			`sa-east-1, us-east-1, us-east-2, us-gov-east-1, us-gov-west-1, us-iso-east-1, us-iso-west-1, ` +
			`us-isob-east-1, us-isof-east-1, us-isof-south-1, us-west-1, us-west-2`},
	{"defaults.region", `"ap-southeast-6"`,
		defaultsPath + `region = "ap-southeast-6": must be one of 44 values, see the schema; did you mean ` +
			`"ap-southeast-1"?`},
	{"defaults.region", `"EU-CENTRAL-1"`,
		defaultsPath + `region = "EU-CENTRAL-1": must be one of 44 values, see the schema; did you mean ` +
			`"eu-central-1"?`},
	{"defaults.region", `"eu-central-1a"`,
		defaultsPath + `region = "eu-central-1a": must be one of 44 values, see the schema; did you mean ` +
			`"eu-central-1"?`},
	{"defaults.region", `" eu-central-1"`,
		defaultsPath + `region = " eu-central-1": must be one of 44 values, see the schema; did you mean ` +
			`"eu-central-1"?`},
}

func TestBrokenTexts(t *testing.T) { assertBroken(t, brokenTexts) }
