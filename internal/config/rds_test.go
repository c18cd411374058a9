package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/rdsrules"
)

func TestDatabaseDefaultsByProfile(t *testing.T) {
	common := RDS{Enabled: true, Instance: Instance{
		StorageGiB: 20, BackupWindow: "02:00-03:00", MaintenanceWindow: "sun:03:30-sun:04:30",
		MasterUser: "dbadmin", ConnectUser: "app", CACertificate: "rds-ca-rsa2048-g1", Audit: true,
	}}
	dev, staging, prod := common, common, common
	dev.Class, dev.BackupRetentionDays, dev.Insights = "db.t4g.small", 1, "standard"
	dev.ApplyImmediately, dev.DiscardOnDestroy = true, true
	staging.Class, staging.BackupRetentionDays, staging.Insights = "db.t4g.medium", 7, "standard"
	staging.DeletionProtection = true
	prod.Class, prod.BackupRetentionDays, prod.Insights = "db.m6g.large", 35, "advanced"
	prod.MultiAZ, prod.DeletionProtection, prod.PreventDestroy = true, true, true
	for environment, want := range map[string]RDS{"dev": dev, "staging": staging, "prod": prod} {
		cfg, err := resolve(contextOf(t, valid), environment, true)
		require.NoError(t, err)
		assert.Equal(t, want, cfg.RDS, environment)
	}
}

// TestMajorVersionsAgree keeps the schema, whose values are text in a tag, and the check of the construct in step.
func TestMajorVersionsAgree(t *testing.T) {
	var want []any
	for _, major := range rdsrules.MajorVersions() {
		want = append(want, major)
	}
	properties := rulesAt(mustCompile(t).rules, "#/$defs/RDS/properties")
	assert.Equal(t, want, properties["majorVersion"].(map[string]any)["enum"])
	storage := properties["storageGiB"].(map[string]any)
	assert.Equal(t, []any{float64(rdsrules.MinStorageGiB), float64(rdsrules.MaxInitialStorageGiB)},
		[]any{storage["minimum"], storage["maximum"]})
}

// TestFurtherDatabasesHaveDefaultsOfTheirOwn lets the first database go. That must not reach the others.
func TestFurtherDatabasesHaveDefaultsOfTheirOwn(t *testing.T) {
	context := contextOf(t, valid)
	prod := context["baseline"].(map[string]any)["environments"].(map[string]any)["prod"].(map[string]any)
	prod["rds"] = map[string]any{"class": "db.t4g.large", "preventDestroy": false, "deletionProtection": false,
		"instances": map[string]any{"orders": map[string]any{"insights": "standard"}}}
	cfg, err := resolve(context, "prod", true)
	require.NoError(t, err)
	delete(prod, "rds")
	plain, err := resolve(context, "prod", true)
	require.NoError(t, err)
	want := plain.RDS.Instance
	want.Insights = "standard"
	assert.Equal(t, want, cfg.RDS.Instances["orders"])
	assert.False(t, cfg.RDS.PreventDestroy)
}
