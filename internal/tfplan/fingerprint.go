package tfplan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
)

// moving are attributes that AWS moves on by itself. They say nothing of what a plan does, and no two plans would be
// the same. RDS backs up its logs every five minutes (RDS User Guide, "Restoring a DB instance to a specified time",
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html).
var moving = map[string][]string{"aws_db_instance": {"latest_restorable_time"}}

// done is one change, as far as it tells what the plan does.
type done struct {
	Address, Previous, Deposed string
	Actions                    []string
	Identity, Import           any
	Before, After, Unknown     any
	Replace                    [][]any
}

// Fingerprint is the SHA-256 of all that applying the plan would do, in hexadecimal: of two plans for the same state
// and configuration it is the same, and of plans that do anything else it is another. Neither the time nor the order of
// the JSON counts, nor what a plan leaves as it is: of an update those values alone that differ. What is deleted or
// replaced counts whole, because its state decides how it goes, such as whether a database leaves a final snapshot.
//
// It covers values that Terraform hides as sensitive. Who knows all else could try a short one out, so no secret that
// a person might choose belongs into a plan.
func (p Plan) Fingerprint() string {
	all := struct {
		Resources []done
		Outputs   map[string]done
	}{Outputs: map[string]done{}}
	for _, resource := range p.Changes() {
		all.Resources = append(all.Resources, resource.done())
	}
	for _, name := range p.ChangedOutputs() {
		all.Outputs[name] = Resource{Change: p.Outputs[name]}.done()
	}
	text, err := json.Marshal(all) // with the names of objects in order
	if err != nil {
		panic(err) // what was JSON can be written as JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (r Resource) done() done {
	change := r.Change
	one := done{Address: r.Address, Previous: r.Previous, Deposed: r.Deposed, Actions: change.Actions,
		Before: r.lasting(change.Before), After: r.lasting(change.After), Unknown: change.Unknown,
		Replace: change.ReplacePaths}
	if before, isObject := change.Before.(map[string]any); isObject {
		one.Identity = before["id"]
	}
	if change.Importing != nil {
		one.Import = change.Importing.ID
	}
	if r.Action() == Update {
		one.Before, one.After = differing(one.Before, one.After)
	}
	return one
}

// lasting is a value without the attributes that move by themselves.
func (r Resource) lasting(value any) any {
	object, isObject := value.(map[string]any)
	if !isObject || moving[r.Type] == nil {
		return value
	}
	object = maps.Clone(object)
	for _, name := range moving[r.Type] {
		delete(object, name)
	}
	return object
}

// differing are the parts of two values that are not the same in both. Lists count whole.
func differing(before, after any) (any, any) {
	if reflect.DeepEqual(before, after) {
		return nil, nil
	}
	was, isObject := before.(map[string]any)
	is, staysObject := after.(map[string]any)
	if !isObject || !staysObject {
		return before, after
	}
	was, is = maps.Clone(was), maps.Clone(is)
	for name, value := range was {
		other, exists := is[name]
		switch {
		case !exists:
		case reflect.DeepEqual(value, other):
			delete(was, name)
			delete(is, name)
		default:
			was[name], is[name] = differing(value, other)
		}
	}
	return was, is
}
