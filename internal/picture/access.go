package picture

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// services are the principals of AWS services in words, without the region and the domain.
var services = map[string]string{
	"cloudtrail": "CloudTrail", "cloudwatch": "CloudWatch alarms", "delivery.logs": "log delivery", "ec2": "EC2",
	"events": "EventBridge", "events.rds": "RDS events", "logging.s3": "S3 access logs", "logs": "CloudWatch Logs",
	"monitoring.rds": "RDS monitoring", "rds": "RDS", "s3": "S3", "secretsmanager": "Secrets Manager", "sns": "SNS",
	"vpc-flow-logs": "VPC flow logs",
}

// servicePrincipal takes a principal apart: "logs" of "logs.eu-central-1.amazonaws.com".
var servicePrincipal = regexp.MustCompile(`^([a-z0-9.-]+?)(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$`)

// service is a service's principal in words.
func service(principal string) string {
	found := servicePrincipal.FindStringSubmatch(principal)
	switch {
	case found == nil:
		return principal
	case services[found[1]] != "":
		return services[found[1]]
	}
	return found[1]
}

// keyName is the name of a key: its alias, or that of the resource.
func (d *drawing) keyName(key template.Resource) string {
	for _, alias := range d.of("aws_kms_alias", "target_key_id", key) {
		return strings.TrimPrefix(text(alias, "name"), "alias/")
	}
	return key.Name
}

// encrypted is the line of a label that names the key of what it stands on, or none.
func (d *drawing) encrypted(reference string) []string {
	if key, found := d.find("aws_kms_key", reference); found {
		return []string{"key: " + d.keyName(key)}
	}
	return nil
}

// keys draws the keys and who may encrypt and decrypt with them.
func (d *drawing) keys(panels place) error {
	keys := d.OfType("aws_kms_key")
	if len(keys) == 0 {
		return nil
	}
	panel := d.shape(panels.in("keys"), "panel", []string{"Keys, and who may use them"}, "grid-columns: 1",
		"grid-gap: 12")
	for _, key := range keys {
		document, err := d.policy(key, "policy")
		if err != nil {
			return err
		}
		lines := []string{d.keyName(key)}
		lines = append(lines, wrapped(uniq(users(document)), 52)...)
		d.draw(key, panel, "key", lines)
	}
	return nil
}

// uses are the actions with which a key encrypts or decrypts.
var uses = regexp.MustCompile(`^kms:(\*|Decrypt|Encrypt|GenerateDataKey.*|ReEncrypt.*)$`)

// users are those whom a key policy lets encrypt or decrypt.
func users(policy iampolicy.Document) []string {
	var found []string
	for _, statement := range policy.Statements {
		if statement.Effect != iampolicy.Allow || !slices.ContainsFunc(statement.Actions, uses.MatchString) {
			continue
		}
		for _, principal := range statement.Principal.Service {
			found = append(found, service(principal))
		}
		for _, principal := range statement.Principal.AWS {
			via := through(statement)
			if len(via) == 0 {
				found = append(found, identity(principal))
			}
			for _, one := range via {
				found = append(found, identity(principal)+" through "+one)
			}
		}
	}
	return found
}

// through are the services that a statement of a key policy demands.
func through(statement iampolicy.Statement) []string {
	var found []string
	for _, condition := range statement.Conditions {
		if condition.Key == "kms:ViaService" {
			for _, value := range condition.Values {
				found = append(found, service(value))
			}
		}
	}
	return found
}

// identity is a principal of an account in words.
func identity(principal string) string {
	if strings.HasSuffix(principal, ":root") {
		return "the account"
	}
	return principal[strings.LastIndex(principal, ":")+1:]
}

// roles draws the roles, who takes them, and the buckets whose objects they let people read.
func (d *drawing) roles(panels place) error {
	roles := d.OfType("aws_iam_role")
	if len(roles) == 0 {
		return nil
	}
	panel := d.shape(panels.in("roles"), "panel", []string{"Roles, and who may take them"}, "grid-columns: 1",
		"grid-gap: 12")
	for _, role := range roles {
		document, err := d.policy(role, "assume_role_policy")
		if err != nil {
			return err
		}
		var takers, people []string
		for _, statement := range document.Statements {
			for _, principal := range statement.Principal.Service {
				takers = append(takers, service(principal))
			}
			for _, principal := range append(statement.Principal.AWS, statement.Principal.Federated...) {
				people = append(people, identity(principal))
			}
		}
		lines := append([]string{name(role)}, wrapped(uniq(append(takers, people...)), 46)...)
		d.draw(role, panel, "role", lines)
		if len(people) > 0 {
			if err := d.readers(role, uniq(people)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readers draws the people who read a bucket as a role.
func (d *drawing) readers(role template.Resource, people []string) error {
	for _, attachment := range d.OfType("aws_iam_role_policy_attachment") {
		if attached, _ := attachment.Reference("role"); attached != role.Address {
			continue
		}
		policy, found := d.find("aws_iam_policy", text(attachment, "policy_arn"))
		if !found {
			continue
		}
		document, err := d.policy(policy, "policy")
		if err != nil {
			return err
		}
		for _, bucket := range d.OfType("aws_s3_bucket") {
			if reads(document, d.values.Resolve(name(bucket))) {
				at := d.shape(place{"people of " + role.Address}, "outside",
					append([]string{"People as " + name(role)}, people...), person)
				d.connect(d.places[bucket.Address], "<-", at, "read")
			}
		}
	}
	return nil
}

// reads reports whether a policy lets one read objects of a bucket.
func reads(policy iampolicy.Document, bucket string) bool {
	for _, statement := range policy.Statements {
		for _, resource := range statement.Resources {
			if statement.Effect == iampolicy.Allow && slices.Contains(statement.Actions, "s3:GetObject") &&
				strings.Contains(resource, fmt.Sprintf(":::%s/", bucket)) {
				return true
			}
		}
	}
	return false
}
