package access

import (
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// Principal is who may ask, with what the stack knows of its policies.
type Principal struct {
	// Name is how the principal is shown and found.
	Name string
	// About says what the principal is.
	About string
	// Caller is the principal to the evaluator.
	Caller iampolicy.Caller
	// Address is the Terraform address of the role, or of the policy that a workload carries. Empty for principals that
	// the stack does not make.
	Address string
	// Identity and Boundary are its policies.
	Identity []Policy
	Boundary *Policy
	// Elsewhere names what limits or widens it and is not in the stack.
	Elsewhere []string

	path string
}

// Principals lists whom the stack knows: its roles, workloads with one of the policies that it makes for them, the
// principals that its policies name, the root user of the account, another account, and callers without credentials.
func (s *Stack) Principals() []Principal {
	if s.principals == nil {
		s.principals = s.findPrincipals()
	}
	return slices.Clone(s.principals)
}

func (s *Stack) findPrincipals() []Principal {
	list := slices.Concat(s.roles(), s.workloads(), s.named())
	return append(list,
		Principal{Name: "root", About: "the root user of the account", Caller: iampolicy.Root(s.env.RootARN())},
		Principal{Name: "anonymous", About: "a caller without credentials", Caller: iampolicy.Anonymous()},
	)
}

func (s *Stack) roles() []Principal {
	var list []Principal
	for _, role := range s.template.OfType("aws_iam_role") {
		arn, _ := s.ARN(role)
		p := Principal{Name: s.Name(role), About: "a role of the stack", Caller: iampolicy.Role(arn),
			Address: role.Address, path: role.Path}
		var elsewhere []string
		p.Identity, p.Elsewhere = s.identities(role)
		p.Boundary, elsewhere = s.boundary(role)
		p.Elsewhere = append(p.Elsewhere, elsewhere...)
		list = append(list, p)
	}
	return list
}

// workloads are roles that carry one of the policies that the stack makes and gives to no role of its own.
func (s *Stack) workloads() []Principal {
	attached := map[string]bool{}
	for _, attachment := range s.template.OfType("aws_iam_role_policy_attachment") {
		address, _ := attachment.Reference("policy_arn")
		attached[address] = true
	}
	for _, role := range s.template.OfType("aws_iam_role") {
		address, _ := role.Reference("permissions_boundary")
		attached[address] = true
	}
	var list []Principal
	for _, policy := range s.template.OfType("aws_iam_policy") {
		name := s.Name(policy)
		own := s.policy(iampolicy.IdentityPolicy, policy, "policy", name)
		if attached[policy.Address] || own == nil {
			continue
		}
		list = append(list, Principal{
			Name: name, About: "a role that has this policy alone", Address: policy.Address, path: policy.Path,
			Caller:   iampolicy.Role(s.env.IAMARN("role/with-" + name)),
			Identity: []Policy{*own},
		})
	}
	return list
}

// named are services, and principals of IAM that the stack does not make, by the policies that name them.
func (s *Stack) named() []Principal {
	services, arns := map[string]bool{}, map[string]bool{}
	for _, document := range s.documents {
		for _, statement := range document.Statements {
			for _, service := range statement.Principal.Service {
				services[service] = true
			}
			for _, arn := range statement.Principal.AWS {
				if strings.Contains(arn, ":user/") || strings.Contains(arn, ":role/") {
					arns[arn] = true
				}
			}
		}
	}
	for _, role := range s.roles() {
		delete(arns, role.Caller.String())
	}
	var list []Principal
	for _, name := range slices.Sorted(maps.Keys(services)) {
		list = append(list, service(name))
	}
	for _, arn := range slices.Sorted(maps.Keys(arns)) {
		list = append(list, outsider(arn))
	}
	return list
}

func service(name string) Principal {
	return Principal{Name: name, About: "a service of AWS", Caller: iampolicy.Service(name)}
}

// outsider is a principal of IAM that the stack does not make.
func outsider(arn string) Principal {
	p := Principal{Name: arn, Elsewhere: []string{"policies of " + arn + ", which the stack does not make"}}
	switch {
	case strings.Contains(arn, ":assumed-role/"):
		parts := strings.Split(arn, ":")
		role, session, _ := strings.Cut(strings.TrimPrefix(parts[5], "assumed-role/"), "/")
		p.Caller = iampolicy.AssumedRole("arn:"+parts[1]+":iam::"+parts[4]+":role/"+role, session)
		p.About = "a session of a role"
	case strings.Contains(arn, ":user/"):
		p.Caller, p.About = iampolicy.User(arn), "a user"
	case strings.HasSuffix(arn, ":root"):
		p.Caller, p.About, p.Elsewhere = iampolicy.Root(arn), "the root user of an account", nil
	default:
		p.Caller, p.About = iampolicy.Role(arn), "a role"
	}
	return p
}
