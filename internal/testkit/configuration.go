package testkit

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
)

// Settings are fields of an environment by path, such as network.nat, that replace those of cdktf.json; nil removes
// one.
type Settings map[string]any

// Offline adds to settings what makes a plan possible without calling AWS: an account, zones, and a major version of
// the database.
func Offline(more Settings) Settings { return merge(offline(), more) }

func offline() Settings {
	return Settings{
		"accountId": Account, "network.zones": Zones("a", "b", "c"),
		"rds.majorVersion": "17", "rds.applyImmediately": true,
	}
}

func merge(all ...Settings) Settings {
	merged := Settings{}
	for _, some := range all {
		maps.Copy(merged, some)
	}
	return merged
}

// boundary is the ARN of a permissions boundary.
const boundary = "arn:aws:iam::" + Account + ":policy/boundary"

// AuditorPrincipal is the principal that AllLogging makes an auditor.
const AuditorPrincipal = "arn:aws:iam::" + Account + ":user/auditor"

// TrustedAccount and OrganizationID are what AllNetwork trusts besides the account itself.
const (
	TrustedAccount = "222233334444"
	OrganizationID = "o-abcdefghij"
)

// AllNetwork switches on all that the network can have besides its defaults.
func AllNetwork() Settings {
	return Offline(Settings{
		"network.interfaceEndpoints": awsenv.EndpointServices(),
		"network.dynamodbEndpoint":   true,
		"network.ipv6":               true,
		"network.secondaryCidrs":     []string{"10.1.0.0/16"},
		"network.ipamPoolId":         "ipam-pool-0123456789abcdef0",
		"network.publicAccess":       "block-ingress",
		"network.publicHttp":         true,
		"network.trust": map[string]any{
			"accounts": []string{TrustedAccount}, "organizationId": OrganizationID, "buckets": []string{"partner-data"},
			"awsBuckets": []string{"amazon-linux", "cloudformation", "ecr", "systems-manager"},
		},
		"permissionsBoundary": boundary,
	})
}

// AllLogging switches on all that logging can have besides its defaults.
func AllLogging() Settings {
	return Offline(Settings{
		"logging.alarmEmails":        []string{"security@example.com", "on-call@example.com"},
		"logging.alarmWebhooks":      []string{"https://alarms.example.com/aws"},
		"logging.dataEvents":         true,
		"logging.insights":           true,
		"logging.trailNotifications": true,
		"logging.auditors":           []string{AuditorPrincipal},
		"permissionsBoundary":        boundary,
	})
}

// AllBuckets configures every kind of bucket and every option that does not exclude another.
func AllBuckets() Settings {
	return Offline(Settings{
		"s3.buckets": map[string]any{
			"reports": map[string]any{"headerOptional": true, "expireAfterDays": 365},
			"vault":   map[string]any{"objectLock": map[string]any{"mode": "compliance", "days": 30}},
		},
		"s3.trail.objectLock": map[string]any{"mode": "governance", "days": 365},
	})
}

// AllDatabase configures every option of the database that does not exclude another.
func AllDatabase() Settings {
	return Offline(Settings{
		"rds.majorVersion": "16", "rds.class": "db.r7g.2xlarge", "rds.storageGiB": 400, "rds.maxStorageGiB": 4000,
		"rds.iops": 16000, "rds.throughputMiB": 1000, "rds.audit": false, "rds.logSlowStatements": true,
		"rds.database":      "orders",
		"rds.rotationDays":  30,
		"rds.caCertificate": "rds-ca-ecc384-g1", "rds.multiAz": false, "rds.zone": Region + "b",
		"permissionsBoundary": boundary,
	})
}

// Repository is that of WithPipeline.
const Repository = "acme/infrastructure"

// WithPipeline has workflows of a repository deploy.
func WithPipeline() Settings { return Settings{"pipeline.repository": Repository} }

// common are the settings of stacks that many tests look at.
func common() []Settings {
	return []Settings{nil, offline(), AllNetwork(), AllLogging(), AllBuckets(), AllDatabase(), Everything(),
		WithPipeline()}
}

func (s Settings) equal(other Settings) bool {
	return len(s) == 0 && len(other) == 0 || reflect.DeepEqual(s, other)
}

// Everything is AllNetwork, AllLogging and AllBuckets.
func Everything() Settings { return merge(AllNetwork(), AllLogging(), AllBuckets()) }

// Load loads the project's own cdktf.json as the program does, with some settings of the environment replaced. It must
// be accepted.
func Load(t testing.TB, environment string, replaced Settings) config.Config {
	t.Helper()
	cfg, err := TryLoad(t, environment, replaced)
	require.NoError(t, err)
	return cfg
}

// TryLoad is Load where the configuration may be refused.
func TryLoad(t testing.TB, environment string, replaced Settings) (config.Config, error) {
	t.Helper()
	context, err := json.Marshal(Edit(t, environment, replaced)["context"])
	require.NoError(t, err)
	return config.Load(t.TempDir(), func(name string) (string, bool) {
		value, set := map[string]string{config.ContextVar: string(context), config.EnvironmentVar: environment}[name]
		return value, set
	})
}

// Edit returns the project's own cdktf.json with some settings of the environment replaced.
func Edit(t testing.TB, environment string, replaced Settings) map[string]any {
	t.Helper()
	var file map[string]any
	require.NoError(t, json.Unmarshal([]byte(ReadFile(t, Root(t), config.File)), &file))
	own := file
	for _, name := range []string{"context", "baseline", "environments", environment} {
		own = child(t, own, name)
	}
	for path, value := range replaced {
		parent, names := own, strings.Split(path, ".")
		last := len(names) - 1
		for _, name := range names[:last] {
			if parent[name] == nil {
				parent[name] = map[string]any{}
			}
			parent = child(t, parent, name)
		}
		if value == nil {
			delete(parent, names[last])
		} else {
			parent[names[last]] = value
		}
	}
	return file
}

func child(t testing.TB, parent map[string]any, name string) map[string]any {
	t.Helper()
	object, isObject := parent[name].(map[string]any)
	require.True(t, isObject, "%s is not an object", name)
	return object
}
