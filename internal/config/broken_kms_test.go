package config

import "testing"

// permissionSetForm is what the ARN of a permission set's role must look like.
const permissionSetForm = `must name the role of a permission set with "*" in place of the digits at its end, as in ` +
	`arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_NAME_*`

var brokenKeys = []breakage{
	{"environments.dev.kms.rotationdays", `100`,
		devPath + `kms.rotationdays = 100: must be a known field; did you mean "rotationDays"?`},
	{"environments.dev.kms.window", `7`,
		devPath + `kms.window = 7: must be a known field, one of accountMayDelete, administrators, breakGlass, ` +
			`deletionWindowDays, rotationDays`},
	{"environments.dev.kms", `true`, devPath + `kms = true: must be an object, not a boolean`},
	{"environments.dev.kms.rotationDays", `"365"`,
		devPath + `kms.rotationDays = "365": must be a whole number, not a string`},
	{"environments.dev.kms.rotationDays", `90.5`,
		devPath + `kms.rotationDays = 90.5: must be a whole number, not a fraction`},
	{"environments.dev.kms.accountMayDelete", `"no"`,
		devPath + `kms.accountMayDelete = "no": must be true or false, not a string`},
	{"environments.dev.kms.breakGlass", `"x"`, devPath + `kms.breakGlass = "x": must be a list, not a string`},
	{"environments.dev.kms.breakGlass", `[7]`, devPath + `kms.breakGlass[0] = 7: must be a string, not a number`},
	{"environments.dev.kms.rotationDays", `89`, devPath + `kms.rotationDays = 89: must be 90 to 2560 days`},
	{"environments.dev.kms.rotationDays", `2561`, devPath + `kms.rotationDays = 2561: must be 90 to 2560 days`},
	{"environments.dev.kms.deletionWindowDays", `6`, devPath + `kms.deletionWindowDays = 6: must be 7 to 30 days`},
	{"environments.dev.kms.deletionWindowDays", `31`, devPath + `kms.deletionWindowDays = 31: must be 7 to 30 days`},
	{"environments.dev.kms.deletionWindowDays", `-1`, devPath + `kms.deletionWindowDays = -1: must be 7 to 30 days`},
	{"environments.dev.kms.deletionWindowDays", `0`, devPath + `kms.deletionWindowDays = 0: must be 7 to 30 days`},
	{"defaults.kms.deletionWindowDays", `90`, defaultsPath + `kms.deletionWindowDays = 90: must be 7 to 30 days`},
	{"environments.dev.kms.rotationDays", `1e30`, devPath + `kms.rotationDays = 1e+30: must be 90 to 2560 days`},
	{"environments.dev.kms.administrators", `["key-admin"]`,
		devPath + `kms.administrators[0] = "key-admin": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:root"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:root": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["*"]`,
		devPath + `kms.administrators[0] = "*": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.breakGlass",
		`["arn:aws:iam::111122223333:role/a","arn:aws:sts::111122223333:assumed-role/a/b"]`,
		devPath + `kms.breakGlass[1] = "arn:aws:sts::111122223333:assumed-role/a/b": must be the ARN of an IAM role ` +
			`or user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.breakGlass", `["arn:aws-us-gov:iam::111122223333:role/a"]`,
		devPath + `kms.breakGlass[0] = "arn:aws-us-gov:iam::111122223333:role/a": must be in the region's ` +
			`partition, aws`},
	{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:role/a","arn:aws:iam::111122223333:role/a"]`,
		devPath + `kms.breakGlass = ["arn:aws:iam::111122223333:role/a","arn:aws:iam::1111222233…: must hold no ` +
			`duplicates; item 2 repeats item 1`},
	{"environments.dev.logging.keepOnDestroy", `true`,
		devPath + `logging.keepOnDestroy = true: must be false while kms.accountMayDelete is true: nobody could ` +
			`read what is kept, once its key is deleted with the stack`},
	{"environments.dev.rds.discardOnDestroy", `false`,
		devPath + `rds.discardOnDestroy = false: must be true while kms.accountMayDelete is true: nobody could ` +
			`read what is kept, once its key is deleted with the stack`},
	{"environments.dev.kms.administrators", `[""]`,
		devPath + `kms.administrators[0] = "": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:role/"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:role/": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:group/a"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:group/a": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::11112222333:role/a"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::11112222333:role/a": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:role/a*"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:role/a*": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["arn:aws:iam::111122223333:role/` + long[:65] + `"]`,
		devPath + `kms.administrators[0] = "arn:aws:iam::111122223333:role/xxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be ` +
			`the ARN of an IAM role or user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:user/a/"]`,
		devPath + `kms.breakGlass[0] = "arn:aws:iam::111122223333:user/a/": must be the ARN of an IAM role or user, ` +
			`such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.breakGlass", `[" arn:aws:iam::111122223333:role/a"]`,
		devPath + `kms.breakGlass[0] = " arn:aws:iam::111122223333:role/a": must be the ARN of an IAM role or user, ` +
			`such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.administrators", `["111122223333"]`,
		devPath + `kms.administrators[0] = "111122223333": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"defaults.kms.administrators", `["x"]`,
		defaultsPath + `kms.administrators[0] = "x": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.breakGlass",
		`["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin"]`,
		devPath + `kms.breakGlass[0] = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.c…: ` +
			permissionSetForm},
	{"environments.dev.kms.breakGlass",
		`["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_*"]`,
		devPath + `kms.breakGlass[0] = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.c…: ` +
			permissionSetForm},
	{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/X"]`,
		devPath + `kms.breakGlass[0] = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws…: must not ` +
			`be a service-linked role, which only its service can assume`},
	{"environments.dev.kms.breakGlass", `["arn:aws:iam::111122223333:role/a*"]`,
		devPath + `kms.breakGlass[0] = "arn:aws:iam::111122223333:role/a*": must be the ARN of an IAM role or ` +
			`user, such as arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.kms.deletionWindowDays", `7.5`,
		devPath + `kms.deletionWindowDays = 7.5: must be a whole number, not a fraction`},
	{"environments.dev.kms.rotationDays", `null`, devPath + `kms.rotationDays: must be a whole number, not null`},
	{"environments.staging.kms.accountMayDelete", `true`,
		stagingPath + `kms.accountMayDelete = true: must be false in profile "standard"; name kms.breakGlass ` +
			`principals instead`},
	{"environments.prod.kms.accountMayDelete", `true`,
		prodPath + `kms.accountMayDelete = true: must be false in profile "production"; name kms.breakGlass ` +
			`principals instead`},
}

func TestBrokenKeys(t *testing.T) { assertBroken(t, brokenKeys) }
