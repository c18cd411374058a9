package template

import "strings"

// Mode tells a resource that Terraform manages from a data source that it reads.
type Mode string

// The modes of a resource, as Terraform calls them in states and plans.
const (
	Managed Mode = "managed"
	Data    Mode = "data"
)

// Resource is one resource or data source of a stack.
type Resource struct {
	// Address is the Terraform address: type.name, or data.type.name.
	Address string
	// Mode says whether Terraform manages or reads it.
	Mode Mode
	// Type is the resource type, such as aws_kms_key.
	Type string
	// Name is the name in the address, which CDKTF makes of the construct path and a hash.
	Name string
	// Path is the place in the construct tree below the stack, such as logs-key/Resource. Empty if the JSON holds no
	// metadata.
	Path string
	// Attributes are the arguments and blocks, with meta-arguments such as depends_on, without CDKTF's metadata.
	Attributes map[string]any
}

// metadata is the key of CDKTF's metadata in the body of a resource. Terraform takes it for a comment.
const metadata = "//"

func newResource(mode Mode, resourceType, name string, body map[string]any) Resource {
	r := Resource{Address: resourceType + "." + name, Mode: mode, Type: resourceType, Name: name, Attributes: body}
	if mode == Data {
		r.Address = "data." + r.Address
	}
	if full, isString := value(body, metadata, "metadata", "path").(string); isString {
		_, r.Path, _ = strings.Cut(full, "/")
	}
	delete(body, metadata)
	return r
}

// Value returns what stands at a path of attribute names and list positions, such as ("rule", "0", "status"), and nil
// where there is nothing.
func (r Resource) Value(path ...string) any { return value(r.Attributes, path...) }

// String returns a string attribute and reports whether it is one.
func (r Resource) String(attribute string) (text string, isString bool) {
	text, isString = r.Attributes[attribute].(string)
	return text, isString
}

// DependsOn lists the addresses in depends_on: what the resource waits for besides what it refers to.
func (r Resource) DependsOn() []string { return Texts(r.Attributes["depends_on"]) }

// stateful are the resource types whose replacement loses data, evidence, or an address that others know.
var stateful = map[string]bool{
	"aws_cloudtrail":           true,
	"aws_cloudwatch_log_group": true,
	"aws_db_instance":          true,
	"aws_kms_key":              true,
	"aws_s3_bucket":            true,
	"aws_sns_topic":            true,
	"aws_subnet":               true,
	"aws_vpc":                  true,
}

// Stateful reports whether a resource type holds what replacing it would lose: data, evidence, or an address that
// others know. An upgrade must never replace such a resource.
func Stateful(resourceType string) bool { return stateful[resourceType] }
