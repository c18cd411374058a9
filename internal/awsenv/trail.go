package awsenv

// Trail is a CloudTrail trail as policies name it, before it exists.
type Trail struct {
	// Env is the trail's home, and the account that owns it: of an organization's trail always the management account,
	// also when a delegated administrator makes it (CloudTrail User Guide, "Organization delegated administrator").
	Env Env
	// Name is the trail's name.
	Name string
	// Organization is the id of the organization whose accounts it records, empty where it records its own account.
	Organization string
}

// IsZero reports whether there is no trail.
func (t Trail) IsZero() bool { return t == Trail{} }

// ARN is the trail's ARN.
func (t Trail) ARN() string { return t.Env.ARN("cloudtrail", "trail/"+t.Name) }

// AnyRegionARN matches the trail as files from any region name it.
func (t Trail) AnyRegionARN() string { return t.Env.AnyRegionARN("cloudtrail", "trail/"+t.Name) }

// Files lists the ARNs that match the trail's files in a bucket: the owner's, and for an organization the members'
// (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail").
func (t Trail) Files(bucketARN string) []string {
	files := []string{bucketARN + "/AWSLogs/" + t.Env.AccountID() + "/*"}
	if t.Organization != "" {
		files = append(files, bucketARN+"/AWSLogs/"+t.Organization+"/*")
	}
	return files
}
