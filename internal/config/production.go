package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"securebaseline/internal/problem"
)

// Difference is a setting that production would have otherwise.
type Difference struct {
	// Path is the field, within Settings.
	Path string
	// Here and Production are the values as JSON.
	Here, Production string
	// Why says what production gains by its value.
	Why string
}

// LoadAsProduction returns the configuration that Load returns, as the profile "production" has it: with that profile's
// defaults wherever a default depends on the profile, also where the environment sets something else. The problems are
// what the profile would refuse in what is left, such as an account that nobody names.
func LoadAsProduction(dir string, lookup func(string) (string, bool)) (Config, Problems, error) {
	actual, err := Load(dir, lookup)
	if err != nil {
		return Config{}, nil, err
	}
	context, _, _ := readContext(dir, lookup)
	document, _ := context[contextKey].(map[string]any)
	defaults, _ := document["defaults"].(map[string]any)
	environments, _ := document["environments"].(map[string]any)
	own, _ := environments[actual.Environment].(map[string]any)
	changed := maps.Clone(environments)
	changed[actual.Environment] = merge(withoutProfile(own), layer{"profile": string(Production)})
	document = maps.Clone(document)
	document["defaults"], document["environments"] = map[string]any(withoutProfile(defaults)), changed

	var refused Problems
	if _, err = resolve(map[string]any{contextKey: document}, actual.Environment, true); !errors.As(err, &refused) &&
		err != nil {
		return Config{}, nil, err
	}
	// What is wrong elsewhere is no demand on this environment.
	refused = slices.DeleteFunc(refused, func(p problem.Problem) bool {
		return !within(p.Path, field("environments", actual.Environment)) && !within(p.Path, field("defaults"))
	})
	all, err := layered(document)
	if err != nil {
		return Config{}, nil, err
	}
	return all[actual.Environment].config, refused, nil
}

// withoutProfile is a layer without the settings whose defaults depend on the profile.
func withoutProfile(settings layer) layer {
	copied := clone(settings)
	for _, setting := range ProfileDefaults() {
		names := strings.Split(setting.Path, ".")
		deleteAt(copied, names)
		if instances, some := layer(copied).get([]string{"rds", "instances"}); some && names[0] == "rds" {
			named, _ := instances.(map[string]any)
			for _, instance := range named {
				deleteAt(instance, names[1:])
			}
		}
	}
	return copied
}

// deleteAt deletes what is at a path, if there is anything.
func deleteAt(from any, path []string) {
	object, _ := from.(map[string]any)
	if len(path) == 1 {
		delete(object, path[0])
		return
	}
	deleteAt(object[path[0]], path[1:])
}

// DifferencesFrom lists the settings with defaults by profile that another configuration has otherwise, for every
// database. The other one is production's.
func (c Config) DifferencesFrom(production Config) ([]Difference, error) {
	here, err := object(c.Settings)
	if err != nil {
		return nil, err
	}
	there, err := object(production.Settings)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, setting := range ProfileDefaults() {
		for _, path := range c.placesOf(setting.Path) {
			a, b := shownAt(here, path, setting), shownAt(there, path, setting)
			if a != b {
				found = append(found, Difference{strings.Join(path, "."), a, b, setting.Why})
			}
		}
	}
	return found, nil
}

// placesOf are where a setting can be: once, or for each database.
func (c Config) placesOf(setting string) [][]string {
	names := strings.Split(setting, ".")
	if names[0] != "rds" {
		return [][]string{names}
	}
	var all [][]string
	for _, database := range slices.Sorted(maps.Keys(c.RDS.All())) {
		all = append(all, append(slices.Clone(path(database)), names[1:]...))
	}
	return all
}

// object is a configuration as JSON has it.
func object(settings Settings) (layer, error) {
	encoded, err := json.Marshal(settings)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	var decoded layer
	err = json.Unmarshal(encoded, &decoded)
	return decoded, err
}

// shownAt is a setting as JSON. What is left out is the zero of its type.
func shownAt(settings layer, path []string, setting ProfileDefault) string {
	value, set := settings.get(path)
	if !set {
		value = reflect.Zero(reflect.TypeOf(setting.Production)).Interface()
	}
	return problem.Show(value)
}
