// Package policysize computes the size of those policies of a stack that grow with a list of the configuration, so that
// a list that is too long is refused with its field, before anything is built.
//
// The constructs write the policies, and this package must not know them: it knows only how long the text of each is,
// what it repeats and how often. A test over synthesized stacks proves every number.
package policysize

import (
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/principal"
)

// Stack is what the sizes follow from. Its lists hold what has passed the checks of the configuration, each item once.
type Stack struct {
	// Env is where the stack is. While the account is unknown, it is made with UnknownAccount.
	Env                  awsenv.Env
	Project, Environment string

	Administrators, BreakGlass []string // of the keys: ARNs
	AccountMayDelete           bool

	Auditors           []string // ARNs
	IAMPath            string   // of the role that they assume, empty for "/"
	TrailNotifications bool

	DataBuckets []string // names of the buckets
	LogGroups   []string // names of all log groups under the logs key
	Databases   []inventory.Database
	NoTrail     bool
}

// UnknownAccount stands for an account that is known only at plan. Policies are measured while an expression stands in
// them for it, which is longer than the account.
const UnknownAccount = "${TfToken[TOKEN.9999]}"

// text is a part of a policy: its length without what it repeats, in bytes, and how often it repeats it.
type text struct {
	length     int
	partitions int // of an ARN
	regions    int
	accounts   int
	endpoints  int // ".region.amazonaws.com"
	names      int // project and environment of a physical name
}

// Parts of policies, each but the frame with the comma before it, and without the lists.
var (
	frame = text{length: len(`{"Version":"2012-10-17","Statement":[]}`) - 1}

	administersAccount = text{length: 458, partitions: 1, accounts: 1}
	administersNamed   = text{length: 681, partitions: 2, accounts: 2}
	deletesAccount     = text{length: 201, partitions: 1, accounts: 1}
	deletes            = people{user: 253, role: 193, permissionSet: 250}

	usesLogs          = text{length: 592, partitions: 1, regions: 1, accounts: 2, endpoints: 1, names: 1}
	usesTrail         = text{length: 599, partitions: 3, regions: 2, accounts: 3, names: 3}
	usesEvents        = text{length: 246, accounts: 1}
	usesNotifications = text{length: 315, partitions: 2, regions: 2, accounts: 2, names: 2}
	usesAuditor       = text{length: 300, partitions: 2, accounts: 2, endpoints: 1, names: 1}
	readsTrail        = text{length: 337, partitions: 3, accounts: 3, endpoints: 1, names: 2}
	usesData          = text{length: 260, partitions: 1, accounts: 1, endpoints: 1}
	usesDatabase      = text{length: 501, partitions: 2, accounts: 2, endpoints: 4}

	trusts = people{user: 161, role: 101, permissionSet: 158}
)

// people are the lengths of the statement that lets in people of each kind.
type people struct{ user, role, permissionSet int }

// size is the length of the statements that let in the people who are listed.
func (p people) size(arns []string) int {
	sorted, total := principal.Sort(arns), 0
	if len(sorted.Users) > 0 {
		total += p.user + list(sorted.Users...)
	}
	if len(sorted.Roles) > 0 {
		total += p.role + list(sorted.Roles...)
	}
	if len(sorted.PermissionSets) > 0 {
		total += p.permissionSet + list(sorted.Accounts()...) + list(sorted.PermissionSets...)
	}
	return total
}

// size is the length of parts of a policy in the stack.
func (s Stack) size(parts ...text) int {
	total := 0
	for _, part := range parts {
		total += part.length +
			part.partitions*len(s.Env.Partition()) +
			part.regions*len(s.Env.Region()) +
			part.accounts*len(s.Env.AccountID()) +
			part.endpoints*len(s.Env.ViaService("")) +
			part.names*len(s.Project+s.Environment)
	}
	return total
}

// list is the length of a list in a policy, in which a list of one is plain text.
func list(items ...string) int {
	const quotes, brackets = len(`""`), len(`[]`)
	total := 0
	for _, item := range items {
		total += quotes + len(item)
	}
	if len(items) > 1 {
		total += brackets + len(items) - 1 // commas
	}
	return total
}

// Trust is the size of the auditor role's trust policy, in characters.
func (s Stack) Trust() int { return s.size(frame) + trusts.size(s.Auditors) }

// LogsKey is the size of the policy of the key for logs, in bytes.
func (s Stack) LogsKey() int {
	size := s.key() + s.size(usesLogs) + s.groups()
	if !s.NoTrail {
		size += s.size(usesTrail)
	}
	if len(s.Databases) > 0 {
		size += s.size(usesEvents) + list(inventory.EventSources(s.Env, s.Databases...)...)
	}
	if s.TrailNotifications {
		size += s.size(usesNotifications)
	}
	if len(s.Auditors) == 0 {
		return size
	}
	statements := 1 // that name the role
	size += s.size(usesAuditor) + s.groups()
	if !s.NoTrail {
		statements++
		size += s.size(readsTrail)
	}
	return size + statements*len(strings.TrimPrefix(s.IAMPath, "/"))
}

// groups is the length of a list of the log groups.
func (s Stack) groups() int { return list(s.Env.LogGroupARNs(s.LogGroups...)...) }

// DataKey is the size of the policy of the key for data, in bytes.
func (s Stack) DataKey() int {
	var contexts []string
	for _, bucket := range s.DataBuckets {
		contexts = append(contexts, s.Env.BucketARN(bucket), s.Env.BucketARN(bucket)+"/*")
	}
	return s.key() + s.size(usesData) + list(contexts...)
}

// DatabaseKey is the size of the policy of the key for the database, in bytes.
func (s Stack) DatabaseKey() int { return s.key() + s.size(usesDatabase) }

// key is what the policies of all keys share.
func (s Stack) key() int {
	size := s.size(frame)
	if len(s.Administrators) > 0 {
		size += s.size(administersNamed) + list(s.Administrators...)
	} else {
		size += s.size(administersAccount)
	}
	if s.AccountMayDelete {
		size += s.size(deletesAccount)
	}
	return size + deletes.size(s.BreakGlass)
}
