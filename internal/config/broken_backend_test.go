package config

import (
	"strings"
	"testing"
)

var brokenBackends = []breakage{
	{"defaults.backend.buckt", `"x"`,
		defaultsPath + `backend.buckt = "x": must be a known field; did you mean "bucket"?`},
	{"environments.dev.backend.type", `"S3"`,
		devPath + `backend.type = "S3": must be one of local, s3, cloud; did you mean "s3"?`},
	{"environments.dev.backend.type", `"gcs"`, devPath + `backend.type = "gcs": must be one of local, s3, cloud`},
	{"environments.dev.backend", `{"type":"cloud"}`,
		devPath + `backend.organization: must be set with backend.type "cloud"`},
	{"environments.dev.backend", `{"type":"cloud","organization":"acme","bucket":"acme-state"}`,
		devPath + `backend.bucket = "acme-state": must be left out with backend.type "cloud"; it belongs to "s3"`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-west-1","workspace":"w"}`,
		devPath + `backend.workspace = "w": must be left out with backend.type "s3"; it belongs to "cloud"`},
	{"environments.dev.backend.organization", `"acme"`,
		devPath + `backend.organization = "acme": must be left out with backend.type "local"; it belongs to "cloud"`},
	{"environments.dev.backend", `{"type":"cloud","organization":"a b"}`,
		devPath + `backend.organization = "a b": must be a name of 3 to 40 letters, digits, hyphens and underscores`},
	{"environments.dev.backend", `{"type":"cloud","organization":"acme","workspace":"{env}"}`,
		devPath + `backend.workspace = "{env}": must be a name of up to 90 letters, digits, hyphens and underscores`},
	{"environments.dev.backend", `{"type":"cloud","organization":"acme","hostname":"https://x.example.com"}`,
		devPath + `backend.hostname = "https://x.example.com": must be the name of a host, such as ` +
			`terraform.example.com`},
	{"defaults.backend", `{"type":"cloud","organization":"acme","workspace":"all"}`,
		defaultsPath + `backend.workspace = "all": must hold {environment}, or be set in each environment instead: ` +
			`one state cannot serve several`},
	{"environments.dev.backend.bucket", `"acme-state"`,
		devPath + `backend.bucket = "acme-state": must be left out with backend.type "local"; it belongs to "s3"`},
	{"environments.dev.backend", `{"type":"s3","region":"eu-west-1"}`,
		devPath + `backend.bucket: must be set with backend.type "s3"`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state"}`,
		devPath + `backend.region: must be set with backend.type "s3"`},
	{"environments.dev.backend", `{"type":"s3","bucket":"Acme","region":"eu-west-1"}`,
		devPath + `backend.bucket = "Acme": must be of lower-case letters, digits, dots and hyphens, and begin and ` +
			`end with a letter or digit`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-wets-1"}`,
		devPath + `backend.region = "eu-wets-1": must be one of 44 values, see the schema; did you mean "eu-west-1"?`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-west-1","key":""}`,
		devPath + `backend.key = "": must be 1 to 1017 bytes long, not 0, because the lock is called the same with ` +
			`.tflock`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme","region":"eu-west-1","kmsKeyArn":"alias/x"}`,
		devPath + `backend.kmsKeyArn = "alias/x": must be the ARN of a key with its id, such as ` +
			`arn:aws:kms:eu-west-1:ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme","region":"eu-west-1","assumeRole":"arn:aws:iam::111122223333:user/a"}`,
		devPath + `backend.assumeRole = "arn:aws:iam::111122223333:user/a": must be the ARN of an IAM role, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.dev.backend.key", `"x/{environment}"`,
		devPath + `backend.key = "x/{environment}": must be left out with backend.type "local"; it belongs to "s3"`},
	{"environments.dev.backend.region", `"eu-west-1"`,
		devPath + `backend.region = "eu-west-1": must be left out with backend.type "local"; it belongs to "s3"`},
	{"environments.dev.backend.kmsKeyArn", `"x"`,
		devPath + `backend.kmsKeyArn = "x": must be left out with backend.type "local"; it belongs to "s3"`},
	{"environments.dev.backend.bucket", `""`,
		devPath + `backend.bucket = "": must be left out with backend.type "local"; it belongs to "s3"`},
	{"environments.dev.backend", `{"type":"s3","bucket":"ab","region":"eu-west-1"}`,
		devPath + `backend.bucket = "ab": must be 3 to 63 characters long, not 2`},
	{"environments.dev.backend", `{"type":"s3","bucket":"a..b","region":"eu-west-1"}`,
		devPath + `backend.bucket = "a..b": must not have two dots in a row`},
	{"environments.dev.backend", `{"type":"s3","bucket":"192.168.5.4","region":"eu-west-1"}`,
		devPath + `backend.bucket = "192.168.5.4": must not look like an IP address`},
	{"environments.dev.backend", `{"type":"s3","bucket":"-acme","region":"eu-west-1"}`,
		devPath + `backend.bucket = "-acme": must be of lower-case letters, digits, dots and hyphens, and begin and ` +
			`end with a letter or digit`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme-": must be of lower-case letters, digits, dots and hyphens, and begin and ` +
			`end with a letter or digit`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme_state","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme_state": must be of lower-case letters, digits, dots and hyphens, and ` +
			`begin and end with a letter or digit`},
	{"environments.dev.backend", `{"type":"s3","bucket":"xn--acme","region":"eu-west-1"}`,
		devPath + `backend.bucket = "xn--acme": must not begin with xn--, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"sthree-x","region":"eu-west-1"}`,
		devPath + `backend.bucket = "sthree-x": must not begin with sthree-, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"amzn-s3-demo-x","region":"eu-west-1"}`,
		devPath + `backend.bucket = "amzn-s3-demo-x": must not begin with amzn-s3-demo-, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-s3alias","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme-s3alias": must not end with -s3alias, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme--ol-s3","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme--ol-s3": must not end with --ol-s3, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme.mrap","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme.mrap": must not end with .mrap, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme--x-s3","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme--x-s3": must not end with --x-s3, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme--table-s3","region":"eu-west-1"}`,
		devPath + `backend.bucket = "acme--table-s3": must not end with --table-s3, which S3 reserves`},
	{"environments.dev.backend", `{"type":"s3","bucket":"","region":"eu-west-1"}`,
		devPath + `backend.bucket = "": must be 3 to 63 characters long, not 0`},
	{"environments.dev.backend", `{"type":"s3","bucket":" ","region":"eu-west-1"}`,
		devPath + `backend.bucket = " ": must be 3 to 63 characters long, not 1`},
	{"environments.dev.backend", `{"type":"s3","bucket":"` + long[:64] + `","region":"eu-west-1"}`,
		devPath + `backend.bucket = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be 3 to 63 ` +
			`characters long, not 64`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"/a"}`,
		devPath + `backend.key = "/a": must not begin or end with a slash`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a/"}`,
		devPath + `backend.key = "a/": must not begin or end with a slash`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a//b"}`,
		devPath + `backend.key = "a//b": must not have two slashes in a row`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a/../b"}`,
		devPath + `backend.key = "a/../b": must not have "." or ".." between slashes`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"./b"}`,
		devPath + `backend.key = "./b": must not have "." or ".." between slashes`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a\tb"}`,
		devPath + `backend.key = "a\tb": must not hold control characters`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":" a"}`,
		devPath + `backend.key = " a": must not begin or end with a space`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":" "}`,
		devPath + `backend.key = " ": must not begin or end with a space`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a.tflock"}`,
		devPath + `backend.key = "a.tflock": must not end with .tflock, as the lock of another state does`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a/{env}"}`,
		devPath + `backend.key = "a/{env}": must hold no braces but those of {project} and {environment}`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a/{environment"}`,
		devPath + `backend.key = "a/{environment": must hold no braces but those of {project} and {environment}`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"a}"}`,
		devPath + `backend.key = "a}": must hold no braces but those of {project} and {environment}`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"{{environment}}"}`,
		devPath + `backend.key = "{{environment}}": must hold no braces but those of {project} and {environment}`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"` + strings.Repeat("k", 1018) + `"}`,
		devPath + `backend.key = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: must be 1 to 1017 ` +
			`bytes long, not 1018, because the lock is called the same with .tflock`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"` + strings.Repeat("ü", 509) + `"}`,
		devPath + `backend.key = "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…: must be 1 to 1017 ` +
			`bytes long, not 1018, because the lock is called the same with .tflock`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"` + strings.Repeat("k", 1015) +
			`{environment}"}`, devPath +
			`backend.key = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: must be 1 to 1017 bytes ` +
			`long, not 1018, because the lock is called the same with .tflock`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"cn-north-1"}`,
		devPath + `backend.region = "cn-north-1": must be in the partition of the region eu-central-1, which is ` +
			`aws: no credentials are good for two`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"us-gov-west-1"}`,
		devPath + `backend.region = "us-gov-west-1": must be in the partition of the region eu-central-1, which is ` +
			`aws: no credentials are good for two`},
	{"environments.dev.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","kmsKeyArn":""}`,
		devPath + `backend.kmsKeyArn = "": must be the ARN of a key with its id, such as ` +
			`arn:aws:kms:eu-west-1:ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state",` +
			`"region":"eu-west-1",` +
			`"kmsKeyArn":"arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-4cde-8f01-23456789abcd"}`,
		devPath + `backend.kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-4cd…: ` +
			`must be a key in the region of the bucket, eu-west-1`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state",` +
			`"region":"eu-west-1",` +
			`"kmsKeyArn":"arn:aws-cn:kms:eu-west-1:111122223333:key/01234567-89ab-4cde-8f01-23456789abcd"}`,
		devPath + `backend.kmsKeyArn = "arn:aws-cn:kms:eu-west-1:111122223333:key/01234567-89ab-4cd…: ` +
			`must be a key in the region of the bucket, eu-west-1`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state",` +
			`"region":"eu-west-1",` +
			`"kmsKeyArn":"arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012"}`,
		devPath + `backend.kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1…: ` +
			`must be the ARN of a key with its id, such as ` +
			`arn:aws:kms:eu-west-1:ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state",` +
			`"region":"eu-west-1",` +
			`"kmsKeyArn":"arn:aws:kms:eu-west-1:111122223333:key/mrk-1"}`,
		devPath + `backend.kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1": ` +
			`must be the ARN of a key with its id, such as ` +
			`arn:aws:kms:eu-west-1:ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd`},
	{"environments.dev.backend",
		`{"type":"s3","bucket":"acme-state",` +
			`"region":"eu-west-1",` +
			`"kmsKeyArn":"arn:aws:kms:eu-west-1:111122223333:alias/x"}`,
		devPath + `backend.kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:alias/x": ` +
			`must be the ARN of a key with its id, such as ` +
			`arn:aws:kms:eu-west-1:ACCOUNT:key/01234567-89ab-4cde-8f01-23456789abcd`},
	{"defaults.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"state"}`,
		defaultsPath + `backend.key = "state": must hold {environment}, or be set in each environment instead: ` +
			`one state cannot serve several`},
	{"defaults.backend", `{"type":"s3","bucket":"acme-state","region":"eu-west-1","key":"{project}/state"}`,
		defaultsPath + `backend.key = "{project}/state": must hold {environment}, or be set in each environment ` +
			`instead: one state cannot serve several`},
	{"environments.prod.backend", `{"type":"s3","bucket":"acme..state","region":"eu-west-1"}`,
		prodPath + `backend.bucket = "acme..state": must not have two dots in a row`},
}

func TestBrokenBackends(t *testing.T) { assertBroken(t, brokenBackends) }
