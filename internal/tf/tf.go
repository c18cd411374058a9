// Package tf adds to the bindings what they lack: a dependency list that adds up, and conversions that leave an
// unset value unset. The bindings emit Go's zero values, so "unset" must reach them as a nil pointer.
package tf

import (
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// Deps lists what must exist before something else is created. It reaches Terraform as depends_on, and only if it is
// given to a resource when that is constructed: CDKTF copies the list then, and drops dependencies between nodes of
// the construct tree.
type Deps []cdktf.ITerraformDependable

// After joins lists of dependencies.
func After(lists ...Deps) Deps { return slices.Concat(lists...) }

// Ptr is the list in the form that the bindings take; nil when it is empty.
func (d Deps) Ptr() *[]cdktf.ITerraformDependable {
	if len(d) == 0 {
		return nil
	}
	list := slices.Clone([]cdktf.ITerraformDependable(d))
	return &list
}

// Ref is a resource that another construct has made.
type Ref struct {
	// Name is the physical name.
	Name string
	// ARN is the Amazon Resource Name, which may be a token until apply.
	ARN string
	// Ready lists what must exist before the resource is used.
	Ready Deps
}

// StringMap is a map in the form that the bindings take.
func StringMap(values map[string]string) *map[string]*string {
	pointers := make(map[string]*string, len(values))
	for key, value := range values {
		pointers[key] = &value
	}
	return &pointers
}

// OptString is a string in the form that the bindings take; nil when it is empty.
func OptString(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// NewData adds Terraform's own resource terraform_data to scope, which is replaced when one of the triggers changes,
// and returns its id, a token until apply. The bindings' class for it runs "terraform version" in each synthesis, which
// takes longer than the rest of the stack and fails where Terraform is not installed; the stack's required_version says
// enough.
func NewData(scope constructs.Construct, id string, triggers map[string]any) string {
	data := cdktf.NewTerraformResource(scope, &id, &cdktf.TerraformResourceConfig{
		TerraformResourceType: jsii.String("terraform_data"),
	})
	data.AddOverride(jsii.String("triggers_replace"), triggers)
	return *data.GetStringAttribute(jsii.String("id"))
}
