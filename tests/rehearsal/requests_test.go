//go:build rehearsal && unix

package rehearsal

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// asked is what AWS would ask the policies of a caller for one call, as the Service Authorization Reference has it: an
// action, a resource, and the context keys that conditions of ours look at.
type asked struct {
	Action   string            `json:"action"`
	Resource string            `json:"resource"`
	Context  map[string]string `json:"context,omitempty"`
}

// asker translates calls into what AWS would ask. It remembers the tags of what was made, because they are part of the
// context of later calls.
type asker struct {
	region, account, boundary string
	tags                      map[string]map[string]string // by id
	associations              map[string][]string          // ids that an association stands for
	aliases                   map[string]string            // ids of keys by their aliases
}

func newAsker(region, account, boundary string) *asker {
	return &asker{region, account, boundary, map[string]map[string]string{}, map[string][]string{},
		map[string]string{}}
}

func (a *asker) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + a.region + ":" + a.account + ":" + resource
}

func (a *asker) iam(resource string) string { return "arn:aws:iam::" + a.account + ":" + resource }

// of lists what AWS would ask for a call. It is empty for calls that need no permission.
func (a *asker) of(c call) []asked {
	switch c.Service {
	case "ec2":
		return a.ofEC2(c)
	case "iam":
		return a.ofIAM(c)
	case "kms":
		return a.ofKMS(c)
	case "rds":
		return a.ofRDS(c)
	case "s3":
		return a.ofS3(c)
	case "sts":
		return nil // GetCallerIdentity is allowed to all
	default:
		return a.ofOthers(c)
	}
}

// one is a question about one resource.
func (a *asker) one(action, resource string, context ...map[string]string) []asked {
	merged := map[string]string{"aws:RequestedRegion": a.region}
	for _, keys := range context {
		for key, value := range keys {
			merged[key] = value
		}
	}
	return []asked{{action, resource, merged}}
}

// pass is the question whether a role may be passed to a service.
func (a *asker) pass(role, service string) []asked {
	if role == "" {
		return nil
	}
	return a.one("iam:PassRole", role, map[string]string{"iam:PassedToService": service + ".amazonaws.com"})
}

// prefixed puts a prefix before the keys of tags, such as aws:RequestTag.
func prefixed(prefix string, tags map[string]string) map[string]string {
	keys := map[string]string{}
	for key, value := range tags {
		keys[prefix+"/"+key] = value
	}
	return keys
}

// formTags reads the tags of a form, such as Tag.1.Key and Tag.1.Value after a prefix.
func formTags(form url.Values, prefix string) map[string]string {
	tags := map[string]string{}
	for i := 1; form.Has(prefix + strconv.Itoa(i) + ".Key"); i++ {
		name := prefix + strconv.Itoa(i)
		tags[form.Get(name+".Key")] = form.Get(name + ".Value")
	}
	return tags
}

// fields reads the body of a call that is JSON.
func (c call) fields() map[string]any {
	var fields map[string]any
	_ = json.Unmarshal([]byte(c.Request), &fields)
	return fields
}

// text of a field, or empty.
func text(fields map[string]any, name string) string {
	value, _ := fields[name].(string)
	return value
}

func (a *asker) ofIAM(c call) []asked {
	form := c.form()
	role, policy := "", form.Get("PolicyArn")
	if name := form.Get("RoleName"); name != "" {
		role = a.iam("role" + path(form) + name)
	}
	action, tags := "iam:"+c.Action, formTags(form, "Tags.member.")
	switch c.Action {
	case "CreateRole":
		bounded := form.Get("PermissionsBoundary")
		if bounded == "" {
			bounded = a.boundary // without permissionsBoundary in the configuration the stack's roles have none
		}
		return append(a.one(action, role, map[string]string{"iam:PermissionsBoundary": bounded}),
			a.one("iam:TagRole", role, prefixed("aws:RequestTag", tags))...)
	case "CreatePolicy":
		made := a.iam("policy" + path(form) + form.Get("PolicyName"))
		return append(a.one(action, made), a.one("iam:TagPolicy", made, prefixed("aws:RequestTag", tags))...)
	case "AttachRolePolicy", "DetachRolePolicy":
		return a.one(action, role, map[string]string{"iam:PolicyARN": policy})
	}
	if role != "" {
		return a.one(action, role)
	}
	return a.one(action, policy)
}

func path(form url.Values) string {
	if path := form.Get("Path"); path != "" {
		return path
	}
	return "/"
}

func (a *asker) ofKMS(c call) []asked {
	fields, action := c.fields(), "kms:"+c.Action
	tags := map[string]string{}
	list, _ := fields["Tags"].([]any)
	for _, one := range list {
		tag, _ := one.(map[string]any)
		tags[text(tag, "TagKey")] = text(tag, "TagValue")
	}
	own := func(id string) (string, map[string]string) {
		if key := a.aliases[id]; key != "" { // AWS asks about the key that an alias names
			id = key
		}
		id = id[strings.LastIndex(id, "/")+1:]
		return a.arn("kms", "key/"+id), prefixed("aws:ResourceTag", a.tags[id])
	}
	switch c.Action {
	case "ListAliases":
		return a.one(action, "*")
	case "CreateKey":
		var answer struct{ KeyMetadata struct{ KeyId string } }
		_ = json.Unmarshal([]byte(c.Response), &answer)
		a.tags[answer.KeyMetadata.KeyId] = tags
		made, _ := own(answer.KeyMetadata.KeyId)
		requested := prefixed("aws:RequestTag", tags)
		return append(a.one(action, "*", requested), a.one("kms:TagResource", made, requested)...)
	case "CreateAlias", "DeleteAlias", "UpdateAlias":
		questions := a.one(action, a.arn("kms", text(fields, "AliasName")))
		if target := text(fields, "TargetKeyId"); target != "" {
			a.aliases[text(fields, "AliasName")] = target
			key, context := own(target)
			questions = append(questions, a.one(action, key, context)...)
		}
		return questions
	}
	key, context := own(text(fields, "KeyId"))
	return a.one(action, key, context)
}

func (a *asker) ofRDS(c call) []asked {
	form, action := c.form(), "rds:"+c.Action
	if c.Action == "DescribeDBEngineVersions" {
		return a.one(action, "*")
	}
	var questions []asked
	for name, kind := range map[string]string{"DBInstanceIdentifier": "db:", "DBSubnetGroupName": "subgrp:",
		"DBParameterGroupName": "pg:", "SubscriptionName": "es:", "DBSnapshotIdentifier": "snapshot:", "ResourceName": ""} {
		if value := form.Get(name); value != "" && kind == "" {
			questions = append(questions, a.one(action, value)...)
		} else if value != "" {
			questions = append(questions, a.one(action, a.arn("rds", kind+value))...)
		}
	}
	if snapshot := form.Get("FinalDBSnapshotIdentifier"); snapshot != "" {
		questions = append(questions, a.one("rds:CreateDBSnapshot", a.arn("rds", "snapshot:"+snapshot))...)
		questions = append(questions,
			a.one("rds:CreateDBSnapshot", a.arn("rds", "db:"+form.Get("DBInstanceIdentifier")))...)
	}
	questions = append(questions, a.pass(form.Get("MonitoringRoleArn"), "monitoring.rds")...)
	if tags := formTags(form, "Tags.Tag."); len(tags) > 0 && len(questions) > 0 {
		questions = append(questions, a.one("rds:AddTagsToResource", questions[0].Resource)...)
	}
	if form.Get("ManageMasterUserPassword") == "true" {
		questions = append(questions, a.masterPassword(form.Get("KmsKeyId"), form.Get("MasterUserSecretKmsKeyId"))...)
	}
	return questions
}

// masterPassword is what RDS asks in the name of its caller, for the storage and for the secret (RDS User Guide,
// "Password management with Amazon RDS and AWS Secrets Manager", and "Encrypting Amazon RDS resources").
func (a *asker) masterPassword(storage, secret string) []asked {
	questions := append(a.one("secretsmanager:CreateSecret", a.arn("secretsmanager", "secret:rds!db-x")),
		a.one("secretsmanager:TagResource", a.arn("secretsmanager", "secret:rds!db-x"))...)
	for key, service := range map[string]string{storage: "rds", secret: "secretsmanager"} {
		if key == "" {
			continue
		}
		id := key[strings.LastIndex(key, "/")+1:]
		context := prefixed("aws:ResourceTag", a.tags[id])
		context["kms:ViaService"] = service + "." + a.region + ".amazonaws.com"
		for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey"} {
			questions = append(questions, a.one(action, a.arn("kms", "key/"+id), context)...)
		}
		questions = append(questions, a.one("kms:CreateGrant", a.arn("kms", "key/"+id), context,
			map[string]string{"kms:GrantIsForAWSResource": "true"})...)
	}
	return questions
}

// random matches what is made up anew in each run.
var random = regexp.MustCompile(`\b(vpc|subnet|rtb|igw|nat|acl|sg|sgr|eipalloc|fl|vpce|eigw)-[0-9a-f]{8,}|` +
	`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\w{5,6})?|\b[0-9]{26}\b|\bdb-[A-Z0-9]{20,}`)
