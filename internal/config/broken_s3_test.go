package config

import "testing"

var brokenBuckets = []breakage{
	{"environments.dev.s3.buckets", `{"trail":{}}`,
		devPath + `s3.buckets.trail: must have another name: the stack makes a bucket of this one for itself`},
	{"environments.dev.s3.buckets", `{"Reports":{}}`,
		devPath + `s3.buckets.Reports: must have a name of at most 20 characters, of lower-case words of letters ` +
			`and digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"a-very-long-name-for-a-bucket":{}}`,
		devPath + `s3.buckets.a-very-long-name-for-a-bucket: must have a name of at most 20 characters, of ` +
			`lower-case words of letters and digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"reports":{"headerOptoinal":true}}`,
		devPath + `s3.buckets.reports.headerOptoinal = true: must be a known field; did you mean "headerOptional"?`},
	{"environments.dev.s3.buckets", `["reports"]`, devPath + `s3.buckets = ["reports"]: must be an object, not a list`},
	{"environments.dev.s3.buckets.data", `{"tierAfterDays":30,"expireAfterDays":30}`,
		devPath + `s3.buckets.data.tierAfterDays = 30: must be less than the 30 days after which the objects expire`},
	{"environments.dev.s3.noncurrentDays", `0`, devPath + `s3.noncurrentDays = 0: must be 1 to 3650 days`},
	{"environments.dev.s3.perimeter", `"organisation"`,
		devPath + `s3.perimeter = "organisation": must be one of account, organization; did you mean "organization"?`},
	{"environments.dev.s3.perimeter", `"organization"`,
		devPath + `s3.organizationId: must be set with s3.perimeter "organization"`},
	{"environments.dev.s3.organizationId", `"o-aaaaaaaaaa"`,
		devPath + `s3.organizationId = "o-aaaaaaaaaa": must be left out unless s3.perimeter is "organization"`},
	{"environments.dev.s3.organizationId", `"org"`,
		devPath + `s3.organizationId = "org": must be the id of an organization, o-…`},
	{"environments.dev.s3.buckets.data.objectLock", `{"mode":"legal","days":1}`,
		devPath + `s3.buckets.data.objectLock.mode = "legal": must be one of governance, compliance`},
	{"environments.dev.s3.trail.objectLock", `{"mode":"governance","days":1}`,
		devPath + `s3.trail.objectLock.mode = "governance": must be left out while s3.preventDestroy is false: what ` +
			`is locked cannot be destroyed`},
	{"environments.dev.s3.buckets", `{"access-logs":{}}`,
		devPath + `s3.buckets.access-logs: must have another name: the stack makes a bucket of this one for itself`},
	{"environments.dev.s3.buckets", `{"":{}}`,
		devPath + `s3.buckets."": must have a name of at most 20 characters, of lower-case words of letters and ` +
			`digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"1x":{}}`,
		devPath + `s3.buckets.1x: must have a name of at most 20 characters, of lower-case words of letters and ` +
			`digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"a--b":{}}`,
		devPath + `s3.buckets.a--b: must have a name of at most 20 characters, of lower-case words of letters and ` +
			`digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"x-":{}}`,
		devPath + `s3.buckets.x-: must have a name of at most 20 characters, of lower-case words of letters and ` +
			`digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"a.b":{}}`,
		devPath + `s3.buckets."a.b": must have a name of at most 20 characters, of lower-case words of letters and ` +
			`digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.s3.buckets", `{"x":null}`, devPath + `s3.buckets.x: must be an object, not null`},
	{"environments.dev.s3.buckets.data", `{"expireAfterDays":20,"tierAfterDays":21}`,
		devPath + `s3.buckets.data.tierAfterDays = 21: must be less than the 20 days after which the objects expire`},
	{"environments.dev.s3.buckets.data.tierAfterDays", `0`,
		devPath + `s3.buckets.data.tierAfterDays = 0: must be 1 to 3650 days`},
	{"environments.dev.s3.buckets.data.expireAfterDays", `36501`,
		devPath + `s3.buckets.data.expireAfterDays = 36501: must be 1 to 36500 days`},
	{"environments.dev.s3.trail.archiveAfterDays", `7`,
		devPath + `s3.trail.archiveAfterDays = 7: must be 0, which is never: the files expire after 30 days, and ` +
			`the archive is paid for 90 days at least`},
	{"environments.dev.s3.trail", `{"archiveAfterDays":7,"expireAfterDays":96}`,
		devPath + `s3.trail.archiveAfterDays = 7: must be at most 6, or 0 for never: the files expire after 96 ` +
			`days, and the archive is paid for 90 days at least`},
	{"environments.dev.s3.trail", `{"archiveAfterDays":7,"expireAfterDays":91}`,
		devPath + `s3.trail.archiveAfterDays = 7: must be at most 1, or 0 for never: the files expire after 91 ` +
			`days, and the archive is paid for 90 days at least`},
	{"environments.dev.s3.trail", `{"archiveAfterDays":1,"expireAfterDays":90}`,
		devPath + `s3.trail.archiveAfterDays = 1: must be 0, which is never: the files expire after 90 days, and ` +
			`the archive is paid for 90 days at least`},
	{"environments.dev.s3.trail.archiveAfterDays", `-1`,
		devPath + `s3.trail.archiveAfterDays = -1: must be 0 to 3650 days`},
	{"environments.staging.s3.trail.expireAfterDays", `100`,
		stagingPath + `s3.trail.archiveAfterDays = 90: must be at most 10, or 0 for never: the files expire after ` +
			`100 days, and the archive is paid for 90 days at least`},
	{"environments.staging.s3.trail.objectLock", `{"mode":"governance"}`,
		stagingPath + `s3.trail.objectLock.days: must be set together with the mode`},
	{"environments.staging.s3.trail.objectLock", `{"days":5}`,
		stagingPath + `s3.trail.objectLock.mode: must be set together with the days`},
	{"environments.staging.s3.trail.objectLock", `{"mode":"governance","days":401}`,
		stagingPath + `s3.trail.objectLock.days = 401: must be at most 400, after which the objects expire: what is ` +
			`locked does not`},
	{"environments.staging.s3.buckets.data", `{"expireAfterDays":30,"objectLock":{"mode":"compliance","days":31}}`,
		stagingPath + `s3.buckets.data.objectLock.days = 31: must be at most 30, after which the objects expire: ` +
			`what is locked does not`},
	{"environments.staging.s3.trail.objectLock", `{"mode":"governance","days":0}`,
		stagingPath + `s3.trail.objectLock.days = 0: must be 1 to 36500 days`},
	{"environments.staging.s3.trail.objectLock", `{"mode":"governance","days":36501}`,
		stagingPath + `s3.trail.objectLock.days = 36501: must be 1 to 36500 days`},
	{"environments.staging.s3.buckets.data.objectLock", `{"mode":"compliance"}`,
		stagingPath + `s3.buckets.data.objectLock.days: must be set together with the mode`},
	{"defaults.s3.perimeter", `"organization"`,
		devPath + `s3.organizationId: must be set with s3.perimeter "organization"`},
	{"defaults.s3", `{"perimeter":"account","organizationId":"o-aaaaaaaaaa"}`,
		defaultsPath + `s3.organizationId = "o-aaaaaaaaaa": must be left out unless s3.perimeter is "organization"`},
	{"defaults.s3.organizationId", `"o-AAAAAAAAAA"`,
		defaultsPath + `s3.organizationId = "o-AAAAAAAAAA": must be the id of an organization, o-…`},
	{"environments.dev.s3.accessLogs.expireAfterDays", `0`,
		devPath + `s3.accessLogs.expireAfterDays = 0: must be 1 to 36500 days`},
}

func TestBrokenBuckets(t *testing.T) { assertBroken(t, brokenBuckets) }
