package page

import (
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"securebaseline/internal/evidence"
)

// view is a report, grouped as the page shows it.
type view struct {
	evidence.Report
	Style   template.CSS
	Script  template.JS
	Allowed string
	Picture template.URL

	Faults     []string
	Rules      []rule
	Exceptions []exception
	Severities []evidence.Severity
	Statuses   []status
	Catalogs   []string
	SharedTags []tag
	Groups     []group
	Policies   []policy
	Principals []principal
	Matrices   []matrix
	Waves      []wave
	Relaxed    *relaxed
	Meters     []meter
	Unpriced   []string
	ByCatalog  []evidence.CatalogResults
}

// status is a state of a rule, with how many rules are in it.
type status struct {
	ID    evidence.Status
	Count int
}

var statusWords = map[evidence.Status]string{evidence.Passed: "passed", evidence.Failed: "failed",
	evidence.Excepted: "excepted", evidence.NotApplicable: "nothing to look at"}

type rule struct {
	evidence.Result
	Catalogs []evidence.Catalog
	Passing  []link
	Failing  []finding
	Excepted []finding
}

// In lists the catalogs that the rule is for, as the filter looks for them.
func (r rule) In() string {
	var names []string
	for _, catalog := range r.Catalogs {
		names = append(names, catalog.Name)
	}
	return strings.Join(names, "|")
}

// Count is how many resources the rule has looked at.
func (r rule) Count() int { return len(r.Passing) + len(r.Failing) + len(r.Excepted) }

type finding struct {
	At        link
	Fault     string
	Exception int // counts from 1; 0 is none
}

type exception struct {
	evidence.UsedException
	Number int
	State  string
	Covers []link
}

// link is an address, with the id of its row in the inventory if it has one.
type link struct{ Address, ID string }

// tag is a tag of a resource.
type tag struct{ Key, Value string }

func newView(r evidence.Report) *view {
	v := &view{Report: r, Faults: r.Faults()}
	known := map[string]bool{}
	for _, item := range r.Inventory {
		known[item.Address] = true
	}
	at := func(address string) link {
		if known[address] {
			return link{address, idOf(address)}
		}
		return link{address, ""}
	}
	v.Severities = []evidence.Severity{evidence.Critical, evidence.High, evidence.Medium, evidence.Low}
	v.Statuses = []status{
		{evidence.Passed, r.Summary.Passed}, {evidence.Excepted, r.Summary.Excepted},
		{evidence.Failed, r.Summary.Failed}, {evidence.NotApplicable, r.Summary.NotApplicable},
	}
	for _, catalog := range (evidence.Controls{}).Catalogs() {
		v.Catalogs = append(v.Catalogs, catalog.Name)
	}
	for _, result := range r.Rules {
		v.Rules = append(v.Rules, newRule(result, at))
	}
	for i, x := range r.Exceptions {
		v.Exceptions = append(v.Exceptions, exception{x, i + 1, stateOf(x, r.Date), each(x.Covers, at)})
	}
	v.inventory()
	v.policies(at)
	v.access(at)
	v.order(at)
	v.relaxed(at)
	v.money(at)
	v.ByCatalog = r.ByControl()
	return v
}

// idOf is the id of a resource on the page.
func idOf(address string) string { return "resource-" + address }

func each[From, To any](list []From, convert func(From) To) []To {
	all := make([]To, 0, len(list))
	for _, one := range list {
		all = append(all, convert(one))
	}
	return all
}

func newRule(result evidence.Result, at func(string) link) rule {
	made := rule{Result: result, Passing: each(result.Passing, at)}
	for _, f := range result.Failing {
		made.Failing = append(made.Failing, finding{At: at(f.Address), Fault: f.Fault})
	}
	for _, f := range result.Excepted {
		made.Excepted = append(made.Excepted, finding{at(f.Address), f.Fault, f.Exception + 1})
	}
	for _, catalog := range result.Controls.Catalogs() {
		if len(catalog.IDs) > 0 {
			made.Catalogs = append(made.Catalogs, catalog)
		}
	}
	return made
}

// stateOf says whether an exception holds on the day of the report, and for how long.
func stateOf(x evidence.UsedException, date string) string {
	if x.Expired {
		return "expired"
	}
	if len(x.Covers) == 0 {
		return "covers nothing, and must be removed"
	}
	today, err := time.Parse(time.DateOnly, date)
	end, errOfEnd := time.Parse(time.DateOnly, x.Expires)
	if err != nil || errOfEnd != nil {
		return "holds"
	}
	if today.Equal(end) {
		return "today is its last day"
	}
	return "holds for " + plural(int(end.Sub(today).Hours()/24), "more day")
}

// group is a part of the inventory: what has the same first name in its construct path.
type group struct {
	Name  string
	Items []item
}

type item struct {
	evidence.Item
	ID string
	// Called is the name in AWS. Empty means that AWS makes it up, or that there is none.
	Called string
	// Shared means that the tags that all share are among its tags; Own are the others.
	Shared bool
	Own    []tag
}

func (v *view) inventory() {
	var shared map[string]string
	for _, one := range v.Report.Inventory {
		if len(one.Tags) == 0 {
			continue
		}
		if shared == nil {
			shared = maps.Clone(one.Tags)
		}
		maps.DeleteFunc(shared, func(key, value string) bool { return one.Tags[key] != value })
	}
	v.SharedTags = tagsOf(shared, nil)
	for _, one := range v.Report.Inventory {
		made := item{Item: one, ID: idOf(one.Address), Shared: len(one.Tags) > 0, Own: tagsOf(one.Tags, shared)}
		if !strings.HasSuffix(one.Address, "."+one.Name) {
			made.Called = one.Name
		}
		name, _, _ := strings.Cut(one.Path, "/")
		if last := len(v.Groups) - 1; last < 0 || v.Groups[last].Name != name {
			v.Groups = append(v.Groups, group{Name: name})
		}
		last := &v.Groups[len(v.Groups)-1]
		last.Items = append(last.Items, made)
	}
}

// tagsOf lists tags by their keys, without some.
func tagsOf(tags, without map[string]string) []tag {
	var all []tag
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if _, left := without[key]; !left {
			all = append(all, tag{key, tags[key]})
		}
	}
	return all
}
