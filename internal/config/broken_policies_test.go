package config

import "testing"

var brokenPolicies = []breakage{
	{"environments.dev.logging.auditors", `[` + principals(50, "auditor") + `]`,
		devPath + `logging.auditors = ["arn:aws:iam::111122223333:role/auditor-000","arn:aws:iam::…: must be short ` +
			`enough for a trust policy of 2048 characters; these 50 make it 2390`},
	{"environments.dev.kms.administrators", `[` + principals(800, "admin") + `]`,
		devPath + `kms.administrators = ["arn:aws:iam::111122223333:role/admin-000","arn:aws:iam::11…: must be ` +
			`short enough for a key policy of 32768 bytes; these 800 make it 37698`},
	{"environments.dev.kms.breakGlass", `[` + principals(800, "break-glass") + `]`,
		devPath + `kms.breakGlass = ["arn:aws:iam::111122223333:role/break-glass-000","arn:aws:i…: must be short ` +
			`enough for a key policy of 32768 bytes; these 800 make it 42443`},
	{"environments.dev.s3.buckets", `{` + buckets(300) + `}`,
		devPath + `s3.buckets = {"reports-000":{},"reports-001":{},"reports-002":{},"reports…: must be short enough ` +
			`for a key policy of 32768 bytes; these 301 make it 44992`},
	{"environments.prod.logging.auditors", `[` + principals(50, "auditor") + `]`,
		prodPath + `logging.auditors = ["arn:aws:iam::111122223333:role/auditor-000","arn:aws:iam::…: must be short ` +
			`enough for a trust policy of 2048 characters; these 50 make it 2390`},
	{"defaults.kms.administrators", `[` + principals(800, "admin") + `]`,
		defaultsPath + `kms.administrators = ["arn:aws:iam::111122223333:role/admin-000","arn:aws:iam::11…: must be ` +
			`short enough for a key policy of 32768 bytes; these 800 make it 37698`},
	{"environments.prod.s3.buckets", `{` + buckets(400) + `}`,
		prodPath + `s3.buckets = {"reports-000":{},"reports-001":{},"reports-002":{},"reports…: must be short ` +
			`enough for a key policy of 32768 bytes; these 401 make it 52128`},
	{"environments.dev.kms",
		`{"administrators":[` + principals(300, "admin") + `],"breakGlass":[` + principals(500, "break-glass") + `]}`,
		devPath + `kms.breakGlass = ["arn:aws:iam::111122223333:role/break-glass-000","arn:aws:i…: must be short ` +
			`enough for a key policy of 32768 bytes; these 500 make it 40892`},
	{"environments.prod",
		`{"profile":"production","accountId":"111122223333","logging":{"alarmEmails":["security@example.com"]},` +
			`"kms":{"administrators":[` + principals(100, "admin") + `]},"s3":{"buckets":{` + buckets(240) + `}}}`,
		prodPath + `s3.buckets = {"reports-000":{},"reports-001":{},"reports-002":{},"reports…: ` +
			`must be short enough for a key policy of 32768 bytes; these 241 make it 36187`},
}

func TestBrokenPolicies(t *testing.T) { assertBroken(t, brokenPolicies) }
