package s3

import (
	"slices"

	"securebaseline/internal/iampolicy"
)

// Condition keys of an upload's encryption (Service Authorization Reference, "Condition keys for Amazon S3").
const (
	sseHeader   = "s3:x-amz-server-side-encryption"
	sseKeyID    = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	sseCustomer = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// algorithm is the encryption that a kind of bucket demands, as the header names it.
func algorithm(kind Kind) string {
	if kind == AccessLogs {
		return "AES256"
	}
	return "aws:kms"
}

// policyStatements is the whole policy of a bucket. It lets in only AWS services; people and roles need policies of
// their own, and cannot override a Deny.
func policyStatements(p Props) []iampolicy.Statement {
	statements := slices.Concat(denyTransport(p), denyUnencrypted(p), denyOutsiders(p))
	switch p.Kind {
	case Trail:
		statements = append(statements, trailDelivery(p)...)
	case AccessLogs:
		statements = append(statements, logDelivery(p))
	}
	return statements
}

func (p Props) bucketARN() string  { return p.Env.BucketARN(p.Name) }
func (p Props) objectsARN() string { return p.bucketARN() + "/*" }

// byPeople leaves AWS services out of a Deny: some cannot send the header that it asks for. The key is missing where
// nobody signed the request, so its absence must not let anyone through.
var byPeople = iampolicy.IfExists(iampolicy.Bool("aws:PrincipalIsAWSService", false))

// denyAll denies everybody everything under conditions.
func (p Props) denyAll(sid string, conditions ...iampolicy.Condition) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Deny, Principal: iampolicy.Everyone(),
		Actions: []string{"s3:*"}, Resources: []string{p.bucketARN(), p.objectsARN()}, Conditions: conditions,
	}
}

func denyTransport(p Props) []iampolicy.Statement {
	return []iampolicy.Statement{
		p.denyAll("DenyPlainHTTP", iampolicy.Bool("aws:SecureTransport", false)),
		p.denyAll("DenyTLSBelow12", iampolicy.NumericLessThan("s3:TlsVersion", "1.2")),
	}
}

// denyUnencrypted denies unencrypted uploads, and those that are encrypted in another way than the bucket demands. The
// policy sees the request before the bucket's default encryption is applied, so each way to get it wrong needs a
// statement. "Wrong" is asked together with "present", because a negated operator also holds when the header is
// missing.
func denyUnencrypted(p Props) []iampolicy.Statement {
	deny := func(sid string, conditions ...iampolicy.Condition) iampolicy.Statement {
		return iampolicy.Statement{
			Sid: sid, Effect: iampolicy.Deny, Principal: iampolicy.Everyone(),
			Actions: []string{"s3:PutObject"}, Resources: []string{p.objectsARN()}, Conditions: conditions,
		}
	}
	statements := []iampolicy.Statement{
		deny("DenyKeysOfCustomers", iampolicy.Null(sseCustomer, false)),
		deny("DenyWrongAlgorithm", iampolicy.StringNotEquals(sseHeader, algorithm(p.Kind)),
			iampolicy.Null(sseHeader, false), byPeople),
	}
	if !p.HeaderOptional {
		statements = append(statements, deny("DenyMissingHeader", iampolicy.Null(sseHeader, true), byPeople))
	}
	if p.Key.ARN == "" {
		return statements
	}
	return append(statements,
		deny("DenyWrongKey", iampolicy.StringNotEquals(sseKeyID, p.Key.ARN), iampolicy.Null(sseKeyID, false), byPeople),
		// Without a key id S3 takes the account's AWS managed key, not the bucket's.
		deny("DenyUnnamedKey", iampolicy.StringEquals(sseHeader, algorithm(p.Kind)), iampolicy.Null(sseKeyID, true),
			byPeople),
	)
}

func denyOutsiders(p Props) []iampolicy.Statement {
	var statements []iampolicy.Statement
	if p.Perimeter.Account {
		statements = append(statements, p.denyAll("DenyOtherAccounts",
			iampolicy.StringNotEquals("aws:PrincipalAccount", p.Env.AccountID()), byPeople))
	}
	if organization := p.Perimeter.OrganizationID; organization != "" {
		statements = append(statements, p.denyAll("DenyOtherOrganizations",
			iampolicy.StringNotEquals("aws:PrincipalOrgID", organization), byPeople))
	}
	return statements
}

// trailDelivery lets CloudTrail write the files of the one trail below its prefixes, and read the ACL that it checks
// first (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail").
func trailDelivery(p Props) []iampolicy.Statement {
	cloudTrail := iampolicy.Principal{Service: []string{p.Env.ServicePrincipal("cloudtrail")}}
	fromTrail := iampolicy.StringEquals("aws:SourceArn", p.Trail.ARN())
	return []iampolicy.Statement{
		{
			Sid: "CloudTrailChecksBucket", Effect: iampolicy.Allow, Principal: cloudTrail,
			Actions: []string{"s3:GetBucketAcl"}, Resources: []string{p.bucketARN()},
			Conditions: []iampolicy.Condition{fromTrail},
		},
		{
			Sid: "CloudTrailWritesTrail", Effect: iampolicy.Allow, Principal: cloudTrail,
			Actions: []string{"s3:PutObject"}, Resources: p.Trail.Files(p.bucketARN()),
			Conditions: []iampolicy.Condition{fromTrail,
				iampolicy.StringEquals("s3:x-amz-acl", "bucket-owner-full-control")},
		},
	}
}

// logDelivery lets S3 deliver the access logs of the known buckets (S3 User Guide, "Enabling Amazon S3 server access
// logging").
func logDelivery(p Props) iampolicy.Statement {
	sources := make([]string, len(p.LogSources))
	for i, source := range p.LogSources {
		sources[i] = p.Env.BucketARN(source)
	}
	return iampolicy.Statement{
		Sid: "S3DeliversAccessLogs", Effect: iampolicy.Allow,
		Principal: iampolicy.Principal{Service: []string{p.Env.ServicePrincipal("logging.s3")}},
		Actions:   []string{"s3:PutObject"}, Resources: []string{p.objectsARN()},
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("aws:SourceAccount", p.Env.AccountID()),
			iampolicy.ArnEquals("aws:SourceArn", sources...),
		},
	}
}
