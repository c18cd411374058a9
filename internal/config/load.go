package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Names of the file and of the environment variables that Load reads.
const (
	File               = "cdktf.json"
	EnvironmentVar     = "ENVIRONMENT"
	ContextVar         = "CDKTF_CONTEXT_JSON" // set by the CDKTF CLI: the context of cdktf.json
	DefaultEnvironment = "dev"
)

const (
	contextKey = "baseline"
	root       = "context." + contextKey
)

// Load returns the checked configuration of the environment that the variable ENVIRONMENT names, "dev" if it names
// none. The configuration is the context that the CDKTF CLI hands over, or else that of cdktf.json in dir. A
// configuration with mistakes gives Problems, all of them.
func Load(dir string, getenv func(string) string) (Config, error) {
	context, err := readContext(dir, getenv(ContextVar))
	if err != nil {
		return Config{}, err
	}
	environment := getenv(EnvironmentVar)
	if environment == "" {
		environment = DefaultEnvironment
	}
	return resolve(context, environment)
}

// readContext returns the context object of the CDKTF application.
func readContext(dir, fromCLI string) (map[string]any, error) {
	name, data := ContextVar, []byte(fromCLI)
	if fromCLI == "" {
		path := filepath.Join(dir, File)
		var err error
		if data, err = os.ReadFile(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: no such file; run from the project's folder", path)
		} else if err != nil {
			return nil, err
		}
		name = File
	}
	var parsed any
	if err := json.Unmarshal(data, &parsed); err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", name, locate(data, err))
	}
	if fromCLI == "" {
		file, isObject := parsed.(map[string]any)
		if !isObject {
			return nil, fmt.Errorf("%s must be an object", name)
		}
		parsed = file["context"]
	}
	context, _ := parsed.(map[string]any) // anything else lacks the baseline, which resolve reports
	return context, nil
}

// locate adds the line and column to a JSON syntax error.
func locate(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset > int64(len(data)) {
		return err
	}
	before := data[:syntax.Offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - 1 - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

// resolve checks the document and merges the layers of one environment.
func resolve(context map[string]any, environment string) (Config, error) {
	document, found := context[contextKey].(map[string]any)
	if !found {
		return Config{}, Problems{{root, context[contextKey], `must be an object with "defaults" and "environments"`}}
	}
	problems, err := checkShape(document)
	if err != nil {
		return Config{}, err
	}
	bad := make(map[string]bool, len(problems))
	for _, problem := range problems {
		bad[problem.Path] = true
	}

	defaults, _ := document["defaults"].(map[string]any)
	environments, _ := document["environments"].(map[string]any)
	names := slices.Sorted(maps.Keys(environments))
	own, found := environments[environment].(map[string]any)
	if !found && !bad[root+".environments"] && !bad[root+".environments."+environment] {
		problems = append(problems, Problem{EnvironmentVar, environment,
			"no such environment in " + root + ".environments; allowed are " + strings.Join(names, ", ") + didYouMean(environment, names)})
	}

	given := merge(defaults, own)
	profile, _ := given["profile"].(string)
	merged := merge(defaultsOf(Profile(profile)), given)
	config := Config{Environment: environment}
	encoded, err := json.Marshal(merged)
	if err == nil {
		err = json.Unmarshal(encoded, &config.Settings)
	}
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", root, err)
	}

	config.S3 = config.S3.withDefaults()

	checks := checker{environment: environment, defaults: defaults, own: own, bad: bad}
	for _, name := range names {
		checks.problemIf(root+".environments."+name, nil, checkEnvironmentName(name))
	}
	if found {
		checks.settings(config)
	}
	if problems = append(problems, checks.problems...); len(problems) > 0 {
		return Config{}, problems.sorted()
	}
	return config, nil
}
