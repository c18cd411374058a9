package github

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"securebaseline/internal/problem"
)

// audience is whom the tokens are for, which the trust policy of a role demands (GitHub documentation, "Configuring
// OpenID Connect in Amazon Web Services").
const audience = "sts.amazonaws.com"

// Credentials are those of a session of a role. As JSON they are what a credential_process prints (AWS SDKs and Tools
// Reference Guide, "Process credential provider").
type Credentials struct {
	Version         int
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time

	// Session is the ARN of the session.
	Session string `json:"-"`
}

// Assume exchanges the identity of a job of GitHub Actions for credentials of a role. The job needs the permission
// "id-token: write". get reads an environment variable, as os.Getenv does.
func Assume(ctx context.Context, get func(string) string, role, region string) (Credentials, error) {
	token, err := identity(ctx, get)
	if err != nil {
		return Credentials{}, err
	}
	// Neither credentials nor a profile that happen to be there: the profile may be the one that runs this command.
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithSharedConfigFiles([]string{}),
		config.WithSharedCredentialsFiles([]string{}), config.WithCredentialsProvider(aws.AnonymousCredentials{}))
	if err != nil {
		return Credentials{}, err
	}
	// CloudTrail shows the name of the session, and so the run.
	session := fmt.Sprintf("github-%s-%s", get("GITHUB_RUN_ID"), get("GITHUB_RUN_ATTEMPT"))
	answer, err := sts.NewFromConfig(settings).AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &role, RoleSessionName: &session, WebIdentityToken: &token})
	if err != nil {
		return Credentials{}, fmt.Errorf("%s does not let in this job, whose subject is %q: %w", role, subject(token),
			err)
	}
	return Credentials{1, *answer.Credentials.AccessKeyId, *answer.Credentials.SecretAccessKey,
		*answer.Credentials.SessionToken, *answer.Credentials.Expiration, *answer.AssumedRoleUser.Arn}, nil
}

// identity fetches the token by which a job says who it is. It is valid for minutes (GitHub documentation, "OpenID
// Connect reference").
func identity(ctx context.Context, get func(string) string) (string, error) {
	var problems problem.List
	for _, name := range []string{"ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"} {
		problems.Require(name, get(name) != "", "set, as it is in a job with the permission id-token: write")
	}
	if err := problems.Err(); err != nil {
		return "", err
	}
	address, err := url.Parse(get("ACTIONS_ID_TOKEN_REQUEST_URL"))
	if err != nil {
		return "", err
	}
	query := address.Query()
	query.Set("audience", audience)
	address.RawQuery = query.Encode()
	for attempt := 1; ; attempt++ {
		token, err := fetch(ctx, address.String(), get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))
		if err == nil || attempt == attempts {
			return token, err
		}
		select {
		case <-time.After(time.Duration(attempt) * pause):
		case <-ctx.Done():
			return "", err
		}
	}
}

// An exchange in the middle of a deployment is worth a second try.
const (
	attempts = 3
	pause    = time.Second
)

func fetch(ctx context.Context, address, bearer string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	response, err := (&http.Client{Timeout: timeout}).Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", err
	}
	var answer struct{ Value string }
	if response.StatusCode != http.StatusOK || json.Unmarshal(body, &answer) != nil || answer.Value == "" {
		return "", errors.New("GitHub gives this job no token: " + response.Status)
	}
	return answer.Value, nil
}

// subject is what a token says of the job, and the trust policy of a role compares. The token is not verified: AWS does
// that.
func subject(token string) string {
	var claims struct{ Sub string }
	if parts := strings.Split(token, "."); len(parts) == 3 {
		if payload, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			_ = json.Unmarshal(payload, &claims)
		}
	}
	return claims.Sub
}
