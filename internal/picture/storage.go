package picture

import (
	"fmt"
	"strings"

	"securebaseline/internal/template"
)

// storage draws the buckets, and which of them records who opens the others.
func (d *drawing) storage() {
	logs := map[string]template.Resource{}
	for _, logging := range d.OfType("aws_s3_bucket_logging") {
		from, isReference := logging.Reference("bucket")
		if target, found := d.find("aws_s3_bucket", text(logging, "target_bucket")); found && isReference {
			logs[from] = target
		}
	}
	for _, bucket := range d.OfType("aws_s3_bucket") {
		lines := append([]string{d.purpose(bucket, logs), short(name(bucket))}, d.protection(bucket)...)
		d.draw(bucket, place{}, "storage", lines, "shape: cylinder")
	}
	for _, bucket := range d.OfType("aws_s3_bucket") {
		if target, found := logs[bucket.Address]; found {
			d.arrow(d.places[bucket.Address], d.places[target.Address], "access logs")
		}
	}
}

// purpose is what a bucket is for, by who writes to it.
func (d *drawing) purpose(bucket template.Resource, logs map[string]template.Resource) string {
	if len(d.of("aws_cloudtrail", "s3_bucket_name", bucket)) > 0 {
		return "Archive of the audit trail"
	}
	for _, target := range logs {
		if target.Address == bucket.Address {
			return "Access logs of the buckets"
		}
	}
	return "Data bucket"
}

// protection is what keeps the objects of a bucket, and for how long.
func (d *drawing) protection(bucket template.Resource) []string {
	var lines []string
	for _, lock := range d.of("aws_s3_bucket_object_lock_configuration", "bucket", bucket) {
		for _, path := range [][]string{{"rule", "default_retention"}, {"rule", "0", "default_retention", "0"}} {
			retention, _ := lock.Value(path...).(map[string]any)
			if locked := days(retention["days"]); locked != "" {
				mode := strings.ToLower(fmt.Sprint(retention["mode"]))
				lines = append(lines, fmt.Sprintf("locked for %s (%s)", locked, mode))
			}
		}
	}
	for _, lifecycle := range d.of("aws_s3_bucket_lifecycle_configuration", "bucket", bucket) {
		if kept := days(lifecycle.Value("rule", "0", "expiration", "0", "days")); kept != "" {
			lines = append(lines, "kept for "+kept)
		}
	}
	for _, encryption := range d.of("aws_s3_bucket_server_side_encryption_configuration", "bucket", bucket) {
		key, _ := encryption.Value("rule", "0", "apply_server_side_encryption_by_default", "kms_master_key_id").(string)
		lines = append(lines, d.encrypted(key)...)
	}
	return lines
}
