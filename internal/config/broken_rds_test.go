package config

import "testing"

var brokenDatabases = []breakage{
	{"environments.dev.rds.majorVersion", `"17.4"`,
		devPath + `rds.majorVersion = "17.4": must be one of 14, 15, 16, 17, 18`},
	{"environments.dev.rds.majorVersion", `17`, devPath + `rds.majorVersion = 17: must be a string, not a number`},
	{"environments.dev.rds.class", `"t4g.small"`,
		devPath + `rds.class = "t4g.small": must be an instance class, such as db.t4g.medium`},
	{"environments.dev.rds.class", `"db.m6g.small"`,
		devPath + `rds.class = "db.m6g.small": must be of a size of its family, one of large, xlarge, 2xlarge, ` +
			`4xlarge, 8xlarge, 12xlarge, 16xlarge`},
	{"environments.dev.rds.storageGiB", `10`,
		devPath + `rds.storageGiB = 10: must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536`},
	{"environments.dev.rds.maxStorageGiB", `21`, devPath + `rds.maxStorageGiB = 21: must be 22 to 65536 GiB`},
	{"environments.dev.rds", `{"storageGiB":100,"maxStorageGiB":109}`,
		devPath + `rds.maxStorageGiB = 109: must be 110 to 65536 GiB, at least 10 % more than the initial storage`},
	{"environments.dev.rds.iops", `3000`, devPath + `rds.iops = 3000: must be 12000 to 64000 IOPS`},
	{"environments.dev.rds", `{"storageGiB":400,"iops":12000}`,
		devPath + `rds.throughputMiB: must be set together with the IOPS`},
	{"environments.dev.rds", `{"storageGiB":400,"throughputMiB":500}`,
		devPath + `rds.iops: must be set together with the throughput`},
	{"environments.dev.rds", `{"storageGiB":400,"iops":12000,"throughputMiB":4000}`,
		devPath + `rds.iops = 12000: must be at least 16000 for a throughput of 4000 MiB/s, 4 IOPS for each`},
	{"environments.dev.rds", `{"enabled":false,"instances":{"orders":{}}}`,
		devPath + `rds.instances: must be left out while rds.enabled is false`},
	{"environments.dev.rds.instances", `{"Orders":{}}`,
		devPath + `rds.instances.Orders: must have a name of at most 20 characters, of lower-case words of letters ` +
			`and digits, joined by single hyphens, beginning with a letter`},
	{"environments.dev.rds.instances", `{"a":{},"b":{},"c":{},"d":{},"e":{},"f":{},"g":{}}`,
		devPath + `rds.instances: must be at most 6 databases, not 7: the policy by which auditors read their logs ` +
			`would be too long`},
	{"environments.dev.rds.instances.orders", `{"enabled":true}`,
		devPath + `rds.instances.orders.enabled = true: must be a known field, one of applyImmediately, audit, ` +
			`backupRetentionDays, backupWindow, caCertificate, class, connectUser, database, deletionProtection, ` +
			`discardOnDestroy, insights, iops, logSlowStatements, maintenanceWindow, majorVersion, masterUser, ` +
			`maxStorageGiB, multiAz, preventDestroy, restoreFrom, restoreTime, rotationDays, snapshotIdentifier, ` +
			`storageGiB, throughputMiB, zone`},
	{"environments.staging.rds.instances.orders", `{"majorVersion":"17"}`,
		stagingPath + `rds.instances.orders.majorVersion = "17": must go with rds.instances.orders.applyImmediately ` +
			`true: until the maintenance window the old parameter group would be in use, and Terraform could not ` +
			`delete it; set both to upgrade and leave out both afterwards, the version stays`},
	{"environments.dev.rds.instances.orders", `{"masterUser":"app"}`,
		devPath + `rds.instances.orders.masterUser = "app": must not be the user that workloads connect as by default`},
	{"environments.dev.rds.instances.orders", `{"discardOnDestroy":false}`,
		devPath + `rds.instances.orders.discardOnDestroy = false: must be true while kms.accountMayDelete is true: ` +
			`nobody could read what is kept, once its key is deleted with the stack`},
	{"environments.staging.rds.instances.orders", `{"discardOnDestroy":true}`,
		stagingPath + `rds.instances.orders.discardOnDestroy = true: must be false in profile "standard"; its ` +
			`backups would be lost with the database`},
	{"environments.dev.rds.zone", `"eu-central-1a"`,
		devPath + `rds.zone = "eu-central-1a": must be one of the zones that network.zones names`},
	{"environments.dev.rds.backupRetentionDays", `0`, devPath + `rds.backupRetentionDays = 0: must be 1 to 35 days`},
	{"environments.dev.rds.backupRetentionDays", `36`, devPath + `rds.backupRetentionDays = 36: must be 1 to 35 days`},
	{"environments.dev.rds.backupWindow", `"2-3"`,
		devPath + `rds.backupWindow = "2-3": must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00`},
	{"environments.dev.rds.backupWindow", `"02:00-02:15"`,
		devPath + `rds.backupWindow = "02:00-02:15": must be 30 minutes to 24 hours long, not 15 minutes`},
	{"environments.dev.rds.backupWindow", `"04:00-05:00"`,
		devPath + `rds.backupWindow = "04:00-05:00": must not overlap the maintenance window sun:03:30-sun:04:30`},
	{"environments.dev.rds.maintenanceWindow", `"sunday"`,
		devPath + `rds.maintenanceWindow = "sunday": must be a weekly time in UTC, ddd:hh:mm-ddd:hh:mm, such as ` +
			`sun:03:30-sun:04:30`},
	{"environments.dev.rds.insights", `"advance"`,
		devPath + `rds.insights = "advance": must be one of none, standard, advanced; did you mean "advanced"?`},
	{"environments.dev.rds.masterUser", `"admin"`,
		devPath + `rds.masterUser = "admin": must be a name that neither PostgreSQL nor RDS reserves`},
	{"environments.dev.rds.connectUser", `"*"`,
		devPath + `rds.connectUser = "*": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.connectUser", `"dbadmin"`,
		devPath + `rds.connectUser = "dbadmin": must not be the master user, who may do everything`},
	{"environments.dev.rds.database", `"my-db"`,
		devPath + `rds.database = "my-db": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.snapshotIdentifier", `"-x"`,
		devPath + `rds.snapshotIdentifier = "-x": must be the identifier or the ARN of a snapshot of an instance`},
	{"environments.dev.rds", `{"snapshotIdentifier":"final","restoreFrom":"old"}`,
		devPath + `rds.restoreFrom = "old": must be left out where a snapshot is named`},
	{"environments.dev.rds.restoreFrom", `"arn:aws:rds:eu-central-1:1:db:x"`,
		devPath + `rds.restoreFrom = "arn:aws:rds:eu-central-1:1:db:x": must be the identifier of an instance, or ` +
			`the ARN of its backups, arn:aws:rds:REGION:ACCOUNT:auto-backup:ab-…`},
	{"environments.dev.rds.restoreTime", `"2026-11-25T10:00:00Z"`,
		devPath + `rds.restoreTime = "2026-11-25T10:00:00Z": must be left out without an instance to restore from`},
	{"environments.dev.rds", `{"restoreFrom":"old","restoreTime":"noon"}`,
		devPath + `rds.restoreTime = "noon": must be a time such as 2026-11-25T10:00:00Z`},
	{"environments.dev.rds.rotationDays", `0`, devPath + `rds.rotationDays = 0: must be 1 to 1000 days`},
	{"environments.dev.rds.caCertificate", `"rds-ca-2019"`,
		devPath + `rds.caCertificate = "rds-ca-2019": must be one of rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, ` +
			`rds-ca-ecc384-g1`},
	{"environments.dev.rds.preventDestroy", `true`,
		devPath + `rds.preventDestroy = true: must be false while rds.discardOnDestroy is true, which is for a ` +
			`database that is destroyed`},
	{"environments.dev.rds.password", `"secret"`,
		devPath + `rds.password = "secret": must be a known field, one of applyImmediately, audit, ` +
			`backupRetentionDays, backupWindow, caCertificate, class, connectUser, database, deletionProtection, ` +
			`discardOnDestroy, enabled, insights, instances, iops, logSlowStatements, maintenanceWindow, ` +
			`majorVersion, masterUser, ` +
			`maxStorageGiB, multiAz, ` +
			`preventDestroy, restoreFrom, restoreTime, rotationDays, snapshotIdentifier, storageGiB, throughputMiB, ` +
			`zone`},
	{"environments.dev.rds.majorVersion", `"13"`,
		devPath + `rds.majorVersion = "13": must be one of 14, 15, 16, 17, 18`},
	{"environments.dev.rds.majorVersion", `"19"`,
		devPath + `rds.majorVersion = "19": must be one of 14, 15, 16, 17, 18`},
	{"environments.dev.rds.majorVersion", `"9"`, devPath + `rds.majorVersion = "9": must be one of 14, 15, 16, 17, 18`},
	{"environments.dev.rds.majorVersion", `""`, devPath + `rds.majorVersion = "": must be one of 14, 15, 16, 17, 18`},
	{"environments.dev.rds", `{"majorVersion":"17","applyImmediately":false}`,
		devPath + `rds.majorVersion = "17": must go with rds.applyImmediately true: until the maintenance window ` +
			`the old parameter group would be in use, and Terraform could not delete it; set both to upgrade and ` +
			`leave out both afterwards, the version stays`},
	{"environments.staging.rds.majorVersion", `"17"`,
		stagingPath + `rds.majorVersion = "17": must go with rds.applyImmediately true: until the maintenance ` +
			`window the old parameter group would be in use, and Terraform could not delete it; set both to upgrade ` +
			`and leave out both afterwards, the version stays`},
	{"environments.prod.rds.majorVersion", `"18"`,
		prodPath + `rds.majorVersion = "18": must go with rds.applyImmediately true: until the maintenance window ` +
			`the old parameter group would be in use, and Terraform could not delete it; set both to upgrade and ` +
			`leave out both afterwards, the version stays`},
	{"environments.dev.rds.class", `""`, devPath + `rds.class = "": must be an instance class, such as db.t4g.medium`},
	{"environments.dev.rds.class", `"db.m6g.24xlarge"`,
		devPath + `rds.class = "db.m6g.24xlarge": must be of a size of its family, one of large, xlarge, 2xlarge, ` +
			`4xlarge, 8xlarge, 12xlarge, 16xlarge`},
	{"environments.dev.rds.class", `"db.t4g.4xlarge"`,
		devPath + `rds.class = "db.t4g.4xlarge": must be of a size of its family, one of micro, small, medium, ` +
			`large, xlarge, 2xlarge`},
	{"environments.dev.rds.class", `"db.t2.micro"`,
		devPath + `rds.class = "db.t2.micro": must be of a family that RDS sells for PostgreSQL, one of m5, m5d, ` +
			`m6g, m6gd, m6i, m6id, m6idn, m6in, m7g, m7i, m8g, m8gd, r5, r5b, r5d, r6g, r6gd, r6i, r6id, r6idn, ` +
			`r6in, r7g, r7i, r8g, r8gd, t3, t4g, x2g, x2idn, x2iedn`},
	{"environments.dev.rds.class", `"db.m5.metal"`,
		devPath + `rds.class = "db.m5.metal": must be of a size of its family, one of large, xlarge, 2xlarge, ` +
			`4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge`},
	{"environments.dev.rds.class", `"db.x2idn.large"`,
		devPath + `rds.class = "db.x2idn.large": must be of a size of its family, one of 16xlarge, 24xlarge, 32xlarge`},
	{"environments.dev.rds.class", `"db.c6gd.large"`,
		devPath + `rds.class = "db.c6gd.large": must be of a family that RDS sells for PostgreSQL, one of m5, m5d, ` +
			`m6g, m6gd, m6i, m6id, m6idn, m6in, m7g, m7i, m8g, m8gd, r5, r5b, r5d, r6g, r6gd, r6i, r6id, r6idn, ` +
			`r6in, r7g, r7i, r8g, r8gd, t3, t4g, x2g, x2idn, x2iedn`},
	{"environments.dev.rds.class", `" db.t4g.small"`,
		devPath + `rds.class = " db.t4g.small": must be an instance class, such as db.t4g.medium`},
	{"environments.dev.rds.storageGiB", `60000`,
		devPath + `rds.storageGiB = 60000: must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536`},
	{"environments.dev.rds.storageGiB", `65536`,
		devPath + `rds.storageGiB = 65536: must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536`},
	{"environments.dev.rds.storageGiB", `59579`,
		devPath + `rds.storageGiB = 59579: must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536`},
	{"environments.dev.rds.storageGiB", `19`,
		devPath + `rds.storageGiB = 19: must be 20 to 59578 GiB, so that there is room to grow by 10 % to 65536`},
	{"environments.dev.rds.maxStorageGiB", `65537`, devPath + `rds.maxStorageGiB = 65537: must be 22 to 65536 GiB`},
	{"environments.dev.rds", `{"storageGiB":59578,"maxStorageGiB":65535}`,
		devPath + `rds.maxStorageGiB = 65535: must be 65536 to 65536 GiB, at least 10 % more than the initial storage`},
	{"environments.dev.rds", `{"storageGiB":399,"throughputMiB":500}`,
		devPath + `rds.throughputMiB = 500: must be left out below 400 GiB of storage, where the speed is fixed`},
	{"environments.dev.rds", `{"storageGiB":399,"iops":12000}`,
		devPath + `rds.iops = 12000: must be left out below 400 GiB of storage, where the speed is fixed`},
	{"environments.dev.rds", `{"storageGiB":400,"iops":64001,"throughputMiB":500}`,
		devPath + `rds.iops = 64001: must be 12000 to 64000 IOPS`},
	{"environments.dev.rds", `{"storageGiB":400,"iops":12000,"throughputMiB":499}`,
		devPath + `rds.throughputMiB = 499: must be 500 to 4000 MiB/s`},
	{"environments.dev.rds.masterUser", `"select"`,
		devPath + `rds.masterUser = "select": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.masterUser", `"user"`,
		devPath + `rds.masterUser = "user": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.masterUser", `"authorization"`,
		devPath + `rds.masterUser = "authorization": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.masterUser", `"rdsadmin"`,
		devPath + `rds.masterUser = "rdsadmin": must not begin with rds, by which PostgreSQL or RDS calls users of ` +
			`its own`},
	{"environments.dev.rds.masterUser", `"rds_x"`,
		devPath + `rds.masterUser = "rds_x": must not begin with rds, by which PostgreSQL or RDS calls users of its ` +
			`own`},
	{"environments.dev.rds.masterUser", `"pg_x"`,
		devPath + `rds.masterUser = "pg_x": must not begin with pg_, by which PostgreSQL or RDS calls users of its ` +
			`own`},
	{"environments.dev.rds.masterUser", `"public"`,
		devPath + `rds.masterUser = "public": must be a name that neither PostgreSQL nor RDS reserves`},
	{"environments.dev.rds.masterUser", `"DbAdmin"`,
		devPath + `rds.masterUser = "DbAdmin": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.masterUser", `""`,
		devPath + `rds.masterUser = "": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.masterUser", `"app"`,
		devPath + `rds.masterUser = "app": must not be the user that workloads connect as by default`},
	{"environments.dev.rds.masterUser", `"` + long[:64] + `"`,
		devPath + `rds.masterUser = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: must be 1 to 63 ` +
			`characters long, of lower-case letters, digits and underscores, beginning with a letter`},
	{"environments.dev.rds.connectUser", `"rds_iam"`,
		devPath + `rds.connectUser = "rds_iam": must not begin with rds, by which PostgreSQL or RDS calls users of ` +
			`its own`},
	{"environments.dev.rds.connectUser", `"system_user"`,
		devPath + `rds.connectUser = "system_user": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.connectUser", `""`,
		devPath + `rds.connectUser = "": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.database", `"postgres"`,
		devPath + `rds.database = "postgres": must not be the name of a database that every instance has`},
	{"environments.dev.rds.database", `"template0"`,
		devPath + `rds.database = "template0": must not be the name of a database that every instance has`},
	{"environments.dev.rds.database", `"template1"`,
		devPath + `rds.database = "template1": must not be the name of a database that every instance has`},
	{"environments.dev.rds.database", `"rdsadmin"`,
		devPath + `rds.database = "rdsadmin": must not be the name of a database that every instance has`},
	{"environments.dev.rds.database", `"select"`,
		devPath + `rds.database = "select": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.database", `"user"`,
		devPath + `rds.database = "user": must not be a key word that PostgreSQL reserves`},
	{"environments.dev.rds.database", `""`,
		devPath + `rds.database = "": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.database", `"1db"`,
		devPath + `rds.database = "1db": must be 1 to 63 characters long, of lower-case letters, digits and ` +
			`underscores, beginning with a letter`},
	{"environments.dev.rds.zone", `""`, devPath + `rds.zone = "": must be one of the zones that network.zones names`},
	{"environments.dev.rds.backupWindow", `""`,
		devPath + `rds.backupWindow = "": must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00`},
	{"environments.dev.rds.maintenanceWindow", `""`,
		devPath + `rds.maintenanceWindow = "": must be a weekly time in UTC, ddd:hh:mm-ddd:hh:mm, such as ` +
			`sun:03:30-sun:04:30`},
	{"environments.dev.rds.backupWindow", `"24:00-01:00"`,
		devPath + `rds.backupWindow = "24:00-01:00": must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00`},
	{"environments.dev.rds.maintenanceWindow", `"sun:03:30-tue:04:30"`,
		devPath + `rds.maintenanceWindow = "sun:03:30-tue:04:30": must be 30 minutes to 24 hours long, not 2940 ` +
			`minutes`},
	{"environments.dev.rds.maintenanceWindow", `"Sun:03:30-Sun:04:30"`,
		devPath + `rds.maintenanceWindow = "Sun:03:30-Sun:04:30": must be a weekly time in UTC, ` +
			`ddd:hh:mm-ddd:hh:mm, such as sun:03:30-sun:04:30`},
	{"environments.dev.rds.rotationDays", `1001`, devPath + `rds.rotationDays = 1001: must be 1 to 1000 days`},
	{"environments.staging.rds.discardOnDestroy", `true`,
		stagingPath + `rds.discardOnDestroy = true: must be false in profile "standard"; its backups would be lost ` +
			`with the database`},
}

func TestBrokenDatabases(t *testing.T) { assertBroken(t, brokenDatabases) }
