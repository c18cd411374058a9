package s3

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/iamrole"
)

// ReadStatements let a role read the bucket's objects and decrypt them.
func (b *Bucket) ReadStatements() []iampolicy.Statement {
	return append([]iampolicy.Statement{
		{
			Sid: "ListBucket", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetBucketLocation", "s3:ListBucket"}, Resources: []string{b.props.bucketARN()},
		},
		{
			Sid: "ReadObjects", Effect: iampolicy.Allow,
			Actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, Resources: []string{b.props.objectsARN()},
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
			Resources: []string{b.props.objectsARN()},
		},
		// Parts are decrypted to be put together (S3 User Guide, "Uploading and copying objects using multipart
		// upload").
	}, b.keyStatements("EncryptObjects", "kms:Decrypt", "kms:GenerateDataKey")...)
}

// keyStatements let a role use the bucket's key through S3, for this bucket's objects only.
func (b *Bucket) keyStatements(sid string, actions ...string) []iampolicy.Statement {
	if b.props.Key.ARN == "" {
		return nil
	}
	return []iampolicy.Statement{{
		Sid: sid, Effect: iampolicy.Allow, Actions: actions, Resources: []string{b.props.Key.ARN},
		Conditions: []iampolicy.Condition{
			iampolicy.StringEquals("kms:ViaService", b.props.Env.ViaService("s3")),
			// The bucket's ARN with a bucket key, the object's without one.
			iampolicy.ArnLike("kms:EncryptionContext:aws:s3:arn", b.props.bucketARN(), b.props.objectsARN()),
		},
	}}
}

// PolicyNames are the names of the managed policies of a bucket. Both are required.
type PolicyNames struct{ Reader, Writer string }

// Policies are managed policies that workloads attach to their roles.
type Policies struct {
	ReaderARN, WriterARN string // tokens until apply
}

// NewPolicies adds the managed policies of a bucket to scope: "{id}-reader" and "{id}-writer".
func NewPolicies(scope constructs.Construct, id string, bucket *Bucket, names PolicyNames) (Policies, error) {
	reader, err := bucket.policy("reader", names.Reader, "Reads", bucket.ReadStatements())
	if err != nil {
		return Policies{}, err
	}
	writer, err := bucket.policy("writer", names.Writer, "Writes", bucket.WriteStatements())
	if err != nil {
		return Policies{}, err
	}
	return Policies{ReaderARN: reader.Add(scope, id+"-reader"), WriterARN: writer.Add(scope, id+"-writer")}, nil
}

// policy defines the policy of a duty.
func (b *Bucket) policy(duty, name, does string, statements []iampolicy.Statement) (iamrole.Policy, error) {
	if name == "" {
		return iamrole.Policy{},
			fmt.Errorf("policies of bucket %q: the name of the %s must be given", b.props.Name, duty)
	}
	return iamrole.DefinePolicy(iamrole.PolicyProps{
		Naming:      b.props.Naming.Child(duty),
		Name:        name,
		Description: fmt.Sprintf("%s objects of the bucket %s", does, b.props.Name),
		Statements:  statements,
	})
}
