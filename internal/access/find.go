package access

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
	"securebaseline/internal/problem"
	"securebaseline/internal/template"
)

// target is what a request is about.
type target struct {
	arn string
	// resource is what the stack has there; without one the ARN is of something else.
	resource template.Resource
	inStack  bool
	// rest is what follows the resource's own ARN, such as "/key" of an object.
	rest string
}

// arnOfPrincipal matches the ARNs of users, roles, their sessions and root users.
var arnOfPrincipal = regexp.MustCompile(
	`^arn:[a-z-]+:(?:iam|sts)::[0-9]{12}:(?:root|user/.+|role/.+|assumed-role/.+/.+)$`)

// serviceName matches service principals.
var serviceName = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$`)

// principal finds whom a text means: by ARN, name, address, construct path, the first words of a service principal, or
// a part that only one of them has.
func (s *Stack) principal(text string) (Principal, error) {
	all := s.Principals()
	name := func(p Principal) string { return p.Name }
	names := listed(all, name)
	exact := func(p Principal) bool {
		return text == p.Name || text == p.Caller.String() || text == p.Address || text == p.path
	}
	begins := func(p Principal) bool { return p.Caller.IsService() && strings.HasPrefix(p.Name, text+".") }
	contains := func(p Principal) bool {
		return strings.Contains(p.Name, text) || strings.Contains(p.Address, text) || strings.Contains(p.path, text)
	}
	if text == "" {
		return Principal{}, fmt.Errorf("AS: must name a principal, one of %s", strings.Join(names, ", "))
	}
	for _, fits := range []func(Principal) bool{exact, begins, contains} {
		found := slices.DeleteFunc(slices.Clone(all), func(p Principal) bool { return !fits(p) })
		switch {
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			return Principal{}, ambiguous("AS", text, listed(found, name))
		}
		// A principal that the stack does not name can be asked about all the same.
		if arnOfPrincipal.MatchString(text) {
			return outsider(text), nil
		}
		if serviceName.MatchString(text) {
			return service(text), nil
		}
	}
	return Principal{}, fmt.Errorf("AS = %q: must be a principal: the ARN of a role, a user or a root user, a service "+
		"such as cloudtrail.amazonaws.com, or one of %s%s", text, strings.Join(names, ", "),
		problem.DidYouMean(text, names))
}

// listed are the names of all, in their order.
func listed[T any](all []T, name func(T) string) []string {
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = name(one)
	}
	return names
}

func ambiguous(variable, text string, names []string) error {
	return fmt.Errorf("%s = %q: must name one of these, in full: %s", variable, text, strings.Join(names, ", "))
}

// serviceOfARN is the service in the ARNs that the actions of a service are about, where it is another one.
// Source: Service Authorization Reference, "Resource types defined by AWS Security Token Service" and the same of
// "Amazon RDS IAM Authentication".
var serviceOfARN = map[string]string{"sts": iam, "rds-db": "rds"}

// target finds what a text means to an action: by ARN, name, address, construct path, or a part that only one resource
// of the action's service has; followed by what is inside of it, as in BUCKET/KEY.
func (s *Stack) target(text, action string) (target, error) {
	service, _, _ := strings.Cut(action, ":")
	if other, differs := serviceOfARN[service]; differs {
		service = other
	}
	isConnect := strings.HasPrefix(action, "rds-db:")
	var candidates []template.Resource
	for _, r := range s.template.Resources() {
		switch {
		case arnForms[r.Type].service != service, r.Type == "aws_kms_alias": // an alias stands for its key
		case isConnect && r.Type != "aws_db_instance", assumes(action) && r.Type != "aws_iam_role":
		default:
			candidates = append(candidates, r)
		}
	}
	names := listed(candidates, s.Name)
	if text == "" {
		return target{}, fmt.Errorf("ON: must name a resource: an ARN, \"*\" for an action without one, or one of %s",
			strings.Join(names, ", "))
	}
	if text == "*" {
		return target{arn: text}, nil
	}
	for _, cut := range cuts(text) {
		head, rest := text[:cut], text[cut:]
		exact := func(r template.Resource) bool {
			arn, _ := s.ARN(r)
			return head == arn || head == s.Name(r) || head == r.Address || head == r.Path ||
				r.Type == keyType && head == "alias/"+s.Name(r)
		}
		if i := slices.IndexFunc(candidates, exact); i >= 0 {
			return s.inside(candidates[i], rest, action), nil
		}
	}
	if strings.HasPrefix(text, "arn:") {
		return target{arn: text}, nil
	}
	head, rest := text, ""
	if i := strings.IndexAny(text, "/:"); i > 0 {
		head, rest = text[:i], text[i:]
	}
	found := slices.DeleteFunc(slices.Clone(candidates), func(r template.Resource) bool {
		return !strings.Contains(s.Name(r), head) && !strings.Contains(r.Address, head) &&
			!strings.Contains(r.Path, head)
	})
	switch len(found) {
	case 1:
		return s.inside(found[0], rest, action), nil
	case 0:
		return target{}, fmt.Errorf("ON = %q: must be an ARN, \"*\", or what %s is about: %s%s", text, action,
			orNone(names), problem.DidYouMean(head, names))
	default:
		return target{}, ambiguous("ON", text, listed(found, s.Name))
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "nothing in this stack"
	}
	return "one of " + strings.Join(names, ", ")
}

// cuts lists where a text may end the name of a resource, the longest first.
func cuts(text string) []int {
	at := []int{len(text)}
	for i := len(text) - 1; i > 0; i-- {
		if text[i] == '/' || text[i] == ':' {
			at = append(at, i)
		}
	}
	return at
}

// inside is what is asked for of a resource: itself, or what is inside of it, which has a name that stands for any
// other where none is given.
func (s *Stack) inside(r template.Resource, rest, action string) target {
	arn, _ := s.ARN(r)
	service, name, _ := strings.Cut(action, ":")
	switch {
	case rest != "":
	case service == s3 && isAboutObjects(name):
		rest = "/object"
	case service == "logs" && isAboutStreams(name):
		rest = ":log-stream:stream"
	}
	if strings.HasPrefix(action, "rds-db:") {
		// Users of a database are named by the resource id of its instance.
		user := strings.TrimLeft(rest, "/:")
		if user == "" {
			user = "user"
		}
		return target{s.env.ARN("rds-db", "dbuser:"+s.placeholder(r, "resource_id")+"/"+user), r, true, "/" + user}
	}
	return target{arn + rest, r, true, rest}
}

// isAboutObjects reports whether an action of S3 is about objects, by its name.
// Source: Service Authorization Reference, "Actions defined by Amazon S3".
func isAboutObjects(name string) bool {
	return strings.Contains(name, "Object") && !strings.Contains(name, "BucketObjectLock") ||
		name == "AbortMultipartUpload" || name == "ListMultipartUploadParts" || name == "BypassGovernanceRetention"
}

// isAboutStreams reports whether an action of CloudWatch Logs is about the streams of a group.
// Source: Service Authorization Reference, "Actions defined by Amazon CloudWatch Logs".
func isAboutStreams(name string) bool {
	return slices.Contains([]string{"PutLogEvents", "GetLogEvents", "CreateLogStream", "DeleteLogStream"}, name)
}

// endpoint finds the VPC endpoint that a text means: by address, name, service, or a part that only one has.
func (s *Stack) endpoint(text string) (*Policy, template.Resource, error) {
	if text == "" {
		return nil, template.Resource{}, nil
	}
	all := s.template.OfType("aws_vpc_endpoint")
	names := listed(all, s.Name)
	for _, fits := range []func(r template.Resource) bool{
		func(r template.Resource) bool {
			return text == s.Name(r) || text == r.Address || text == r.Path ||
				strings.HasSuffix(s.text(r, "service_name"), "."+text)
		},
		func(r template.Resource) bool {
			return strings.Contains(s.Name(r), text) || strings.Contains(r.Address, text)
		},
	} {
		found := slices.DeleteFunc(slices.Clone(all), func(r template.Resource) bool { return !fits(r) })
		switch {
		case len(found) == 1:
			p := s.PolicyOf(found[0])
			if p == nil {
				// Source: VPC User Guide, "Control access to VPC endpoints using endpoint policies": by default all
				// passes.
				p = &Policy{iampolicy.EndpointPolicy, s.Name(found[0]), found[0].Address, fullAccess}
			}
			return p, found[0], nil
		case len(found) > 1:
			return nil, template.Resource{}, ambiguous("VIA", text, listed(found, s.Name))
		}
	}
	return nil, template.Resource{}, fmt.Errorf("VIA = %q: must be a VPC endpoint: %s%s", text, orNone(names),
		problem.DidYouMean(text, names))
}

// fullAccess is what an endpoint without a policy of its own has.
var fullAccess = iampolicy.Document{Statements: []iampolicy.Statement{{
	Sid: "FullAccess", Effect: iampolicy.Allow, Principal: iampolicy.Everyone(), Actions: []string{"*"},
	Resources: []string{"*"},
}}}
