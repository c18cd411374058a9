package awsbuckets

// suffixes end the names of Patch Manager's buckets in a region.
type suffixes struct {
	// documents are those of the buckets with documents, for Linux and Windows Server, and for macOS.
	documents string
	// snapshots is that of the bucket with patch baselines, which most regions are without.
	snapshots string
}

// patchManager is AWS's table by region (Systems Manager User Guide, "Amazon S3 buckets for patching operations", as of
// November 2026). A region that is not in it has no such bucket that AWS names.
var patchManager = map[string]suffixes{
	"af-south-1":     {"bdd5f65a9", "tbxdb5b9"},
	"ap-east-1":      {"632356271", ""},
	"ap-northeast-1": {"4849fa78f", ""},
	"ap-northeast-2": {"10467995c", ""},
	"ap-northeast-3": {"67373598a", ""},
	"ap-south-1":     {"cb7c62ff9", ""},
	"ap-south-2":     {"32f4b4128", "50209442"},
	"ap-southeast-1": {"7fdfd9ef7", ""},
	"ap-southeast-2": {"17283a275", ""},
	"ap-southeast-3": {"aa48fc462", "be0a3174"},
	"ap-southeast-4": {"01e2c40d3", "dc6f76ce"},
	"ca-central-1":   {"3148e69e3", ""},
	"ca-west-1":      {"9e3a4b2f9", ""},
	"eu-central-1":   {"9163fdaaf", ""},
	"eu-central-2":   {"184ce43c8", ""},
	"eu-north-1":     {"795879e9b", ""},
	"eu-south-1":     {"c52f3f594", ""},
	"eu-south-2":     {"a4cf248b1", "df2c9d70"},
	"eu-west-1":      {"5522fb710", ""},
	"eu-west-2":      {"902a2bc74", ""},
	"eu-west-3":      {"29bf85721", ""},
	"il-central-1":   {"e221cb57b", ""},
	"me-central-1":   {"2932f2f80", ""},
	"me-south-1":     {"a53fc9dce", "uduvl7q8"},
	"sa-east-1":      {"ddf4b6a09", ""},
	"us-east-1":      {"1970c647d", ""},
	"us-east-2":      {"552881074", ""},
	"us-west-1":      {"8badb4304", ""},
	"us-west-2":      {"34d7f99f8", ""},
}

// patching lists the names of Patch Manager's buckets in a region.
func patching(region string) []string {
	suffix, listed := patchManager[region]
	if !listed {
		return nil
	}
	snapshots := "patch-baseline-snapshot-" + region
	if suffix.snapshots != "" {
		snapshots += "-" + suffix.snapshots
	}
	return []string{
		"aws-patch-manager-" + region + "-" + suffix.documents,
		"aws-patchmanager-macos-" + region + "-" + suffix.documents,
		snapshots,
	}
}
