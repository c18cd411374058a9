package config

import "testing"

var brokenPipelines = []breakage{
	{"environments.dev.pipeline.repository", `"https://github.com/acme/infrastructure"`,
		devPath + `pipeline.repository = "https://github.com/acme/infrastructure": must be OWNER/NAME`},
	{"environments.dev.pipeline.branch", `"main"`,
		devPath + `pipeline.branch = "main": must be left out without pipeline.repository, which it belongs to`},
	{"environments.dev.pipeline.existingProvider", `true`,
		devPath + `pipeline.existingProvider = true: must be left out without pipeline.repository, which it ` +
			`belongs to`},
	{"environments.dev.pipeline", `{"repository":"acme/infra","branch":"*"}`,
		devPath + `pipeline.branch = "*": must be the name of a branch`},
	{"environments.dev.pipeline", `{"repository":"acme/infra","subject":"repo:acme/*"}`,
		devPath + `pipeline.subject = "repo:acme/*": must be repo:OWNER/NAME or repo:OWNER-ID/NAME-ID`},
	{"environments.dev.pipeline", `{"repository":"acme/infra","subject":"repo:evil-1/infra-2"}`,
		devPath + `pipeline.subject = "repo:evil-1/infra-2": must be the subject of acme/infra`},
	{"environments.dev.pipeline.principals", `["*"]`,
		devPath + `pipeline.principals[0] = "*": must be the ARN of an IAM role or user, such as ` +
			`arn:aws:iam::ACCOUNT:role/NAME`},
	{"environments.prod", `{"profile":"standard","accountId":"444455556666","pipeline":{"repository":"acme/infra"},` +
		`"s3":{"buckets":{"pipeline-state":{}}}}`,
		prodPath + `s3.buckets.pipeline-state: must have another name: with pipeline the bucket of the state is ` +
			`called so`},
}

func TestBrokenPipelines(t *testing.T) { assertBroken(t, brokenPipelines) }

func TestPipelineDefaults(t *testing.T) {
	p := Pipeline{Repository: "acme/infra"}
	if p.TokenSubject() != "repo:acme/infra" || p.DeployBranch() != "main" {
		t.Errorf("%q, %q", p.TokenSubject(), p.DeployBranch())
	}
	for _, subject := range []string{"repo:acme/infra", "repo:acme-12/infra-34"} {
		if err := checkSubject(subject, "acme/infra"); err != nil {
			t.Error(subject, err)
		}
	}
}
