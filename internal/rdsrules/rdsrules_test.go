package rdsrules

import (
	"slices"
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
		assert.EqualError(t, CheckIdentifier(bad),
			"must be 1 to 63 characters long, of lower-case letters, digits and single "+
				"hyphens, beginning with a letter and not ending with a hyphen", bad)
	}
}

func TestMajorVersions(t *testing.T) {
	for _, good := range MajorVersions() {
		assert.NoError(t, CheckMajorVersion(good))
	}
	for _, bad := range []string{"", "9", "9.6", "12", "13", "19", "17.4", "017", "v17", "17 ", "latest"} {
		assert.EqualError(t, CheckMajorVersion(bad), "must be one of 14, 15, 16, 17, 18", bad)
	}
}

const (
	nameRule = "must be 1 to 63 characters long, of lower-case letters, digits and underscores, beginning with a " +
		"letter"
	keyWordRule = "must not be a key word that PostgreSQL reserves"
)

func TestUsers(t *testing.T) {
	for _, good := range []string{"app", "dbadmin", "app_reader", "postgres", "owner", "replication", "template1",
		strings.Repeat("a", 63)} {
		assert.NoError(t, CheckUser(good), good)
	}
	for _, bad := range []string{"admin", "public", "none"} {
		assert.EqualError(t, CheckUser(bad), "must be a name that neither PostgreSQL nor RDS reserves", bad)
	}
	for _, bad := range []string{"rdsadmin", "rds_superuser", "rds_iam", "rdsrepladmin", "rdstopmgr"} {
		assert.EqualError(t, CheckUser(bad),
			"must not begin with rds, by which PostgreSQL or RDS calls users of its own", bad)
	}
	assert.EqualError(t, CheckUser("pg_monitor"),
		"must not begin with pg_, by which PostgreSQL or RDS calls users of its own")
	for _, bad := range []string{"user", "select", "authorization", "current_user", "system_user", "verbose", "left"} {
		assert.EqualError(t, CheckUser(bad), keyWordRule, bad)
	}
	for _, bad := range []string{"", "*", "app*", "App", "1a", "a-b", "a/b", "a?", "app\n", strings.Repeat("a", 64)} {
		assert.EqualError(t, CheckUser(bad), nameRule, bad)
	}
}

func TestDatabases(t *testing.T) {
	for _, good := range []string{"orders", "admin", "public", "rds_data", "pg_stats", strings.Repeat("a", 63)} {
		assert.NoError(t, CheckDatabaseName(good), good)
	}
	for _, bad := range []string{"postgres", "template0", "template1", "rdsadmin"} {
		assert.EqualError(t, CheckDatabaseName(bad), "must not be the name of a database that every instance has", bad)
	}
	for _, bad := range []string{"user", "select", "table", "order", "binary"} {
		assert.EqualError(t, CheckDatabaseName(bad), keyWordRule, bad)
	}
	for _, bad := range []string{"", "my-db", "Orders", "1a", strings.Repeat("a", 64)} {
		assert.EqualError(t, CheckDatabaseName(bad), nameRule, bad)
	}
}

// TestKeyWords counts what the documentation of PostgreSQL lists: 78 reserved words, and 23 that can be a function or
// type.
func TestKeyWords(t *testing.T) {
	assert.Len(t, keyWords, 78+23)
	assert.True(t, slices.IsSorted(keyWords))
	assert.Len(t, slices.Compact(slices.Clone(keyWords)), len(keyWords), "each once")
}

func TestZones(t *testing.T) {
	assert.NoError(t, CheckZone(true, ""))
	assert.NoError(t, CheckZone(false, "eu-central-1a"))
	assert.EqualError(t, CheckZone(true, "eu-central-1a"),
		"must be left out of a Multi-AZ deployment, which RDS places itself")
}

func TestMemory(t *testing.T) {
	for class, gib := range map[string]int{
		"db.t4g.micro": 1, "db.t3.small": 2, "db.t4g.medium": 4, "db.t4g.2xlarge": 32,
		"db.m6g.large": 8, "db.m7i.4xlarge": 64, "db.m6gd.16xlarge": 256, "db.m5.24xlarge": 384,
		"db.r7g.large": 16, "db.r6i.xlarge": 32, "db.r8g.48xlarge": 1536, "db.r6idn.32xlarge": 1024,
		"db.x2g.16xlarge": 1024, "db.x2idn.32xlarge": 2048, "db.x2iedn.xlarge": 128, "db.x2iedn.32xlarge": 4096,
	} {
		memory, err := Memory(class)
		require.NoError(t, err, class)
		assert.Equal(t, gib*GiB, memory, class)
	}
	const form = "must be an instance class, such as db.t4g.medium"
	const family = "must be of a family that RDS sells for PostgreSQL, one of m5, m5d, m6g, m6gd, m6i, m6id, m6idn, " +
		"m6in, m7g, m7i, m8g, m8gd, " +
		"r5, r5b, r5d, r6g, r6gd, r6i, r6id, r6idn, r6in, r7g, r7i, r8g, r8gd, t3, t4g, x2g, x2idn, x2iedn"
	const size = "must be of a size of its family, one of "
	for class, want := range map[string]string{
		"": form, "t4g.medium": form, "db.t4g": form, "db.serverless": form, "db.T4G.medium": form,
		"db.t4g.medium ":           form,
		"db.r5.2xlarge.tpc1.mem2x": form, "db.m7i.metal-24xl": form,
		"db.z1d.large": family, "db.t2.micro": family, "db.m4.large": family, "db.m99z.large": family,
		"db.c6gd.large": family,
		"db.x1e.xlarge": family, "db.x2iezn.2xlarge": family,
		"db.t4g.4xlarge":  size + "micro, small, medium, large, xlarge, 2xlarge",
		"db.m6g.medium":   size + "large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge",
		"db.m6g.1xlarge":  size + "large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge",
		"db.m6g.24xlarge": size + "large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge",
		"db.m5.32xlarge":  size + "large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge",
		"db.x2idn.large":  size + "16xlarge, 24xlarge, 32xlarge",
	} {
		_, err := Memory(class)
		assert.EqualError(t, err, want, class)
	}
}

// TestEveryClassHasMemory keeps the tables of families, sizes and memory together.
func TestEveryClassHasMemory(t *testing.T) {
	classes := Classes()
	assert.Greater(t, len(classes), 200)
	for _, class := range classes {
		memory, err := Memory(class)
		require.NoError(t, err, class)
		assert.GreaterOrEqual(t, memory, GiB, class)
	}
}

func TestMaxConnections(t *testing.T) {
	assert.Equal(t, 112, MaxConnections(1*GiB))
	assert.Equal(t, 901, MaxConnections(8*GiB))
	assert.Equal(t, 5000, MaxConnections(64*GiB))
}

func TestStorage(t *testing.T) {
	assert.NoError(t, CheckStorage(20))
	assert.NoError(t, CheckStorage(59578))
	for _, gib := range []int{0, 19, 59579, 65536} {
		assert.EqualError(t, CheckStorage(gib),
			"must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536", gib)
	}

	assert.NoError(t, CheckMaxStorage(20, 22))
	assert.NoError(t, CheckMaxStorage(MaxInitialStorageGiB, MaxStorageGiB))
	assert.Error(t, CheckMaxStorage(MaxInitialStorageGiB+1, MaxStorageGiB), "no larger one could grow")
	assert.EqualError(t, CheckMaxStorage(20, 21),
		"must be 22 to 65536 GiB, at least 10 % more than the initial storage")
	assert.EqualError(t, CheckMaxStorage(25, 27),
		"must be 28 to 65536 GiB, at least 10 % more than the initial storage")
	assert.EqualError(t, CheckMaxStorage(20, 65537),
		"must be 22 to 65536 GiB, at least 10 % more than the initial storage")
}

func TestPerformance(t *testing.T) {
	const fixed = "must be left out below 400 GiB of storage, where the speed is fixed"
	for _, test := range []struct {
		gib, iops, throughput      int
		iopsFault, throughputFault string
	}{
		{20, 0, 0, "", ""}, {400, 0, 0, "", ""}, {400, 12000, 500, "", ""}, {400, 16000, 4000, "", ""},
		{4000, 64000, 4000, "", ""},
		{399, 12000, 500, fixed, fixed},
		{20, 3000, 0, fixed, ""},
		{20, 0, 125, "", fixed},
		{400, 12000, 0, "", "must be set together with the IOPS"},
		{400, 0, 500, "must be set together with the throughput", ""},
		{400, 11999, 500, "must be 12000 to 64000 IOPS", ""},
		{400, 64001, 500, "must be 12000 to 64000 IOPS", ""},
		{400, 12000, 499, "", "must be 500 to 4000 MiB/s"},
		{400, 11999, 4001, "must be 12000 to 64000 IOPS", "must be 500 to 4000 MiB/s"},
		{400, 12000, 3001, "must be at least 12004 for a throughput of 3001 MiB/s, 4 IOPS for each", ""},
	} {
		iops, throughput := CheckPerformance(test.gib, test.iops, test.throughput)
		for fault, err := range map[*string]error{&test.iopsFault: iops, &test.throughputFault: throughput} {
			if *fault == "" {
				assert.NoError(t, err, test)
			} else {
				assert.EqualError(t, err, *fault, test)
			}
		}
	}
}
