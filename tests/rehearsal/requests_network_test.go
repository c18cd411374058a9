//go:build rehearsal && unix

package rehearsal

import (
	"regexp"
	"strings"
)

// kinds are the resource types of EC2 in ARNs, by the prefix of their ids.
var kinds = map[string]string{
	"acl": "network-acl", "eigw": "egress-only-internet-gateway", "eipalloc": "elastic-ip", "fl": "vpc-flow-log",
	"igw": "internet-gateway", "nat": "natgateway", "rtb": "route-table", "sg": "security-group",
	"sgr": "security-group-rule", "subnet": "subnet", "vpc": "vpc", "vpce": "vpc-endpoint",
}

// makers tell the prefix of the id of what a call makes.
var makers = map[string]string{
	"AllocateAddress": "eipalloc", "CreateEgressOnlyInternetGateway": "eigw", "CreateFlowLogs": "fl",
	"CreateInternetGateway": "igw", "CreateNatGateway": "nat", "CreateNetworkAcl": "acl", "CreateRouteTable": "rtb",
	"CreateSecurityGroup": "sg", "CreateSubnet": "subnet", "CreateVpc": "vpc", "CreateVpcEndpoint": "vpce",
}

var (
	ec2ID         = regexp.MustCompile(`^(acl|eigw|eipalloc|fl|igw|nat|rtb|sg|sgr|subnet|vpc|vpce)-[0-9a-f]+$`)
	associationID = regexp.MustCompile(`(rtbassoc|eipassoc|aclassoc)-[0-9a-f]+`)
)

// ofEC2 asks about each resource that a call names by its id, with the tags that it has, and about the one that it makes,
// with those that it gets.
func (a *asker) ofEC2(c call) []asked {
	action := "ec2:" + c.Action
	if strings.HasPrefix(c.Action, "Describe") {
		return a.one(action, "*")
	}
	form := c.form()
	tags := formTags(form, "TagSpecification.1.Tag.")
	if c.Action == "CreateTags" || c.Action == "DeleteTags" {
		tags = formTags(form, "Tag.")
	}
	requested := prefixed("aws:RequestTag", tags)

	var questions []asked
	about := func(id string) {
		prefix, _, _ := strings.Cut(id, "-")
		questions = append(questions, a.one(action, a.arn("ec2", kinds[prefix]+"/"+id), requested,
			prefixed("aws:ResourceTag", a.tags[id]))...)
	}
	var named []string
	for _, values := range form {
		for _, value := range values {
			switch {
			case ec2ID.MatchString(value):
				named = append(named, value)
			case associationID.MatchString(value) && c.Action == "DisassociateRouteTable":
				named = append(named, a.associations[value]...)
			case associationID.MatchString(value) && c.Action == "DisassociateAddress":
				questions = append(questions, a.one(action, a.arn("ec2", "elastic-ip/eipalloc-0"))...)
			}
		}
	}
	for _, id := range named {
		about(id)
	}
	if prefix, makes := makers[c.Action]; makes {
		made := regexp.MustCompile(`\b` + prefix + `-[0-9a-f]{8,}`).FindString(withoutIDs(c.Response, named))
		a.tags[made] = tags
		arn := a.arn("ec2", kinds[prefix]+"/"+made)
		questions = append(questions, a.one(action, arn, requested)...)
		questions = append(questions, a.one("ec2:CreateTags", arn, requested,
			map[string]string{"ec2:CreateAction": c.Action})...)
	}
	switch c.Action {
	case "CreateTags":
		for _, id := range named {
			if a.tags[id] == nil {
				a.tags[id] = map[string]string{}
			}
			for key, value := range tags {
				a.tags[id][key] = value
			}
		}
	case "AssociateRouteTable":
		a.associations[associationID.FindString(c.Response)] = named
	case "CreateFlowLogs":
		questions = append(questions, a.pass(form.Get("DeliverLogsPermissionArn"), "vpc-flow-logs")...)
	}
	return questions
}

// withoutIDs takes what a request has named out of the answer, so that what was made is left.
func withoutIDs(answer string, ids []string) string {
	for _, id := range ids {
		answer = strings.ReplaceAll(answer, id, "")
	}
	return answer
}
