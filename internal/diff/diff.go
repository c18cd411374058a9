// Package diff reviews a change of a stack: what comes, goes, changes, moves or is made anew, each argument old and
// new, each policy statement by statement in plain words, and above all what is protected less than before.
//
// It reads two synthesized stacks, or a plan of Terraform, and knows nothing of what wrote them. It says what it cannot
// judge: [Change.Unjudged] and [Review.Notes].
package diff

import "slices"

// Source says what a review was made from.
type Source string

// The sources of a review.
const (
	// FromStacks compares the JSON of two synthesized stacks.
	FromStacks Source = "stacks"
	// FromPlan reads a plan of Terraform.
	FromPlan Source = "plan"
)

// Action is what happens to a resource.
type Action string

// The actions. A resource that moves and changes is changed; [Change.Former] then says where it was.
const (
	Added    Action = "added"
	Removed  Action = "removed"
	Changed  Action = "changed"
	Replaced Action = "replaced" // destroyed and made anew
	Moved    Action = "moved"    // to another address, and nothing else
	Forgot   Action = "forgotten"
)

// actions is the order in which reviews count them.
var actions = []Action{Replaced, Removed, Forgot, Added, Changed, Moved}

// Review is what a change does to a stack.
type Review struct {
	// Stack is the name of the stack, such as baseline-prod. Whoever makes a review may set it, and what is compared.
	Stack string `json:"stack,omitempty"`
	// Before and After say where the two sides came from. A plan has one origin, After.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Source says what was read.
	Source Source `json:"source"`
	// Changes lists what differs, in the order of the addresses.
	Changes []Change `json:"changes"`
	// Notes say what this comparison cannot know.
	Notes []string `json:"notes"`
}

// Change is what happens to one resource, data source, output, or to the settings of a provider or of Terraform.
type Change struct {
	// Address is the Terraform address after the change, and that before it where there is none after it. Outputs are
	// output.NAME, settings terraform and provider.NAME.
	Address string `json:"address"`
	// Former is the address before, if it moved.
	Former string `json:"former,omitempty"`
	// Type is the resource type, such as aws_kms_key.
	Type string `json:"type"`
	// Action is what happens.
	Action Action `json:"action"`
	// Imported says that a plan takes over what exists in AWS.
	Imported bool `json:"imported,omitempty"`
	// ReplacedBy lists the arguments that force a replacement.
	ReplacedBy []string `json:"replacedBy,omitempty"`
	// Arguments lists what changed, without policies. It is empty for what is added or removed as a whole.
	Arguments []Argument `json:"arguments,omitempty"`
	// Policies lists the changed policies, also those of what is added or removed.
	Policies []Policy `json:"policies,omitempty"`
	// Weakenings says what is protected less than before.
	Weakenings []Weakening `json:"weakenings,omitempty"`
	// Unjudged says what bears on security and cannot be told to be weaker or not.
	Unjudged []Weakening `json:"unjudged,omitempty"`
}

// Argument is an argument that differs. Values are JSON, or words in brackets: (none), (known after apply),
// (sensitive).
type Argument struct {
	// Path leads to the argument, such as parameter[rds.force_ssl].value.
	Path string `json:"path"`
	// Old and New are the values. Both are empty for a list of texts, of which Less and More say what differs.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
	// Less and More are the elements of a list that went and came.
	Less []string `json:"less,omitempty"`
	More []string `json:"more,omitempty"`
	// Ignored says that lifecycle.ignore_changes keeps what exists as it is.
	Ignored bool `json:"ignored,omitempty"`
}

// Weakening is one thing that is protected less than before.
type Weakening struct {
	// Argument leads to what changed. It is empty where the resource as a whole is meant.
	Argument string `json:"argument,omitempty"`
	// Why says in words what is weaker.
	Why string `json:"why"`
}

// Marked is a weakening with the address of its resource.
type Marked struct {
	Address string
	Weakening
}

// Weakenings lists the weakenings of all changes, in their order.
func (r Review) Weakenings() []Marked {
	return r.marked(func(c Change) []Weakening { return c.Weakenings })
}

// Unjudged lists what could not be judged, of all changes.
func (r Review) Unjudged() []Marked {
	return r.marked(func(c Change) []Weakening { return c.Unjudged })
}

func (r Review) marked(of func(Change) []Weakening) []Marked {
	var all []Marked
	for _, change := range r.Changes {
		for _, one := range of(change) {
			all = append(all, Marked{change.Address, one})
		}
	}
	return all
}

// Of lists the changes of an action.
func (r Review) Of(action Action) []Change {
	return slices.DeleteFunc(slices.Clone(r.Changes), func(c Change) bool { return c.Action != action })
}
