package rdsrules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIdentifiers(t *testing.T) {
	for _, good := range []string{"a", "acme-database-prod", "a1", strings.Repeat("a", 63)} {
		assert.NoError(t, CheckIdentifier(good), good)
	}
	for _, bad := range []string{"", "1a", "-a", "a-", "a--b", "A", "a_b", "a.b", strings.Repeat("a", 64)} {
		assert.EqualError(t, CheckIdentifier(bad), "must be 1 to 63 characters long, of lower-case letters, digits and single "+
			"hyphens, beginning with a letter and not ending with a hyphen", bad)
	}
}

func TestMajorVersions(t *testing.T) {
	assert.NoError(t, CheckMajorVersion("17"))
	for _, bad := range []string{"", "9", "9.6", "17.4", "017", "v17", "17 ", "latest"} {
		assert.EqualError(t, CheckMajorVersion(bad), "must be a major version alone, of two digits", bad)
	}
}

func TestUsers(t *testing.T) {
	for _, good := range []string{"app", "dbadmin", "app_reader", "postgres", strings.Repeat("a", 63)} {
		assert.NoError(t, CheckUser(good), good)
	}
	for _, bad := range []string{"admin", "public", "rdsadmin", "rds_superuser", "rds_iam", "pg_monitor"} {
		assert.EqualError(t, CheckUser(bad), `is reserved by PostgreSQL or RDS, as are names that begin with "rds" or "pg_"`, bad)
	}
	for _, bad := range []string{"", "*", "app*", "App", "1a", "a-b", "a/b", "a?", strings.Repeat("a", 64)} {
		assert.EqualError(t, CheckUser(bad), "must be 1 to 63 characters long, of lower-case letters, digits and underscores, "+
			"beginning with a letter", bad)
	}
}

func TestZones(t *testing.T) {
	assert.NoError(t, CheckZone(true, ""))
	assert.NoError(t, CheckZone(false, "eu-central-1a"))
	assert.EqualError(t, CheckZone(true, "eu-central-1a"),
		"cannot be chosen for a Multi-AZ deployment, which RDS places itself; allowed with a single zone")
}

func TestMemory(t *testing.T) {
	for class, gib := range map[string]int{
		"db.t4g.micro": 1, "db.t3.small": 2, "db.t4g.medium": 4, "db.t4g.2xlarge": 32,
		"db.m6g.large": 8, "db.m7i.4xlarge": 64, "db.m6gd.16xlarge": 256,
		"db.r7g.large": 16, "db.r6i.xlarge": 32, "db.r8g.48xlarge": 1536, "db.c6gd.2xlarge": 16,
	} {
		memory, err := Memory(class)
		require.NoError(t, err, class)
		assert.Equal(t, gib*GiB, memory, class)
	}
	for class, want := range map[string]string{
		"":                "must be an instance class, such as db.t4g.medium",
		"t4g.medium":      "must be an instance class, such as db.t4g.medium",
		"db.t4g":          "must be an instance class, such as db.t4g.medium",
		"db.serverless":   "must be an instance class, such as db.t4g.medium",
		"db.T4G.medium":   "must be an instance class, such as db.t4g.medium",
		"db.x2g.large":    "is of an unknown family; allowed are the families c, m, r and t",
		"db.z1d.large":    "is of an unknown family; allowed are the families c, m, r and t",
		"db.t4g.4xlarge":  "is not a size of the burstable classes; allowed are micro, small, medium, large, xlarge and 2xlarge",
		"db.m6g.medium":   "is not a size of this family; allowed are large, xlarge and 2xlarge to 48xlarge",
		"db.m6g.1xlarge":  "is not a size of this family; allowed are large, xlarge and 2xlarge to 48xlarge",
		"db.m6g.49xlarge": "is not a size of this family; allowed are large, xlarge and 2xlarge to 48xlarge",
	} {
		_, err := Memory(class)
		assert.EqualError(t, err, want, class)
	}
}

func TestMaxConnections(t *testing.T) {
	assert.Equal(t, 112, MaxConnections(1*GiB))
	assert.Equal(t, 901, MaxConnections(8*GiB))
	assert.Equal(t, 5000, MaxConnections(64*GiB))
}

func TestStorage(t *testing.T) {
	assert.NoError(t, CheckStorage(20))
	assert.NoError(t, CheckStorage(65536))
	for _, gib := range []int{0, 19, 65537} {
		assert.EqualError(t, CheckStorage(gib), "must be 20 to 65536 GiB", gib)
	}

	assert.NoError(t, CheckMaxStorage(20, 22))
	assert.EqualError(t, CheckMaxStorage(20, 21), "must be 22 GiB, 10 % more than the storage, to 65536 GiB")
	assert.EqualError(t, CheckMaxStorage(25, 27), "must be 28 GiB, 10 % more than the storage, to 65536 GiB")
	assert.EqualError(t, CheckMaxStorage(20, 65537), "must be 22 GiB, 10 % more than the storage, to 65536 GiB")

	for _, test := range []struct {
		gib, iops, throughput int
		want                  string
	}{
		{20, 0, 0, ""}, {400, 0, 0, ""}, {400, 12000, 500, ""}, {400, 16000, 4000, ""}, {4000, 64000, 4000, ""},
		{399, 12000, 500, "cannot be set below 400 GiB of storage, where it is fixed; leave IOPS and throughput out"},
		{20, 3000, 0, "cannot be set below 400 GiB of storage, where it is fixed; leave IOPS and throughput out"},
		{400, 12000, 0, "goes with a throughput; set both or neither"},
		{400, 0, 500, "goes with a throughput; set both or neither"},
		{400, 11999, 500, "must be 12000 to 64000 IOPS"},
		{400, 64001, 500, "must be 12000 to 64000 IOPS"},
		{400, 12000, 499, "needs a throughput of 500 to 4000 MiB/s, not 499"},
		{400, 12000, 4001, "needs a throughput of 500 to 4000 MiB/s, not 4001"},
		{400, 12000, 3001, "must be at least 12004 for a throughput of 3001 MiB/s, 4 IOPS for each"},
	} {
		err := CheckPerformance(test.gib, test.iops, test.throughput)
		if test.want == "" {
			assert.NoError(t, err, test)
		} else {
			assert.EqualError(t, err, test.want, test)
		}
	}
}
