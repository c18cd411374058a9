package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
)

// settings checks what the schema cannot say: rules of AWS, and fields that depend on each other.
func (c *checker) settings(config Config) {
	c.required()
	c.check(config.Project, naming.CheckProject, "project")
	c.check(config.Owner, naming.CheckTagValue, "owner")
	c.check(config.CostCenter, naming.CheckTagValue, "costCenter")
	c.check(config.Compliance, naming.CheckTagValue, "compliance")
	c.tags(config.Tags)
	c.production(config)

	env, err := awsenv.New(string(config.Region), config.AccountID)
	if err != nil {
		return // reported by the schema, and no ARN can be checked without it
	}
	c.check(config.PermissionsBoundary, func(arn string) error { return checkBoundary(env, arn) },
		"permissionsBoundary")
	c.backend(env, config.Backend)
	c.pipeline(env, config)
	c.kms(env, config.Profile, config.KMS)
	c.network(env, config.Network)
	c.outlives(config)
	c.rds(config.Profile, config.RDS, config.Network.Zones)
	c.logging(env, config.Logging)
	c.s3(config.S3)
	c.policies(env, config)
}

// required reports the required fields that no layer sets.
func (c *checker) required() {
	for _, name := range slices.Sorted(maps.Keys(settingsFields)) {
		if settingsFields[name].Required && !c.known(name) {
			c.problem(field("defaults", name), nil,
				"must be set, here or in "+field("environments", c.config.Environment))
		}
	}
}

// minProductionDays is how long production keeps evidence at least: a year, as benchmarks ask for.
const minProductionDays = 365

var productionMinimum = fmt.Sprintf(" At least %d in profile %q.", minProductionDays, Production)

// production demands what the profile "production" promises, whatever its defaults are replaced with.
func (c *checker) production(config Config) {
	if config.Profile != Production {
		return
	}
	const promise = ` in profile "production"`
	if !c.known("accountId") {
		c.problem(c.where("accountId"), nil, "must be set"+promise+", so that nothing reaches the wrong account")
	}
	if len(config.Logging.AlarmEmails)+len(config.Logging.AlarmWebhooks) == 0 &&
		!c.reported(c.where("logging", "alarmEmails")) && !c.reported(c.where("logging", "alarmWebhooks")) {
		c.problem(c.where("logging", "alarmEmails"), c.stands("logging", "alarmEmails"), "must hold an address"+promise+
			", unless logging.alarmWebhooks holds a URL: without either, alarms notify nobody")
	}
	for _, kept := range []struct {
		days int
		path []string
	}{
		{int(config.Logging.RetentionDays), []string{"logging", "retentionDays"}},
		{config.S3.Trail.ExpireAfterDays, []string{"s3", "trail", "expireAfterDays"}},
		{config.S3.AccessLogs.ExpireAfterDays, []string{"s3", "accessLogs", "expireAfterDays"}},
	} {
		if kept.days < minProductionDays {
			c.problem(c.where(kept.path...), kept.days,
				fmt.Sprintf("must be at least %d days%s, a year of evidence", minProductionDays, promise))
		}
	}
}

// onlyEphemeral refuses what gives up protection for good, in profiles that promise it.
func (c *checker) onlyEphemeral(on bool, profile Profile, instead string, path ...string) {
	if on && (profile == Standard || profile == Production) {
		c.problem(c.where(path...), true, fmt.Sprintf(`must be false in profile %q; %s`, profile, instead))
	}
}

func (c *checker) tags(tags map[string]string) {
	if len(tags) > maxExtraTags {
		c.problem(c.where("tags"), nil,
			fmt.Sprintf("must be at most %d tags, not %d, so that with the required ones there are no more than %d",
				maxExtraTags, len(tags), naming.MaxTags))
	}
	folded := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		where := c.where("tags", key)
		c.problemIf(where, nil, naming.CheckTagKey(key))
		c.problemIf(where, tags[key], naming.CheckTagValue(tags[key]))
		if other, twice := folded[strings.ToLower(key)]; twice {
			c.problem(where, nil,
				fmt.Sprintf("must differ from the tag %s in more than case, which IAM does not tell apart",
					problem.Show(other)))
		}
		folded[strings.ToLower(key)] = key
	}
}

// maxNounLength keeps the middle of a physical name readable, to which a name of the configuration contributes.
const maxNounLength = 20

var noun = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// checkNoun reports what is wrong with a name that the configuration gives to one of several parts.
func checkNoun(name string) error {
	if len(name) > maxNounLength || !noun.MatchString(name) {
		return fmt.Errorf("must have a name of at most %d characters, of lower-case words of letters and digits, "+
			"joined by single hyphens, beginning with a letter", maxNounLength)
	}
	return nil
}

func checkEnvironmentName(name string) error {
	if name == AllEnvironments {
		return fmt.Errorf("must have another name: %s=%s means every environment", EnvironmentVar, AllEnvironments)
	}
	err := naming.CheckEnvironment(name)
	if err == nil {
		return nil
	}
	return errors.New("must have a name that " + strings.Replace(err.Error(), "must be ", "is ", 1))
}

// shown is a value to show in a message, or nothing if it is not set.
func shown[T comparable](value T) any {
	if value == *new(T) {
		return nil
	}
	return value
}
