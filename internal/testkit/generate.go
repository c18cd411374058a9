package testkit

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/cisalarms"
	"securebaseline/internal/rdsrules"
)

// Generator draws configurations at random: ordinary values, those at the limits, and those that only just stay within
// a rule.
type Generator struct {
	*rand.Rand
	env awsenv.Env
}

// NewGenerator draws the region, by which other values go.
func NewGenerator(t testing.TB, seed uint64) Generator {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	regions := awsenv.Regions()
	env, err := awsenv.New(regions[random.IntN(len(regions))], Account)
	if err != nil {
		t.Fatal(err)
	}
	return Generator{random, env}
}

// Fields returns the values to draw from, by field.
func (g Generator) Fields() map[string][]any {
	partition, region := g.env.Partition(), g.env.Region()
	role := func(name string) string { return g.env.IAMARN("role/" + name) }
	zone := func(letters ...string) []string {
		names := make([]string, len(letters))
		for i, letter := range letters {
			names[i] = region + letter
		}
		return names
	}
	services := awsenv.EndpointServices()
	return map[string][]any{
		"project": {"ab", "a2-b3", strings.Repeat("p", 32), "a-project-with-a-name-of-32-chrs"},
		"owner": {"x", "Team A/b_c.d:e=f+g-h@i", strings.Repeat("o", 256), strings.Repeat("ö", 256),
			"チーム"},
		"costCenter": {"0", "cc-1234"},
		"compliance": {"cis", "PCI DSS 4.0"},
		"iamPath":    {"/platform/", "/a/b/c/", "platform", "//"},
		"permissionsBoundary": {g.env.IAMARN("policy/path/to/boundary"),
			"arn:" + partition + ":iam::aws:policy/PowerUserAccess"},
		"profile":         {"ephemeral", "standard", "production"},
		"providerVersion": {"~> 5.99", "~> 6.0"},
		"tags": {map[string]any{}, map[string]any{"Team": "b", "Größe/1": "é"}, manyTags(43),
			map[string]any{strings.Repeat("k", 128): strings.Repeat("v", 256)}},
		"backend.type":   {"local", "s3", "cloud"},
		"backend.bucket": {"abc", "a.b-c", strings.Repeat("b", 63), "1.2.3", "acme..state", "192.168.5.4"},
		"backend.region": {region, "eu-west-1", "cn-north-1"},
		"backend.key": {"k", "{project}/{environment}/state", strings.Repeat("k", 1017),
			strings.Repeat("k", 1018), "a b/ü", "/k", "k/", "a//b", "k.tflock"},
		"backend.assumeRole":   {"arn:aws:iam::222233334444:role/state", "arn:aws:iam::222233334444:user/state"},
		"backend.organization": {"acme", "a"},
		"backend.workspace":    {"w", "{project}-{environment}", "a b"},
		"backend.hostname":     {"terraform.example.com", "terraform.example.com:8443", "x"},
		"backend.kmsKeyArn": {g.env.ARN("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			g.env.ARN("kms", "key/mrk-1234abcd12ab34cd56ef1234567890ab"), g.env.ARN("kms", "alias/state")},

		"pipeline.repository":       {Repository, "acme"},
		"pipeline.subject":          {"repo:acme-1/infrastructure-2", "acme"},
		"pipeline.branch":           {"release/1", "-"},
		"pipeline.existingProvider": {true},
		"pipeline.principals":       {[]string{role("runner")}},

		"kms.administrators": {[]string{role("admin")}, []string{role("a"), g.env.IAMARN("user/path/b")},
			roleList(g.env, 600)},
		"kms.breakGlass": {[]string{role("break-glass+=,.@-_")},
			[]string{g.env.IAMARN("user/" + strings.Repeat("u", 64))}},
		"kms.accountMayDelete":   {true, false},
		"kms.deletionWindowDays": {7, 30, 6},
		"kms.rotationDays":       {90, 2560, 89},

		"network.cidr": {"10.0.0.0/16", "172.31.0.0/20", "192.168.0.0/23", "100.64.0.0/16", "10.0.0.0/24",
			"10.0.0.1/16"},
		"network.zones": {zone("a", "b"), zone("f", "a", "c"), zone("a", "b", "c", "d", "e", "f"),
			zone("a")},
		"network.zoneCount":          {2, 6},
		"network.excludeZoneIds":     {[]string{"euc1-az1"}, []string{"eu-central-1a"}},
		"network.nat":                {"none", "single", "per-zone"},
		"network.subnets.public":     {16, 24, 28},
		"network.subnets.private":    {19, 20, 28},
		"network.subnets.database":   {24, 28},
		"network.interfaceEndpoints": {services[:1], services},
		"network.dynamodbEndpoint":   {true},
		"network.ipv6":               {true},
		"network.secondaryCidrs": {[]string{"100.64.0.0/16"}, []string{"10.1.0.0/28", "10.2.0.0/16"},
			[]string{"10.0.128.0/20"}, []string{"198.19.0.0/16"}},
		"network.ipamPoolId":        {"ipam-pool-0123456789abcdef0"},
		"network.ipamNetmaskLength": {16, 20, 24},
		"network.endpointZones": {map[string]any{services[0]: []string{"a"}},
			map[string]any{services[0]: []string{"z"}}, map[string]any{services[0]: []string{}}},
		"network.trust.accounts":       {[]string{"555566667777"}, []string{"5555"}},
		"network.trust.organizationId": {"o-abcdefghij", "acme"},
		"network.trust.buckets":        {[]string{"partner-bucket"}, []string{"Partner"}},
		"network.trust.awsBuckets":     {[]string{}, []string{"cloudformation", "emr"}, []string{"all"}},
		"network.publicHttp":           {true, false},
		"network.publicAccess":         {"block-ingress", "block-bidirectional"},

		"rds.enabled":            {true, false},
		"rds.snapshotIdentifier": {"acme-database-prod-final-1", "rds:acme-2026-11-25-02-10", "-x"},
		"rds.restoreFrom": {"acme-database-old", "arn:aws:rds:eu-central-1:111122223333:auto-backup:ab-x1",
			"Old"},
		"rds.restoreTime":         {"2026-11-25T10:00:00Z", "yesterday"},
		"rds.majorVersion":        anyOf(rdsrules.MajorVersions()),
		"rds.class":               anyOf(append(rdsrules.Classes(), "db.m6g.medium", "db.t4g.4xlarge")),
		"rds.storageGiB":          {20, 399, 400, 59578, 59579, 65536},
		"rds.maxStorageGiB":       {22, 439, 440, 65536},
		"rds.iops":                {12000, 16000, 64000},
		"rds.throughputMiB":       {500, 4000},
		"rds.multiAz":             {true, false},
		"rds.zone":                anyOf(zone("a", "b", "c")),
		"rds.backupRetentionDays": {1, 35},
		"rds.backupWindow":        {"02:00-02:30", "23:45-00:15", "03:00-04:00"},
		"rds.maintenanceWindow":   {"sun:03:30-sun:04:00", "sun:23:45-mon:00:15", "mon:00:00-tue:00:00"},
		"rds.applyImmediately":    {true, false},
		"rds.insights":            {"none", "standard", "advanced"},
		"rds.audit":               {true, false},
		"rds.logSlowStatements":   {true},
		"rds.masterUser": {"a", "db_owner_1", strings.Repeat("u", 63), strings.Repeat("u", 16),
			"authorization"},
		"rds.rotationDays":       {1, 1000},
		"rds.connectUser":        {"a_b", strings.Repeat("c", 63), "select"},
		"rds.database":           {"shop", strings.Repeat("d", 63), "template0"},
		"rds.caCertificate":      anyOf(rdsrules.CACertificates()),
		"rds.deletionProtection": {true, false},
		"rds.preventDestroy":     {true, false},
		"rds.discardOnDestroy":   {true, false},
		"rds.instances": {
			map[string]any{"orders": instance(nil)},
			map[string]any{"a-name-of-20-letters": instance(map[string]any{"multiAz": true, "storageGiB": 400,
				"iops": 12000, "throughputMiB": 500}), "x": instance(map[string]any{"connectUser": "app2",
				"insights": "none"})},
			map[string]any{"orders": instance(map[string]any{"masterUser": "app"})},
		},

		"s3.buckets": {
			map[string]any{"r": map[string]any{"headerOptional": true, "expireAfterDays": 2, "tierAfterDays": 1}},
			map[string]any{"a-bucket-of-20-chars": map[string]any{"expireAfterDays": 36500, "tierAfterDays": 3650}},
			map[string]any{"vault": map[string]any{"objectLock": map[string]any{"mode": "compliance", "days": 36500}}},
			map[string]any{"data": map[string]any{"expireAfterDays": 30},
				"reports": map[string]any{"expireAfterDays": 31}},
		},
		"s3.trail": {map[string]any{"archiveAfterDays": 0, "expireAfterDays": 365},
			map[string]any{"archiveAfterDays": 1, "expireAfterDays": 91},
			map[string]any{"objectLock": map[string]any{"mode": "governance", "days": 1}},
			map[string]any{"archiveAfterDays": 3650, "expireAfterDays": 36500}},
		"s3.accessLogs":     {map[string]any{"expireAfterDays": 1}, map[string]any{"expireAfterDays": 36500}},
		"s3.noncurrentDays": {1, 3650},
		"s3.preventDestroy": {true, false},
		"s3.perimeter":      {"account", "organization"},
		"s3.organizationId": {"o-a1b2c3d4e5", "o-" + strings.Repeat("a", 32)},
		"logging.alarms": {map[string]any{cisalarms.Keys()[0]: map[string]any{"threshold": 100000,
			"periodSeconds": 86400}},
			map[string]any{cisalarms.Keys()[1]: map[string]any{"enabled": false, "periodSeconds": 60}}},
		"logging.trail":               {"own", "organization", "none"},
		"logging.organizationId":      {"o-abcdefghij", "acme"},
		"logging.managementAccountId": {"222233334444", "2222"},
		"logging.trailLogGroup":       {"aws-controltower/CloudTrailLogs", "a b"},
		"logging.dataEvents":          {true}, "logging.insights": {true}, "logging.trailNotifications": {true},
		"logging.retentionDays": {1, 365, 3653}, "logging.keepOnDestroy": {true, false},
		"logging.alarmEmails": {[]string{"security@example.com"},
			[]string{"a+b.c'd@e-f.example.org", strings.Repeat("l", 64) + "@example.com"},
			[]string{"a@b..example.com"}},
		"logging.alarmWebhooks": {[]string{"https://alarms.example.com/aws?a=b&c=%20"},
			[]string{"https://xn--bcher-kva.example:8443/"},
			[]string{"https://a..example.com"}, []string{"https://example.com:99999"}},
		"logging.auditors": {[]string{role("auditor")}, roleList(g.env, 40), roleList(g.env, 60)},
	}
}

// instance is a further database that a plan need not ask AWS about.
func instance(settings map[string]any) map[string]any {
	all := map[string]any{"majorVersion": "17", "applyImmediately": true}
	maps.Copy(all, settings)
	return all
}

func manyTags(count int) map[string]any {
	tags := map[string]any{}
	for i := range count {
		tags[fmt.Sprintf("Key %d", i)] = "value"
	}
	return tags
}

func roleList(env awsenv.Env, count int) []string {
	arns := make([]string, count)
	for i := range arns {
		arns[i] = env.IAMARN(fmt.Sprintf("role/r-%d", i))
	}
	return arns
}

func anyOf(words []string) []any {
	values := make([]any, len(words))
	for i, word := range words {
		values[i] = word
	}
	return values
}

// Draw adds field after field in a random order, and leaves out what the configuration then refuses. It returns the
// settings of the environment dev that are left: nothing but what is accepted, in a combination that nobody has thought
// of.
func (g Generator) Draw(t testing.TB) (accepted Settings, refused int) {
	t.Helper()
	accepted = Settings{"region": g.env.Region(), "accountId": Account}
	all := g.Fields()
	// What makes a plan possible without asking AWS comes first.
	order := append([]string{"rds.applyImmediately", "rds.majorVersion", "network.zones"},
		slices.Sorted(maps.Keys(all))...)
	g.Shuffle(len(order)-3, func(i, j int) { order[i+3], order[j+3] = order[j+3], order[i+3] })
	accepted["rds.applyImmediately"] = true
	accepted["network.zones"] = all["network.zones"][0]
	for _, path := range order[1:] {
		tried := maps.Clone(accepted)
		tried[path] = all[path][g.IntN(len(all[path]))]
		// these make sense together only
		if path == "backend.bucket" || path == "backend.region" || path == "backend.type" {
			for _, field := range []string{"backend.type", "backend.bucket", "backend.region"} {
				tried[field] = all[field][g.IntN(len(all[field]))]
			}
		}
		if path == "backend.organization" {
			tried["backend.type"] = "cloud"
		}
		if path == "s3.perimeter" || path == "s3.organizationId" {
			tried["s3.perimeter"], tried["s3.organizationId"] = "organization", all["s3.organizationId"][g.IntN(2)]
		}
		if path == "rds.applyImmediately" && tried[path] == false {
			continue // a major version goes with it
		}
		if _, err := TryLoad(t, "dev", tried); err != nil {
			refused++
			continue
		}
		accepted = tried
	}
	return accepted, refused
}
