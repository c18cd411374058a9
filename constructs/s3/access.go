package s3

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/servicerole"
)

// ReadStatements let a role read the bucket's objects and decrypt them.
func (b *Bucket) ReadStatements() []iampolicy.Statement {
	return append([]iampolicy.Statement{
		{
			Sid: "ListBucket", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetBucketLocation", "s3:ListBucket"}, Resources: []string{b.ARN()},
		},
		{
			Sid: "ReadObjects", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: []string{b.ARN() + "/*"},
		},
	}, b.keyStatements("DecryptObjects", "kms:Decrypt")...)
}

// WriteStatements let a role add objects to the bucket and encrypt them, also in parts, but neither read nor delete.
// An object that is written again keeps its former version.
func (b *Bucket) WriteStatements() []iampolicy.Statement {
	return append([]iampolicy.Statement{
		{
			Sid: "WriteObjects", Effect: iampolicy.Allow,
			Actions:   []string{"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"},
			Resources: []string{b.ARN() + "/*"},
		},
		// Parts are decrypted to be put together (S3 User Guide, "Uploading and copying objects using multipart upload").
	}, b.keyStatements("EncryptObjects", "kms:Decrypt", "kms:GenerateDataKey")...)
}

// keyStatements let a role use the bucket's key through S3, for this bucket's objects only.
func (b *Bucket) keyStatements(sid string, actions ...string) []iampolicy.Statement {
	if b.props.KeyARN == "" {
		return nil
	}
	return []iampolicy.Statement{{
		Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: []string{b.props.KeyARN},
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("kms:ViaService", b.props.Env.ViaService("s3")),
			// The bucket's ARN with a bucket key, the object's without one.
			iampolicy.ArnLike("kms:EncryptionContext:aws:s3:arn", b.ARN(), b.ARN()+"/*"),
		},
	}}
}

// Policies are managed policies that workloads attach to their roles.
type Policies struct {
	ReaderARN, WriterARN string // tokens until apply
}

// NewPolicies adds the managed policies of a bucket to scope: "{bucket}-reader" and "{bucket}-writer".
func NewPolicies(scope constructs.Construct, id string, bucket *Bucket) (Policies, error) {
	var policies Policies
	for _, policy := range []struct {
		arn        *string
		duty, does string
		statements []iampolicy.Statement
	}{
		{&policies.ReaderARN, "reader", "Reads", bucket.ReadStatements()},
		{&policies.WriterARN, "writer", "Writes", bucket.WriteStatements()},
	} {
		managed, err := servicerole.NewPolicy(scope, id+"-"+policy.duty, servicerole.PolicyProps{
			Naming:      bucket.props.Naming.Child(policy.duty),
			Description: fmt.Sprintf("%s objects of the bucket %s", policy.does, bucket.Name()),
			Statements:  policy.statements,
		})
		if err != nil {
			return Policies{}, err
		}
		*policy.arn = managed
	}
	return policies, nil
}
