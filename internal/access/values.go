package access

import (
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/template"
)

// unknownAccount stands for the account where the JSON names none. It is the one of AWS's own examples.
const unknownAccount = "123456789012"

// arnForm says what the ARN of a type of resource is made of: service, what stands before the name, and the attribute
// that holds the name. Without an attribute AWS makes up an id, for which the tag Name stands in.
type arnForm struct{ service, before, attribute string }

// arnForms are those of the resource types that policies speak of.
// Source: Service Authorization Reference, "Resource types defined by …" of each service.
var arnForms = map[string]arnForm{
	"aws_cloudtrail":                   {"cloudtrail", "trail/", "name"},
	"aws_cloudwatch_log_group":         {"logs", "log-group:", "name"},
	"aws_cloudwatch_metric_alarm":      {"cloudwatch", "alarm:", "alarm_name"},
	"aws_db_event_subscription":        {"rds", "es:", "name"},
	"aws_db_instance":                  {"rds", "db:", "identifier"},
	"aws_db_parameter_group":           {"rds", "pg:", "name_prefix"},
	"aws_db_subnet_group":              {"rds", "subgrp:", "name"},
	"aws_egress_only_internet_gateway": {"ec2", "egress-only-internet-gateway/", ""},
	"aws_eip":                          {"ec2", "elastic-ip/", ""},
	"aws_flow_log":                     {"ec2", "vpc-flow-log/", ""},
	"aws_iam_policy":                   {iam, "policy/", "name"},
	"aws_iam_role":                     {iam, "role/", "name"},
	"aws_internet_gateway":             {"ec2", "internet-gateway/", ""},
	keyType:                            {"kms", "key/", ""},
	"aws_kms_alias":                    {"kms", "", "name"},
	"aws_nat_gateway":                  {"ec2", "natgateway/", ""},
	"aws_network_acl":                  {"ec2", "network-acl/", ""},
	"aws_route_table":                  {"ec2", "route-table/", ""},
	bucketType:                         {s3, "", "bucket"},
	"aws_security_group":               {"ec2", "security-group/", ""},
	topicType:                          {"sns", "", "name"},
	"aws_subnet":                       {"ec2", "subnet/", ""},
	"aws_vpc":                          {"ec2", "vpc/", ""},
	"aws_vpc_endpoint":                 {"ec2", "vpc-endpoint/", ""},
}

// Services whose ARNs differ from the others, and types with policies of their own.
const (
	iam = "iam"
	s3  = "s3"

	bucketType = "aws_s3_bucket"
	keyType    = "aws_kms_key"
	topicType  = "aws_sns_topic"
)

// Name is what a resource is called in AWS, as far as the JSON tells: its name, the alias of a key, or the tag Name of
// what AWS gives an id. Without any of them it is the name in the address.
func (s *Stack) Name(r template.Resource) string {
	if name, known := s.names[r.Address]; known {
		return name
	}
	if r.Type == keyType {
		for _, alias := range s.template.OfType("aws_kms_alias") {
			if target, _ := alias.Reference("target_key_id"); target == r.Address {
				return strings.TrimPrefix(s.text(alias, "name"), "alias/")
			}
		}
	}
	if attribute := arnForms[r.Type].attribute; attribute != "" && s.text(r, attribute) != "" {
		return s.text(r, attribute)
	}
	if tag, tagged := r.Value("tags", "Name").(string); tagged {
		return s.values.Resolve(tag)
	}
	return r.Name
}

// text is a string attribute with values in place of expressions.
func (s *Stack) text(r template.Resource, attribute string) string {
	text, _ := r.String(attribute)
	return s.values.Resolve(text)
}

// ARN is the ARN of a resource, made from its name, the account and the region, and reports whether its type has a form
// that is known. What AWS makes up at creation, such as the id of a key, is the name instead.
func (s *Stack) ARN(r template.Resource) (arn string, known bool) {
	form, known := arnForms[r.Type]
	name := form.before + s.Name(r)
	switch {
	case !known:
		return "", false
	case form.service == s3:
		return s.env.BucketARN(name), true
	case form.service == iam:
		return s.env.IAMARN(name), true
	default:
		return s.env.ARN(form.service, name), true
	}
}

// placeholders gives a value to every expression of the stack that policies and names can hold.
func (s *Stack) placeholders() {
	for _, r := range s.template.DataSources() {
		if r.Type == "aws_caller_identity" {
			s.values[r.Address+".account_id"] = s.env.AccountID()
		}
	}
	for _, r := range s.template.Resources() {
		for _, text := range r.Strings() {
			for _, read := range template.AttributesIn(text) {
				if of, exists := s.template.Resource(read.Address); exists && of.Mode == template.Managed {
					attribute := strings.Join(read.Names, ".")
					s.values[read.Address+"."+attribute] = s.placeholder(of, attribute)
				}
			}
		}
	}
}

// placeholder is the value of an attribute that is known only after creation.
func (s *Stack) placeholder(r template.Resource, attribute string) string {
	arn, hasARN := s.ARN(r)
	_, written := r.String(attribute)
	switch {
	case written:
		return s.text(r, attribute)
	case hasARN && (attribute == "arn" || attribute == "id" && (r.Type == topicType || r.Type == "aws_iam_policy")):
		return arn
	case attribute == "resource_id":
		return "db-" + strings.ToUpper(s.Name(r))
	default:
		return s.Name(r)
	}
}

// place is where the stack is, with an account that stands in for an unknown one.
func place(t *template.Template) (env awsenv.Env, accountKnown bool, err error) {
	region, account := t.Place()
	accountKnown = account != ""
	if !accountKnown {
		account = unknownAccount
	}
	env, err = awsenv.New(region, account)
	return env, accountKnown, err
}
