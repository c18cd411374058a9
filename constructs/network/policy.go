package network

import (
	"fmt"
	"slices"

	"securebaseline/internal/awsbuckets"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/problem"
	"securebaseline/internal/s3rules"
)

// Trust is what can be reached through the endpoints besides the account's own resources. Whatever it leaves out cannot
// be reached at all: private DNS leads all traffic to the endpoints.
type Trust struct {
	// Accounts are the ids of accounts whose principals and resources count as the own. Default none.
	Accounts []string
	// OrganizationID lets principals of the organization reach its resources. Default none.
	OrganizationID string
	// Buckets are the names of buckets that own principals reach, whoever owns them. Default none.
	Buckets []string
	// AWSBuckets is what workloads need AWS's own buckets for. Default nothing.
	AWSBuckets []awsbuckets.Purpose
}

func (t Trust) validate(l *problem.List) {
	for i, account := range t.Accounts {
		l.Check(fmt.Sprintf("props.Trust.Accounts[%d]", i), account, awsenv.CheckAccountID(account))
	}
	if t.OrganizationID != "" {
		l.Check("props.Trust.OrganizationID", t.OrganizationID, awsenv.CheckOrganizationID(t.OrganizationID))
	}
	for i, bucket := range t.Buckets {
		l.Check(fmt.Sprintf("props.Trust.Buckets[%d]", i), bucket, s3rules.CheckBucketName(bucket))
	}
	for i, purpose := range t.AWSBuckets {
		l.Check(fmt.Sprintf("props.Trust.AWSBuckets[%d]", i), purpose, awsbuckets.Check(purpose))
	}
}

// endpointPolicy writes the policy of one service's endpoint.
type endpointPolicy struct {
	env     awsenv.Env
	trust   Trust
	service string
}

// statements are the whole policy: own principals reach own resources, and what this service needs besides.
//
// An endpoint policy grants nothing; what a principal may do is said in its own policies. So actions can be those of
// the whole service, and what counts is whose credentials are used inside the VPC and whose resources they reach (AWS
// PrivateLink Guide, "Control access to VPC endpoints using endpoint policies").
func (p endpointPolicy) statements() []iampolicy.Statement {
	everything := []string{awsenv.ActionPrefix(p.service) + ":*"}
	statements := []iampolicy.Statement{
		p.allow("OwnPrincipalsReachOwnResources", everything, []string{"*"}, p.ownPrincipals(), p.ownResources()),
	}
	if organization := p.trust.OrganizationID; organization != "" {
		statements = append(statements, p.allow("OrganizationReachesOrganization", everything, []string{"*"},
			iampolicy.StringEquals("aws:PrincipalOrgID", organization),
			iampolicy.StringEquals("aws:ResourceOrgID", organization)))
	}
	special, exists := map[string]func() []iampolicy.Statement{
		"s3": p.s3, "sts": p.sts, "ssm": p.ssm, "ec2": p.ec2, "events": p.events, "lambda": p.lambda,
		"ecr.api": p.ecr, "ecr.dkr": p.ecr,
	}[p.service]
	if exists {
		statements = append(statements, special()...)
	}
	return statements
}

func (p endpointPolicy) allow(sid string, actions, resources []string, conditions ...iampolicy.Condition,
) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Effect: iampolicy.Allow, Principal: iampolicy.Everyone(), Actions: actions, Resources: resources,
		Conditions: conditions,
	}
}

// accounts are the own and the trusted ones.
func (p endpointPolicy) accounts() []string {
	return append([]string{p.env.AccountID()}, slices.DeleteFunc(slices.Clone(p.trust.Accounts),
		func(account string) bool { return account == p.env.AccountID() })...)
}

func (p endpointPolicy) ownPrincipals() iampolicy.Condition {
	return iampolicy.StringEquals("aws:PrincipalAccount", p.accounts()...)
}

func (p endpointPolicy) ownResources() iampolicy.Condition {
	return iampolicy.StringEquals("aws:ResourceAccount", p.accounts()...)
}
