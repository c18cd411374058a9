package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"securebaseline/internal/problem"
)

// Names of the file and of the environment variables that Load reads.
const (
	File               = "cdktf.json"
	EnvironmentVar     = "ENVIRONMENT"
	ContextVar         = "CDKTF_CONTEXT_JSON" // set by the CDKTF CLI: the context of cdktf.json
	DefaultEnvironment = "dev"
	// AllEnvironments stands for every environment, in commands that read more than one.
	AllEnvironments = "all"
)

const (
	contextKey = "baseline"
	root       = "context." + contextKey
)

// Load returns the checked configuration of the environment that the variable ENVIRONMENT names, "dev" if it is not
// set. The configuration is the context that the CDKTF CLI hands over, or else that of cdktf.json in dir.
//
// A configuration with mistakes gives Problems, all of them; the Config then holds nothing but its Source. Whatever
// Terraform, the AWS provider or AWS would refuse by a written rule is a mistake, and so is what would be accepted and
// not do what it says. lookup reads a variable, as os.LookupEnv does.
func Load(dir string, lookup func(string) (string, bool)) (Config, error) {
	context, source, problems := readContext(dir, lookup)
	if len(problems) > 0 {
		return Config{Source: source}, problems.sorted()
	}
	environment, given := lookup(EnvironmentVar)
	if !given {
		environment = DefaultEnvironment
	}
	config, err := resolve(context, environment, given)
	config.Source = source
	return config, err
}

// LoadAll returns the checked configurations of all environments, in the order of their names. It is Load for each of
// them, and reports the mistakes of all.
func LoadAll(dir string, lookup func(string) (string, bool)) ([]Config, error) {
	context, source, problems := readContext(dir, lookup)
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	document, _ := context[contextKey].(map[string]any)
	defined, _ := document["environments"].(map[string]any)
	names := slices.Sorted(maps.Keys(defined))
	if len(names) == 0 {
		names = []string{DefaultEnvironment} // for the check to report
	}
	var all []Config
	for _, name := range names {
		config, err := resolve(context, name, true)
		var found Problems
		switch {
		case errors.As(err, &found):
			problems = append(problems, found...)
		case err != nil:
			return nil, err
		}
		config.Source = source
		all = append(all, config)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return all, nil
}

// readContext returns the context object of the CDKTF application, and what it was read from: ContextVar only if it
// says something else than cdktf.json does, because the CLI passes on nothing else.
//
// The CLI has parsed the file already, and what the file says twice has been lost on the way. So the file is looked
// through in both cases.
func readContext(dir string, lookup func(string) (string, bool)) (map[string]any, string, Problems) {
	handed, _ := lookup(ContextVar)
	inFile, problems := readFile(filepath.Join(dir, File))
	if handed == "" {
		if problems == nil && inFile == nil {
			problems = Problems{problem.New(filepath.Join(dir, File), nil,
				"must be there; run from the project's directory")}
		}
		context, _ := inFile["context"].(map[string]any) // anything else lacks the baseline, which resolve reports
		return context, File, problems
	}
	parsed, found := parse(ContextVar, "context", []byte(handed))
	context, _ := parsed.(map[string]any)
	ofFile, _ := inFile["context"].(map[string]any)
	source := ContextVar
	if ofFile != nil && reflect.DeepEqual(context[contextKey], ofFile[contextKey]) {
		source = File
	}
	return context, source, append(problems, found...)
}

// readFile returns the object that the file holds, or nil if there is no file.
func readFile(path string) (map[string]any, Problems) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, Problems{problem.New(path, nil, fmt.Sprintf("must be a readable file; opening it says %q", err))}
	}
	parsed, problems := parse(File, "", data)
	object, isObject := parsed.(map[string]any)
	if !isObject && problems == nil {
		problems = Problems{problem.New(File, parsed, "must be an object")}
	}
	return object, problems
}

// resolve checks the document and merges the layers of one environment. given is false where nobody named it.
func resolve(context map[string]any, environment string, given bool) (Config, error) {
	document, found := context[contextKey].(map[string]any)
	if !found {
		return Config{}, Problems{problem.New(root, context[contextKey],
			`must be an object with "defaults" and "environments"`)}
	}
	document = clone(document) // checkShape takes from it what it reports, also what other environments need
	problems, err := checkShape(document)
	if err != nil {
		return Config{}, err
	}
	bad := make(map[string]bool, len(problems))
	for _, problem := range problems {
		bad[problem.Path] = true
	}
	stacks, err := layered(document)
	if err != nil {
		return Config{}, err
	}
	checks := checker{bad: bad}
	checks.environments(document["environments"], stacks, environment, given)
	chosen, found := stacks[environment]
	if found {
		checks.layers = chosen
		checks.settings(chosen.config)
	}
	checks.together(stacks)
	if problems = append(problems, checks.problems...); len(problems) > 0 {
		return Config{}, problems.sorted()
	}
	return chosen.config, nil
}

// layers are the objects that an environment is merged from, and what comes of them.
type layers struct {
	defaults, own layer
	config        Config
}

// layered merges every environment of the document.
func layered(document map[string]any) (map[string]layers, error) {
	defaults, _ := document["defaults"].(map[string]any)
	environments, _ := document["environments"].(map[string]any)
	all := make(map[string]layers, len(environments))
	for name, value := range environments {
		own, isObject := value.(map[string]any)
		if !isObject {
			continue // reported by the schema
		}
		given := merge(defaults, own)
		profile, _ := given["profile"].(string)
		config := Config{Environment: name}
		base := DefaultsOf(Profile(profile))
		encoded, err := json.Marshal(withInstances(merge(base, given), base))
		if err == nil {
			err = json.Unmarshal(encoded, &config.Settings)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field("environments", name), err)
		}
		config.S3 = config.S3.withDefaults()
		all[name] = layers{defaults, own, config}
	}
	return all, nil
}

// environments checks their names, and that the one that is asked for is among them.
func (c *checker) environments(value any, stacks map[string]layers, asked string, given bool) {
	place := field("environments")
	defined, _ := value.(map[string]any)
	if len(defined) == 0 && !c.reported(place) {
		c.problem(place, value, "must define an environment, such as dev; none is defined")
		return
	}
	names := slices.Sorted(maps.Keys(defined))
	for _, name := range names {
		c.problemIf(field("environments", name), nil, checkEnvironmentName(name))
	}
	if _, found := stacks[asked]; found || c.reported(place) || c.reported(field("environments", asked)) {
		return
	}
	var shown any
	if given {
		shown = asked
	}
	message := oneOf(names) + problem.DidYouMean(asked, names)
	if asked == AllEnvironments {
		message = oneOf(names) + "; all of them at once are for synth, json, summary, validate and diff alone"
	}
	if asked == "" || !given {
		message += "; unset means " + DefaultEnvironment
	}
	c.problem(EnvironmentVar, shown, message)
}
