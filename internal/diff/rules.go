package diff

import (
	"slices"
	"strconv"
	"strings"

	"securebaseline/internal/template"
)

// verdict says whether a change makes a stack weaker.
type verdict int

const (
	no verdict = iota
	yes
	maybe // it may do so
	look  // a person has to judge
)

// rule judges one argument of a type of resource.
type rule struct {
	argument string
	why      string // in words, what is weaker if the rule says so
	weaker   judgment
}

// judgment compares two visible values, of which nil means that the argument is not set.
type judgment func(old, now any) verdict

func when(weaker bool) verdict {
	if weaker {
		return yes
	}
	return no
}

// staysOn holds for a protection that is on or off; unset is what the provider makes of it where nothing is set.
func staysOn(unset bool) judgment {
	return func(old, now any) verdict { return when(isOn(old, unset) && !isOn(now, unset)) }
}

// staysOff holds for what is dangerous when it is on.
func staysOff(unset bool) judgment {
	return func(old, now any) verdict { return when(!isOn(old, unset) && isOn(now, unset)) }
}

func isOn(value any, unset bool) bool {
	switch value := value.(type) {
	case nil:
		return unset
	case bool:
		return value
	case string:
		return value == "true" || value == "1" || value == "on"
	case float64:
		return value != 0
	}
	return false
}

// notLower holds for times and counts of which more is safer. A value that is not set counts as unset.
func notLower(unset float64) judgment {
	return func(old, now any) verdict { return when(number(now, unset) < number(old, unset)) }
}

// notHigher holds for times and counts of which less is safer.
func notHigher(unset float64) judgment {
	return func(old, now any) verdict { return when(number(now, unset) > number(old, unset)) }
}

// forever is the number of days of what never ends.
const forever = 1e9

// notShorter holds for times after which something is lost. Zero and unset mean never.
func notShorter(old, now any) verdict { return when(days(now) < days(old)) }

// notLonger holds for ages after which something must be changed. Zero and unset mean never.
func notLonger(old, now any) verdict { return when(days(now) > days(old)) }

func days(value any) float64 {
	if set := number(value, 0); set != 0 {
		return set
	}
	return forever
}

func number(value any, unset float64) float64 {
	switch value := value.(type) {
	case float64:
		return value
	case string:
		if parsed, err := strconv.ParseFloat(value, 64); err == nil {
			return parsed
		}
	}
	return unset
}

// keepsKey holds for a customer managed key, in place of which comes none, or one of AWS. That another key is used, a
// person has to judge.
func keepsKey(old, now any) verdict {
	if ofCustomer(old) && ofCustomer(now) {
		return maybe
	}
	return when(ofCustomer(old))
}

func ofCustomer(key any) bool {
	text, _ := key.(string)
	return text != "" && !strings.Contains(text, "alias/aws/")
}

// stays holds for what must be set to something, whatever it is. That it is another thing, a person has to judge.
func stays(old, now any) verdict {
	switch {
	case old == nil || old == "":
		return no
	case now == nil || now == "":
		return yes
	}
	return maybe
}

// judged holds for what nothing but a person can judge.
func judged(any, any) verdict { return look }

// keepsAll holds for a list, or a text that is a list with commas, that must lose nothing.
func keepsAll(old, now any) verdict { return when(len(missing(old, now)) > 0) }

// gainsNone holds for a list that must not grow.
func gainsNone(old, now any) verdict { return when(len(missing(now, old)) > 0) }

// missing are the elements of a list that another one lacks.
func missing(list, other any) []string {
	return slices.DeleteFunc(elements(list), func(one string) bool { return slices.Contains(elements(other), one) })
}

func elements(value any) []string {
	if text, isText := value.(string); isText {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	}
	return template.Texts(value)
}

// notBelow holds for values with ranks, the weakest first. What has no rank, a person has to judge; values of a rank
// are separated by a bar. An empty text means that the argument is not set.
func notBelow(ranks ...string) judgment {
	rank := func(value any) int {
		text, _ := value.(string)
		return slices.IndexFunc(ranks, func(values string) bool {
			return slices.Contains(strings.Split(values, "|"), text)
		})
	}
	return func(old, now any) verdict {
		if rank(old) < 0 || rank(now) < 0 {
			return maybe
		}
		return when(rank(now) < rank(old))
	}
}

// gainsNoIgnored holds for lifecycle.ignore_changes. Tags are no protection.
func gainsNoIgnored(old, now any) verdict {
	more := slices.DeleteFunc(missing(now, old), func(name string) bool { return name == "tags" || name == "tags_all" })
	return when(old != "all" && (now == "all" || len(more) > 0))
}

// everywhere holds for every resource.
var everywhere = []rule{
	{"lifecycle.prevent_destroy", "Terraform may destroy it", staysOn(false)},
	{"lifecycle.ignore_changes", "a plan no longer shows what is changed by hand", gainsNoIgnored},
}

// rules are the arguments of each type that bear on security.
var rules = map[string][]rule{}

func init() {
	for _, table := range []map[string][]rule{databaseRules, storageRules, auditRules, keyRules, accessRules,
		networkRules} {
		for kind, list := range table {
			rules[kind] = append(rules[kind], list...)
		}
	}
}
