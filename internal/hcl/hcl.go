// Package hcl writes a synthesized stack in Terraform's native syntax, so that a team can go on without CDKTF: the
// addresses are the same, and a plan against the state of the deployment is empty.
//
// What is an argument and what is a block, the provider's schema says. What the package does not know how to write is
// an error, and never left out.
package hcl

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"securebaseline/internal/template"
)

// Export returns the files of a stack by name. The schemas are those that "terraform providers schema" lists for it.
func Export(stack *template.Template, providers *tfjson.ProviderSchemas) (map[string][]byte, error) {
	if unread := stack.Unread(); len(unread) > 0 {
		return nil, fmt.Errorf("%s cannot be exported", strings.Join(unread, ", "))
	}
	e := exporter{stack, schemas{providers}, map[string]*printer{}}
	e.terraform()
	e.providers()
	e.resources()
	e.outputs()
	e.variables()
	e.locals()
	e.refactorings()

	files := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		content, err := e.files[name].finish(name)
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// exporter holds the files that are being written.
type exporter struct {
	stack   *template.Template
	schemas schemas
	files   map[string]*printer
}

// file returns the file of a name without its ending, and notes what is about to be written to it.
func (e exporter) file(name, at string) *printer {
	name += ".tf"
	if e.files[name] == nil {
		e.files[name] = &printer{}
	}
	e.files[name].at = at
	return e.files[name]
}

// parts tell by a resource of a construct to which file the construct belongs. The first one that it has counts.
var parts = []struct{ resourceType, file string }{
	{"aws_db_instance", "rds"},
	{"aws_vpc", "network"},
	{"aws_kms_key", "kms"},
	{"aws_s3_bucket", "s3"},
	{"aws_cloudtrail", "logging"},
	{"aws_cloudwatch_log_group", "logging"},
	{"aws_cloudwatch_metric_alarm", "logging"},
	{"aws_sns_topic", "logging"},
	{"aws_iam_role", "iam"},
	{"aws_iam_policy", "iam"},
}

// unfit is what does not go into the name of a file.
var unfit = regexp.MustCompile(`[^0-9A-Za-z_-]+`)

// resources writes the resources and data sources of each construct in the order of their paths.
func (e exporter) resources() {
	byConstruct := map[string][]template.Resource{}
	for _, one := range append(e.stack.Resources(), e.stack.DataSources()...) {
		construct, _, _ := strings.Cut(one.Path, "/")
		byConstruct[construct] = append(byConstruct[construct], one)
	}
	for _, construct := range slices.Sorted(maps.Keys(byConstruct)) {
		members := byConstruct[construct]
		slices.SortStableFunc(members, func(a, b template.Resource) int { return cmp.Compare(a.Path, b.Path) })
		for _, member := range members {
			e.resource(e.file(fileOf(construct, members), member.Address), member)
		}
	}
}

// fileOf names the file of a construct: that of its part, or else its own. What only reads is data, and what has no
// construct is in the main file.
func fileOf(construct string, members []template.Resource) string {
	isManaged := func(r template.Resource) bool { return r.Mode == template.Managed }
	for _, part := range parts {
		if slices.ContainsFunc(members, func(r template.Resource) bool {
			return isManaged(r) && r.Type == part.resourceType
		}) {
			return part.file
		}
	}
	switch {
	case construct == "":
		return "main"
	case !slices.ContainsFunc(members, isManaged):
		return "data"
	}
	return unfit.ReplaceAllString(construct, "-")
}
