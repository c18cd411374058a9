package adopt

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"securebaseline/internal/awsenv"
)

// Account is an AWS account in a region, which is only asked, never changed.
type Account struct {
	env    awsenv.Env
	ec2    *ec2.Client
	iam    *iam.Client
	kms    *kms.Client
	logs   *cloudwatchlogs.Client
	rds    *rds.Client
	s3     *s3.Client
	sns    *sns.Client
	trails *cloudtrail.Client
}

// Open returns the account of the credentials that the AWS SDK finds, in the environment and the files of the AWS CLI,
// as Terraform's provider does.
func Open(ctx context.Context, region string) (Account, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return Account{}, err
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return Account{}, fmt.Errorf("no valid credential sources found: %w", err)
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Account{}, err
	}
	env, err := awsenv.New(region, aws.ToString(who.Account))
	if err != nil {
		return Account{}, err
	}
	return Account{
		env: env, ec2: ec2.NewFromConfig(cfg), iam: iam.NewFromConfig(cfg), kms: kms.NewFromConfig(cfg),
		logs: cloudwatchlogs.NewFromConfig(cfg), rds: rds.NewFromConfig(cfg), s3: s3.NewFromConfig(cfg),
		sns: sns.NewFromConfig(cfg), trails: cloudtrail.NewFromConfig(cfg),
	}, nil
}

// notFound reports whether an error says that what was asked for does not exist. Each service has codes of its own.
func notFound(err error) bool {
	switch refusedCode(err) {
	case "":
		return false
	case "NoSuchEntity", "NotFound", "NotFoundException", "ResourceNotFoundException", "TrailNotFoundException",
		"NoSuchBucket", "DBInstanceNotFound", "DBSubnetGroupNotFoundFault", "SubscriptionNotFound",
		"InvalidRouteTableID.NotFound", "InvalidVpcID.NotFound", "InvalidVpcEndpointId.NotFound":
		return true
	}
	var response *awshttp.ResponseError
	return errors.As(err, &response) && response.HTTPStatusCode() == http.StatusNotFound
}

// refusedCode is the code of an error by which AWS refuses, or empty.
func refusedCode(err error) string {
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.ErrorCode()
}

// absent is what an error means for a lookup: nothing where AWS says that there is none, and the error otherwise.
func absent(err error) ([]string, error) {
	if notFound(err) {
		return nil, nil
	}
	return nil, err
}

// only is the identifier of what a call without an error has found.
func only(id string, err error) ([]string, error) {
	if err != nil {
		return absent(err)
	}
	return []string{id}, nil
}

// each collects the identifiers of a list, without those that are nil.
func each[T any](list []T, id func(T) *string) []string {
	var ids []string
	for _, one := range list {
		if text := id(one); text != nil {
			ids = append(ids, *text)
		}
	}
	return ids
}
