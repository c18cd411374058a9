package picture

import (
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/template"
)

// facts answers questions about a stack.
type facts struct {
	*template.Template
	values template.Values
}

func newFacts(t *template.Template) facts {
	// Whatever is known only in AWS is read as the address that it comes from: it need not be true, only recognized.
	values := template.Values{}
	for _, r := range append(t.Resources(), t.DataSources()...) {
		for _, attribute := range []string{"arn", "id", "name", "account_id", "resource_id", "identifier"} {
			values[r.Address+"."+attribute] = r.Address
		}
	}
	return facts{t, values}
}

// name is the physical name of a resource, or nothing where AWS finds one.
func name(r template.Resource) string {
	for _, attribute := range []string{"bucket", "name", "identifier", "alarm_name"} {
		if text, isString := r.String(attribute); isString {
			return text
		}
	}
	return ""
}

// find returns the resource of a type that a text means: by reference, by its name, or by its ARN.
func (f facts) find(resourceType, text string) (template.Resource, bool) {
	// A log group's ARN for those who write ends in ":*".
	text = strings.TrimSuffix(text, ":*")
	if text == "" {
		return template.Resource{}, false
	}
	if address, isReference := template.ReferenceIn(text); isReference {
		r, exists := f.Resource(address)
		return r, exists && r.Type == resourceType
	}
	for _, r := range f.OfType(resourceType) {
		named := name(r)
		if named != "" && (text == named || strings.HasPrefix(text, "arn:") && strings.HasSuffix(text, ":"+named)) {
			return r, true
		}
	}
	return template.Resource{}, false
}

// of lists the resources of a type whose attribute means another resource.
func (f facts) of(resourceType, attribute string, owner template.Resource) []template.Resource {
	return slices.DeleteFunc(f.OfType(resourceType), func(r template.Resource) bool {
		text, _ := r.String(attribute)
		meant, found := f.find(owner.Type, text)
		return !found || meant.Address != owner.Address
	})
}

// policy is a policy as AWS will read it, with addresses for what it does not know yet.
func (f facts) policy(r template.Resource, attribute string) (iampolicy.Document, error) {
	return r.Policy(attribute, f.values)
}

// globalSuffix is what makes the name of a bucket unique in the world: the account and the region.
var globalSuffix = regexp.MustCompile(`-(\d{12}|\$\{[^}]*\})-[a-z]{2}(-[a-z]+)+-\d$`)

// short is a name without what all names of the account have in common.
func short(name string) string { return globalSuffix.ReplaceAllString(name, "-…") }

// days is a number of days in words, or nothing.
func days(value any) string {
	number, isNumber := value.(float64)
	if !isNumber || number == 0 {
		return ""
	}
	whole := int(number)
	if years := whole / 365; years > 0 && whole%365 <= (years+3)/4 { // with their leap days
		return counted(years, "year")
	}
	return counted(whole, "day")
}

// uniq sorts texts and leaves out repetitions.
func uniq(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
