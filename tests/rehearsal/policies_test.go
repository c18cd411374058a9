//go:build rehearsal && unix

package rehearsal

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// enforced is an AWS that does what policies say, reached with TLS and, for those who try it, without.
type enforced struct {
	tls, plain      string
	account, region string
	client          *http.Client
	certificate     string // path of the certificate to trust
}

// startEnforcing starts the emulator that evaluates policies, and a server before it that ends TLS.
func (r *rehearsal) startEnforcing(t *testing.T, account, region string) enforced {
	t.Helper()
	// The keys of the account's root are those of the emulator's own environment.
	plain := startPython(t, r.python, "enforcing.py", nil, "MINISTACK_ACCOUNT_ID="+account,
		"AWS_ACCESS_KEY_ID="+account, "AWS_SECRET_ACCESS_KEY="+account)
	to, err := url.Parse(plain)
	require.NoError(t, err)
	forward := &httputil.ReverseProxy{ErrorHandler: badGateway, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}}
	server := httptest.NewTLSServer(forward)
	t.Cleanup(server.Close)
	client := server.Client()
	client.Timeout = time.Minute
	certificate := filepath.Join(t.TempDir(), "certificate.pem")
	require.NoError(t, os.WriteFile(certificate,
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	return enforced{tls: server.URL, plain: plain, account: account, region: region, client: client,
		certificate: certificate}
}

// as is the configuration of a user with keys.
func (e enforced) as(id, secret string) aws.Config {
	return aws.Config{Region: e.region, BaseEndpoint: &e.tls, HTTPClient: e.client,
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")}
}

func (e enforced) root() aws.Config { return e.as(e.account, e.account) }

// user makes a user to whom policies are attached.
func (e enforced) user(t *testing.T, name string, policies ...string) aws.Config {
	t.Helper()
	client := iam.NewFromConfig(e.root())
	_, err := client.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name})
	require.NoError(t, err)
	for _, policy := range policies {
		_, err := client.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: &policy})
		require.NoError(t, err)
	}
	key, err := client.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &name})
	require.NoError(t, err)
	return e.as(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey)
}

// withoutTLS is the same caller on a connection that is not encrypted.
func (e enforced) withoutTLS(caller aws.Config) aws.Config {
	caller.BaseEndpoint = &e.plain
	return caller
}

// policies deploys what has policies, and tries what they allow and refuse. The evaluator is not this project's.
func (r *rehearsal) policies(t *testing.T, e enforced, w *workspace) {
	w.variables = append(w.variables, "AWS_ACCESS_KEY_ID="+e.account, "AWS_SECRET_ACCESS_KEY="+e.account,
		"AWS_CA_BUNDLE="+e.certificate)
	deployed := r.step(t, "apply of keys, buckets and roles", func(t *testing.T) string {
		w.synthesize(t, nil)
		w.init(t)
		arguments := []string{"apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=" + parallelism}
		for _, address := range w.template(t).Addresses() {
			kind, name, _ := strings.Cut(address, ".")
			ofBucket := kind == "aws_iam_policy" &&
				(strings.HasSuffix(name, "-reader") || strings.HasSuffix(name, "-writer"))
			if ofBucket || kind == "aws_iam_role" || strings.HasPrefix(kind, "aws_kms_") ||
				strings.HasPrefix(kind, "aws_s3_") {
				arguments = append(arguments, "-target="+address)
			}
		}
		w.must(t, arguments...)
		return fmt.Sprintf("%d resources", len(w.state(t)))
	})
	if deployed {
		r.step(t, "what policies allow and refuse", func(t *testing.T) string { return tryPolicies(t, e, w.state(t)) })
	}
}

// upload is a request to store an object.
type upload struct {
	bucket, algorithm, key string
	customerKey            bool
}

func (u upload) by(t *testing.T, caller aws.Config) error {
	input := &s3.PutObjectInput{Bucket: &u.bucket, Key: aws.String("rehearsal"), Body: bytes.NewReader([]byte("text")),
		ServerSideEncryption: s3types.ServerSideEncryption(u.algorithm)}
	if u.key != "" {
		input.SSEKMSKeyId = &u.key
	}
	if u.customerKey {
		input.SSECustomerAlgorithm = aws.String("AES256")
		input.SSECustomerKey = aws.String(strings.Repeat("k", 32))
	}
	_, err := s3.NewFromConfig(caller).PutObject(t.Context(), input)
	return err
}

// tryPolicies asks for what must be possible and for what must not.
func tryPolicies(t *testing.T, e enforced, state map[string]attributes) string {
	attribute := func(kind, part, name string) string {
		for address, body := range state {
			if strings.HasPrefix(address, kind+"."+part) {
				return body[name].(string)
			}
		}
		require.Fail(t, "not in the state", "%s of %s.%s", name, kind, part)
		return ""
	}
	data, trail, logs := attribute("aws_s3_bucket", "data-bucket_", "bucket"),
		attribute("aws_s3_bucket", "trail-bucket_", "bucket"),
		attribute("aws_s3_bucket", "access-logs-bucket_", "bucket")
	key, otherKey := attribute("aws_kms_key", "data-key_", "arn"), attribute("aws_kms_key", "logs-key_", "arn")

	writer := e.user(t, "writer", attribute("aws_iam_policy", "data-writer", "arn"))
	reader := e.user(t, "reader", attribute("aws_iam_policy", "data-reader", "arn"))
	nobody := e.user(t, "nobody")
	administrator := e.user(t, "administrator", "arn:aws:iam::aws:policy/AdministratorAccess")
	unsigned := e.root()
	unsigned.Credentials = aws.AnonymousCredentials{}

	put := func(u upload) func(aws.Config) error {
		return func(caller aws.Config) error { return u.by(t, caller) }
	}
	get := func(caller aws.Config) error {
		object, err := s3.NewFromConfig(caller).GetObject(t.Context(),
			&s3.GetObjectInput{Bucket: &data, Key: aws.String("rehearsal")})
		if err == nil {
			_, err = io.Copy(io.Discard, object.Body)
			object.Body.Close()
		}
		return err
	}
	remove := func(caller aws.Config) error {
		_, err := s3.NewFromConfig(caller).DeleteObject(t.Context(),
			&s3.DeleteObjectInput{Bucket: &data, Key: aws.String("rehearsal")})
		return err
	}
	encrypt := func(caller aws.Config) error {
		_, err := kms.NewFromConfig(caller).Encrypt(t.Context(),
			&kms.EncryptInput{KeyId: &key, Plaintext: []byte("text")})
		return err
	}
	describe := func(caller aws.Config) error {
		_, err := kms.NewFromConfig(caller).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: &key})
		return err
	}
	assume := func(role string) func(aws.Config) error {
		return func(caller aws.Config) error {
			_, err := sts.NewFromConfig(caller).AssumeRole(t.Context(), &sts.AssumeRoleInput{
				RoleArn: &role, RoleSessionName: aws.String("rehearsal")})
			return err
		}
	}
	serviceRole := func(role string) func(aws.Config) error { return assume(attribute("aws_iam_role", role, "arn")) }
	proper := upload{bucket: data, algorithm: "aws:kms", key: key}
	// A role that the account may assume shows that others are refused by their trust, and not by the emulator.
	own, err := iam.NewFromConfig(e.root()).CreateRole(t.Context(),
		&iam.CreateRoleInput{RoleName: aws.String("rehearsal"),
			AssumeRolePolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{
				"Effect": "Allow", "Action": "sts:AssumeRole",
			"Principal": {"AWS": "arn:aws:iam::` + e.account + `:root"}}]}`)})
	require.NoError(t, err)

	tries := []struct {
		name    string
		caller  aws.Config
		request func(aws.Config) error
		allowed bool
	}{
		{"an upload with the headers", writer, put(proper), true},
		{"an upload with the headers, by an administrator", administrator, put(proper), true},
		{"an upload without a header", writer, put(upload{bucket: data}), false},
		{"an upload without a header, by an administrator", administrator, put(upload{bucket: data}), false},
		{"an upload with the key of S3", writer, put(upload{bucket: data, algorithm: "AES256"}), false},
		{"an upload that names no key", writer, put(upload{bucket: data, algorithm: "aws:kms"}), false},
		{"an upload with another key", writer, put(upload{bucket: data, algorithm: "aws:kms", key: otherKey}), false},
		{"an upload with a key of the caller's own", administrator, put(upload{bucket: data, customerKey: true}),
			false},
		{"an upload without TLS", e.withoutTLS(writer), put(proper), false},
		{"an upload without TLS, by an administrator", e.withoutTLS(administrator), put(proper), false},
		{"an upload by a reader", reader, put(proper), false},
		{"an upload to the archive by a writer", writer,
			put(upload{bucket: trail, algorithm: "aws:kms", key: otherKey}), false},
		{"an upload to the access logs by a writer", writer, put(upload{bucket: logs, algorithm: "AES256"}), false},
		{"a read by a reader", reader, get, true},
		{"a read without TLS", e.withoutTLS(reader), get, false},
		{"a read by a writer", writer, get, false},
		{"a read by a user without policies", nobody, get, false},
		{"a read that is not signed", unsigned, get, false},
		{"a deletion by a writer", writer, remove, false},
		{"a deletion by a reader", reader, remove, false},
		{"a look at the key by an administrator", administrator, describe, true},
		{"a look at the key without TLS, which no policy of a key forbids", e.withoutTLS(administrator), describe,
			true},
		{"a look at the key by a user without policies", nobody, describe, false},
		{"a direct use of the key by an administrator", administrator, encrypt, false},
		{"a direct use of the key by a writer", writer, encrypt, false},
		{"the trail's role for an administrator", administrator, serviceRole("trail_delivery-role"), false},
		{"the flow logs' role for an administrator", administrator, serviceRole("network_flow-logs-role"), false},
		{"the monitoring's role for an administrator", administrator, serviceRole("database_monitoring-role"), false},
		{"a role that trusts the account for an administrator", administrator, assume(*own.Role.Arn), true},
	}
	allowed := 0
	for _, try := range tries {
		err := try.request(try.caller)
		if try.allowed {
			allowed++
			assert.NoError(t, err, "%s must be possible", try.name)
			continue
		}
		var refusal smithy.APIError
		if assert.ErrorAs(t, err, &refusal, "%s must be refused", try.name) {
			// Anything else would be a fault of the request, not an answer to it.
			assert.True(t, slices.Contains([]string{"AccessDenied", "AccessDeniedException"}, refusal.ErrorCode()),
				"%s: %s", try.name, refusal)
		}
	}
	return fmt.Sprintf("%d requests allowed, %d refused", allowed, len(tries)-allowed)
}
