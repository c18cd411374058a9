package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"securebaseline/internal/iampolicy"
)

// Policy is a policy that differs.
type Policy struct {
	// Argument is where the policy stands, such as assume_role_policy.
	Argument string `json:"argument"`
	// Statements lists those that differ, removed ones last.
	Statements []Statement `json:"statements"`
}

// Effects of a change on a statement.
const (
	statementAdded   = "added"
	statementRemoved = "removed"
	widened          = "widened"
	narrowed         = "narrowed"
	otherwise        = "widened and narrowed"
	rewritten        = "rewritten" // it says the same in other words, or under another name
)

// Statement is a statement of a policy that differs.
type Statement struct {
	// Sid names the statement, and is empty for one without a name.
	Sid string `json:"sid,omitempty"`
	// Effect says whether it allows or denies.
	Effect iampolicy.Effect `json:"effect"`
	// Change is added, removed, widened, narrowed, widened and narrowed, or rewritten.
	Change string `json:"change"`
	// Text says in words what the statement does now, or did.
	Text string `json:"text"`
	// More and Less say where it reaches further or less far than before.
	More []string `json:"more,omitempty"`
	Less []string `json:"less,omitempty"`
	// Weaker says that the policy allows more than before, or denies less.
	Weaker bool `json:"weaker,omitempty"`

	open bool // to everybody, under no condition
}

// withoutPolicies are the attributes of an element without the policies that can be compared with those of another one.
func (e element) withoutPolicies(other element) map[string]any {
	rest := maps.Clone(e.attributes)
	for _, name := range policyNames(e, other) {
		delete(rest, name)
	}
	return rest
}

// policyNames lists the arguments that hold a policy before or after, and nothing else that would have to be compared.
func policyNames(before, after element) []string {
	return slices.DeleteFunc(keysOf(before.attributes, after.attributes), func(name string) bool {
		_, was := before.policy(name)
		_, is := after.policy(name)
		return !was && !is || !was && before.attributes[name] != nil || !is && after.attributes[name] != nil
	})
}

// policy parses a policy. What Terraform has yet to put in stays as it is written, and is the same only to itself.
func (e element) policy(name string) (document iampolicy.Document, isPolicy bool) {
	object, isObject := e.attributes[name].(map[string]any)
	if !isObject || object["Statement"] == nil || !visible(object) {
		return iampolicy.Document{}, false
	}
	text, err := json.Marshal(object)
	if err != nil {
		return iampolicy.Document{}, false
	}
	document, err = iampolicy.Parse(strings.ReplaceAll(string(text), "$${", "${"))
	return document, err == nil
}

// policiesOf lists the policies that differ. That of an element that is not there has no statements.
func policiesOf(before, after element) []Policy {
	var policies []Policy
	for _, name := range policyNames(before, after) {
		old, _ := before.policy(name)
		now, _ := after.policy(name)
		if changed := statements(old.Statements, now.Statements); len(changed) > 0 {
			policies = append(policies, Policy{name, changed})
		}
	}
	return policies
}

// statements compares two policies statement by statement.
func statements(before, after []iampolicy.Statement) []Statement {
	former := pair(before, after)
	var changed []Statement
	for i, now := range after {
		beyond := now.Beyond(before)
		if former[i] < 0 {
			changed = append(changed, Statement{Sid: now.Sid, Effect: now.Effect, Change: statementAdded,
				Text:   now.Words(),
				Weaker: now.Effect == iampolicy.Allow && len(beyond) > 0,
				open:   len(now.Conditions) == 0 && slices.Contains(now.Principal.AWS, "*")})
			continue
		}
		then := before[former[i]]
		lost := then.Beyond(after)
		one := Statement{Sid: now.Sid, Effect: now.Effect, Text: now.Words()}
		if len(beyond) > 0 {
			one.More = reach(now, then, beyond, conditionsOfMore)
		}
		if len(lost) > 0 {
			one.Less = reach(then, now, lost, conditionsOfLess)
		}
		one.Weaker = then.Effect == iampolicy.Deny && len(lost) > 0 || now.Effect == iampolicy.Allow && len(beyond) > 0
		switch {
		case len(beyond) > 0 && len(lost) > 0:
			one.Change = otherwise
		case len(beyond) > 0:
			one.Change = widened
		case len(lost) > 0:
			one.Change = narrowed
		case then.Sid == now.Sid && sameText(then, now):
			continue
		default:
			one.Change = rewritten
		}
		changed = append(changed, one)
	}
	for i, then := range before {
		if !slices.Contains(former, i) {
			changed = append(changed, Statement{Sid: then.Sid, Effect: then.Effect, Change: statementRemoved,
				Text: then.Words(), Weaker: then.Effect == iampolicy.Deny && len(then.Beyond(after)) > 0})
		}
	}
	return changed
}

// pair finds for each statement after a change which one it was before, -1 for a new one: the one with its Sid and
// effect, or one that says the same, or one of which each without a Sid covers the other or is covered.
func pair(before, after []iampolicy.Statement) []int {
	former := slices.Repeat([]int{-1}, len(after))
	match := func(fits func(then, now iampolicy.Statement) bool) {
		for i, now := range after {
			for j, then := range before {
				if former[i] < 0 && !slices.Contains(former, j) && then.Effect == now.Effect && fits(then, now) {
					former[i] = j
				}
			}
		}
	}
	match(func(then, now iampolicy.Statement) bool { return then.Sid != "" && then.Sid == now.Sid })
	match(sameText)
	covers := func(one, other iampolicy.Statement) bool {
		return len(other.Beyond([]iampolicy.Statement{one})) == 0
	}
	match(func(then, now iampolicy.Statement) bool {
		return then.Sid == "" && now.Sid == "" && (covers(then, now) || covers(now, then))
	})
	return former
}

// sameText reports whether two statements are written alike, but for their Sids and the order of lists.
func sameText(one, other iampolicy.Statement) bool { return one.Words() == other.Words() }

// judgePolicies marks what the policies of a changed resource allow more or deny less.
func judgePolicies(change *Change) {
	for _, policy := range change.Policies {
		for _, one := range policy.Statements {
			if one.Weaker {
				change.weaker(policy.Argument, one.words())
			}
		}
	}
}

// name is the Sid in words.
func (s Statement) name() string {
	if s.Sid == "" {
		return "a statement without a Sid"
	}
	return "statement " + s.Sid
}

// words say what became of a statement.
func (s Statement) words() string {
	switch s.Change {
	case statementAdded, statementRemoved:
		return s.name() + " " + s.Change + ": " + s.Text
	case rewritten:
		return s.name() + " rewritten: the policy allows and denies the same"
	}
	text := s.name() + " " + s.Change
	if len(s.More) > 0 {
		text += "; " + s.Effect.Verb() + " more: " + strings.Join(s.More, ", and ")
	}
	if len(s.Less) > 0 {
		text += "; " + s.Effect.Verb() + " less: " + strings.Join(s.Less, ", and ")
	}
	return text
}

// conditionWords say of a condition that one of two statements demands that the other does not, or demands otherwise.
type conditionWords struct{ alone, instead string }

var (
	conditionsOfMore = conditionWords{"without the condition that %[1]s", "also if %[2]s, not only if %[1]s"}
	conditionsOfLess = conditionWords{"only if %[1]s", "only if %[1]s, no longer if %[2]s"}
)

// reach says how far a statement goes beyond another one of the same name, of which the parts are the proof.
func reach(wide, narrow iampolicy.Statement, parts []iampolicy.Statement, conditions conditionWords) []string {
	var words []string
	list := func(what string, wide, narrow []string, covers func(wide, narrow string) bool) {
		more := slices.DeleteFunc(slices.Clone(wide), func(one string) bool {
			return slices.ContainsFunc(narrow, func(other string) bool { return covers(other, one) })
		})
		if len(more) > 0 {
			slices.Sort(more)
			words = append(words, what+" "+strings.Join(more, ", "))
		}
	}
	who := func(p iampolicy.Principal) []string { return slices.Concat(p.AWS, p.Service, p.Federated) }
	if !narrow.Principal.Covers(wide.Principal, wide.Effect) {
		list("principal", who(wide.Principal), who(narrow.Principal), func(a, b string) bool { return a == b })
	}
	list("action", wide.Actions, narrow.Actions, iampolicy.CoversAction)
	list("resource", wide.Resources, narrow.Resources, iampolicy.CoversResource)
	list("no longer except the action", narrow.NotActions, wide.NotActions, iampolicy.CoversAction)
	list("no longer except the resource", narrow.NotResources, wide.NotResources, iampolicy.CoversResource)
	for _, demanded := range narrow.Conditions {
		implies := func(c iampolicy.Condition) bool { return c.Implies(demanded) }
		sameKey := func(c iampolicy.Condition) bool { return strings.EqualFold(c.Key, demanded.Key) }
		if slices.ContainsFunc(wide.Conditions, implies) {
			continue
		}
		if i := slices.IndexFunc(wide.Conditions, sameKey); i >= 0 {
			words = append(words, fmt.Sprintf(conditions.instead, demanded.Words(), wide.Conditions[i].Words()))
		} else {
			words = append(words, fmt.Sprintf(conditions.alone, demanded.Words()))
		}
	}
	if len(words) == 0 { // what it says by exclusion, or what others had covered
		for _, part := range parts {
			words = append(words, part.Words())
		}
	}
	return words
}
