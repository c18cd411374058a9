package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
)

// checker collects what is wrong with the merged settings of one environment, and finds where each came from.
type checker struct {
	environment   string
	defaults, own layer
	bad           map[string]bool // paths already reported
	problems      Problems
}

// settings checks what the schema cannot say: rules of AWS, and fields that depend on each other.
func (c *checker) settings(config Config) {
	c.required(config.Settings)
	c.text("project", config.Project, naming.CheckProject)
	c.text("owner", config.Owner, naming.CheckTagValue)
	c.text("costCenter", config.CostCenter, naming.CheckTagValue)
	c.text("compliance", config.Compliance, naming.CheckTagValue)
	c.tags(config.Tags)

	env, err := awsenv.New(string(config.Region), config.AccountID)
	if err != nil {
		return // reported by the schema, and no ARN can be checked without it
	}
	c.text("permissionsBoundary", config.PermissionsBoundary, func(arn string) error {
		return checkBoundary(env, arn)
	})
	c.backend(env, config.Backend)
	c.kms(env, config.Profile, config.KMS)
	c.network(env, config.Network)
	c.rds(config.Profile, config.RDS, config.Network.Zones)
	c.logging(env, config.Profile, config.Logging)
	c.s3(config.S3)
}

// required reports the required fields that no layer sets.
func (c *checker) required(settings Settings) {
	value := reflect.ValueOf(settings)
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !strings.Contains(field.Tag.Get("jsonschema_extras"), "x-required=true") || c.known(name) {
			continue
		}
		c.problem(root+".defaults."+name, nil, "missing; set it here or in "+root+".environments."+c.environment)
	}
}

func (c *checker) tags(tags map[string]string) {
	if most := naming.MaxTags - len(naming.RequiredTags()); len(tags) > most {
		c.problem(c.where("tags"), nil, fmt.Sprintf("%d extra tags; allowed are %d, so that with the required ones there are no more than %d",
			len(tags), most, naming.MaxTags))
	}
	folded := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		where := c.where("tags", key)
		c.problemIf(where, nil, naming.CheckTagKey(key))
		c.problemIf(where, tags[key], naming.CheckTagValue(tags[key]))
		if other, twice := folded[strings.ToLower(key)]; twice {
			c.problem(where, nil, fmt.Sprintf("differs from the tag %q only in case, which IAM treats as the same tag", other))
		}
		folded[strings.ToLower(key)] = key
	}
}

func (c *checker) backend(env awsenv.Env, backend Backend) {
	s3 := map[string]string{
		"bucket": backend.Bucket, "region": string(backend.Region), "key": backend.Key, "kmsKeyArn": backend.KMSKeyARN,
	}
	for _, name := range slices.Sorted(maps.Keys(s3)) {
		if backend.Type == LocalBackend && s3[name] != "" {
			c.problem(c.where("backend", name), s3[name], `has no meaning with backend.type "local"; allowed with "s3"`)
		}
	}
	if backend.Type != S3Backend {
		return
	}
	for _, name := range []string{"bucket", "region"} {
		if !c.known("backend", name) {
			c.problem(c.where("backend", name), nil, `missing; required with backend.type "s3"`)
		}
	}
	c.text("backend.kmsKeyArn", backend.KMSKeyARN, func(arn string) error {
		return checkARN(arn, env.Partition(), kmsKeyARN, "a key: arn:"+env.Partition()+":kms:REGION:ACCOUNT:key/ID")
	})
}

var (
	kmsKeyARN    = regexp.MustCompile(`^arn:([a-z0-9-]+):kms:[a-z0-9-]+:([0-9]{12}):key/[A-Za-z0-9-]+$`)
	principalARN = regexp.MustCompile(`^arn:([a-z0-9-]+):iam::([0-9]{12}):(?:role|user)/[\w+=,.@/-]+$`)
	policyARN    = regexp.MustCompile(`^arn:([a-z0-9-]+):iam::([0-9]{12}|aws):policy/[\w+=,.@/-]+$`)
)

// principalIn accepts an IAM role or user of any account of the partition: keys may be administered centrally.
func principalIn(env awsenv.Env) func(arn string) error {
	return func(arn string) error {
		return checkARN(arn, env.Partition(), principalARN, "an IAM role or user: arn:"+env.Partition()+":iam::ACCOUNT:role/NAME")
	}
}

// checkBoundary accepts a managed policy of this account or of AWS, as IAM does.
func checkBoundary(env awsenv.Env, arn string) error {
	if err := checkARN(arn, env.Partition(), policyARN, "a managed policy: arn:"+env.Partition()+":iam::ACCOUNT:policy/NAME"); err != nil {
		return err
	}
	account := policyARN.FindStringSubmatch(arn)[2]
	if env.AccountID() != "" && account != "aws" && account != env.AccountID() {
		return fmt.Errorf("must be a policy of the account %s, not of %s", env.AccountID(), account)
	}
	return nil
}

func checkARN(arn, partition string, form *regexp.Regexp, wanted string) error {
	parts := form.FindStringSubmatch(arn)
	if parts == nil {
		return errors.New("must be the ARN of " + wanted)
	}
	if parts[1] != partition {
		return fmt.Errorf("must be in the region's partition %q, not in %q", partition, parts[1])
	}
	return nil
}

// text applies a check to a field that is set.
func (c *checker) text(path, value string, check func(string) error) {
	if names := strings.Split(path, "."); c.given(names) {
		c.problemIf(c.where(names...), value, check(value))
	}
}

// each applies a check to every element of a list.
func (c *checker) each(path []string, values []string, check func(string) error) {
	for i, value := range values {
		c.problemIf(fmt.Sprintf("%s[%d]", c.where(path...), i), value, check(value))
	}
}

// layers tells which layers set a field.
func (c *checker) layers(path []string) (own, defaults bool) {
	_, own = c.own.get(path)
	_, defaults = c.defaults.get(path)
	return own, defaults
}

// given tells whether a layer sets a field.
func (c *checker) given(path []string) bool {
	own, defaults := c.layers(path)
	return own || defaults
}

// known tells whether a field is set, or was and has been reported.
func (c *checker) known(path ...string) bool {
	places := c.places(path)
	return c.given(path) || c.reported(places[0]) || c.reported(places[1])
}

// reported tells whether a place, or something that contains it, has been reported.
func (c *checker) reported(place string) bool {
	for bad := range c.bad {
		if place == bad || strings.HasPrefix(place, bad+".") {
			return true
		}
	}
	return false
}

// where tells which layer a field comes from: the environment's, unless only the defaults have it.
func (c *checker) where(path ...string) string {
	places := c.places(path)
	if own, defaults := c.layers(path); defaults && !own {
		return places[1]
	}
	return places[0]
}

func (c *checker) places(path []string) [2]string {
	field := strings.Join(path, ".")
	return [2]string{root + ".environments." + c.environment + "." + field, root + ".defaults." + field}
}

// problem reports a mistake, unless one at that place has been reported by the schema.
func (c *checker) problem(path string, value any, message string) {
	if !c.reported(path) {
		c.problems = append(c.problems, Problem{path, value, message})
	}
}

func (c *checker) problemIf(path string, value any, err error) {
	if err != nil {
		c.problem(path, value, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
}

func checkEnvironmentName(name string) error {
	if err := naming.CheckEnvironment(name); err != nil {
		return fmt.Errorf("the name of an environment %w", err)
	}
	return nil
}
