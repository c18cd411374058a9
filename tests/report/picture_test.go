package report

import (
	"bytes"
	"encoding/json"
	"html"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/picture"
	"securebaseline/internal/testkit"
	"securebaseline/internal/testkit/goldenfile"
)

// TestGoldenPicture keeps the picture of the example's production current. Others than these processors may round a
// position in another way.
func TestGoldenPicture(t *testing.T) {
	if testing.Short() {
		t.Skip("a picture takes seconds")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("the picture that is checked in was drawn on amd64, and another processor may round otherwise")
	}
	got, err := picture.Render(testkit.Synthesize(t, "prod", nil).Template)
	require.NoError(t, err)
	assertStandsAlone(t, got)
	path := filepath.Join(testkit.Root(t), "docs", picture.File)
	goldenfile.Assert(t, path, string(got))
}

// pictured are the stacks that are drawn.
var pictured = []struct {
	name, environment string
	settings          testkit.Settings
}{
	{"dev", "dev", nil},
	{"staging", "staging", nil},
	{"prod", "prod", nil},
	{"everything on", "prod", testkit.Everything()},
	{"almost nothing on", "dev", testkit.Settings{
		"logging.trail": "none", "rds.enabled": false, "network.nat": "none",
	}},
}

// TestPictureShowsWhatMatters looks for each resource that a reader would miss.
func TestPictureShowsWhatMatters(t *testing.T) {
	for _, stack := range pictured {
		t.Run(stack.name, func(t *testing.T) {
			s := testkit.Synthesize(t, stack.environment, stack.settings)
			source, err := picture.Source(s.Template)
			require.NoError(t, err)
			for _, kind := range []string{
				"aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_egress_only_internet_gateway", "aws_db_instance",
				"aws_s3_bucket", "aws_cloudtrail", "aws_sns_topic", "aws_kms_key", "aws_iam_role",
			} {
				for _, r := range s.OfType(kind) {
					assert.Contains(t, source, `"`+r.Address+`": `, "no shape")
				}
			}
			for _, group := range s.OfType("aws_cloudwatch_log_group") {
				assert.Contains(t, source, filepath.Base(group.Text(t, "name")))
			}
			for _, subscription := range s.OfType("aws_sns_topic_subscription") {
				endpoint := strings.TrimPrefix(subscription.Text(t, "endpoint"), "https://")
				assert.Contains(t, source, strings.Split(endpoint, "/")[0])
			}
			for _, endpoint := range s.OfType("aws_vpc_endpoint") {
				_, name, _ := strings.Cut(endpoint.Text(t, "service_name"), testkit.Region+".")
				assert.Regexp(t, `(\\n| )`+regexp.QuoteMeta(name)+`[,"]`, source)
			}
			assert.Equal(t, len(s.OfType("aws_nat_gateway")), strings.Count(source, `\nNAT gateway`))
			alarms := 0
			for _, found := range regexp.MustCompile(`"(\d+) alarms?\\n`).FindAllStringSubmatch(source, -1) {
				var count int
				require.NoError(t, json.Unmarshal([]byte(found[1]), &count))
				alarms += count
			}
			assert.Equal(t, len(s.OfType("aws_cloudwatch_metric_alarm")), alarms)
			for name, kind := range map[string]string{
				"CloudTrail acme": "aws_cloudtrail", "PostgreSQL": "aws_db_instance", "Archive": "aws_cloudtrail",
				"flow logs": "aws_flow_log", "Database subnets": "aws_db_instance",
			} {
				assert.Equal(t, len(s.OfType(kind)) > 0, strings.Contains(source, name), name)
			}
		})
	}
}

// TestPictureShowsFlows names the arrows that a reader follows.
func TestPictureShowsFlows(t *testing.T) {
	s := testkit.Synthesize(t, "prod", testkit.Everything())
	source, err := picture.Source(s.Template)
	require.NoError(t, err)
	at := func(kind, path string) string { return regexp.QuoteMeta(`"` + s.Address(t, kind, path) + `"`) }
	trail, topic := at("aws_cloudtrail", "trail/Resource"), at("aws_sns_topic", "alarm-topic/Resource")
	archive, database := at("aws_s3_bucket", "trail-bucket/Resource"), at("aws_db_instance", "database/Resource")
	for _, arrow := range []string{
		trail + ` -> ` + archive + `: "files"`,
		trail + ` -> ` + at("aws_cloudwatch_log_group", "trail-logs") + `: "logs"`,
		trail + ` -> ` + at("aws_sns_topic", "trail-topic/Resource") + `: "notices"`,
		at("aws_cloudwatch_log_group", "trail-logs") + ` -> "alarms of .*": "matching events"`,
		`"alarms of aws_cloudwatch_log_group.* -> ` + topic,
		`"alarms of aws_db_instance.* -> ` + topic,
		at("aws_vpc", "network/Resource") + ` -> ` + at("aws_cloudwatch_log_group", "flow-logs") + `: "flow logs"`,
		archive + ` -> ` + at("aws_s3_bucket", "access-logs-bucket/Resource") + `: "access logs"`,
		archive + ` <- "people of .*": "read"`,
		`-> .*` + database + `: "port 5432, from acme-network-workloads-prod"`,
		database + ` -> ` + topic + `: "events"`,
		topic + ` -> "email of .*": "e-mail"`,
		topic + ` -> "https of .*": "https"`,
	} {
		assert.Regexp(t, arrow, source)
	}
	assert.NotContains(t, source, "example.com/", "the path of a webhook may be its password")
	logs := "acme-logs-prod" + `\nCloudTrail, CloudWatch Logs, CloudWatch alarms,`
	assert.Contains(t, source, logs, "who may use the key")
}

// TestPictureFollowsTheStack changes the JSON, not the configuration.
func TestPictureFollowsTheStack(t *testing.T) {
	data := testkit.JSON(t, "prod", nil)
	draw := func(edit func(resources map[string]map[string]map[string]any)) string {
		var document map[string]any
		var resources map[string]map[string]map[string]any
		require.NoError(t, json.Unmarshal(data, &document))
		encoded, err := json.Marshal(document["resource"])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(encoded, &resources))
		edit(resources)
		document["resource"] = resources
		edited, err := json.Marshal(document)
		require.NoError(t, err)
		source, err := picture.Source(testkit.Parse(t, edited).Template)
		require.NoError(t, err)
		return source
	}
	source, err := picture.Source(testkit.Parse(t, data).Template)
	require.NoError(t, err)
	assert.Equal(t, source, draw(func(map[string]map[string]map[string]any) {}), "the order of the JSON is none")
	assert.Equal(t, source, draw(func(resources map[string]map[string]map[string]any) {
		for _, byName := range resources {
			for _, body := range byName {
				for _, words := range []string{"description", "alarm_description"} {
					if body[words] != nil {
						body[words] = "other words"
					}
				}
				if body["tags"] != nil {
					body["tags"] = map[string]any{"Name": "another"}
				}
			}
		}
	}), "tags and descriptions")
	clone := func(kind, attribute, value string) func(map[string]map[string]map[string]any) {
		return func(resources map[string]map[string]map[string]any) {
			for _, body := range resources[kind] {
				copied := map[string]any{}
				for name := range body {
					copied[name] = body[name]
				}
				copied[attribute] = value
				resources[kind]["another"] = copied
				return
			}
		}
	}
	for name, edit := range map[string]func(map[string]map[string]map[string]any){
		"NAT gateway": clone("aws_nat_gateway", "allocation_id", "another"),
		"endpoint":    clone("aws_vpc_endpoint", "service_name", "com.amazonaws.eu-central-1.dynamodb"),
		"bucket":      clone("aws_s3_bucket", "bucket", "another"),
		"topic":       clone("aws_sns_topic", "name", "another"),
		"alarm":       clone("aws_cloudwatch_metric_alarm", "alarm_name", "another"),
		"people":      clone("aws_sns_topic_subscription", "endpoint", "another@example.com"),
		"role":        clone("aws_iam_role", "name", "another"),
		"key":         clone("aws_kms_key", "description", "another"),
	} {
		assert.NotEqual(t, source, draw(edit), name)
	}
}

// TestPictureIsStable draws each stack twice.
func TestPictureIsStable(t *testing.T) {
	if testing.Short() {
		t.Skip("a picture takes seconds")
	}
	for _, stack := range pictured {
		t.Run(stack.name, func(t *testing.T) {
			s := testkit.Synthesize(t, stack.environment, stack.settings)
			first, err := picture.Render(s.Template)
			require.NoError(t, err)
			second, err := picture.Render(s.Template)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(first, second))
			assertStandsAlone(t, first)
			for _, bucket := range s.OfType("aws_s3_bucket") {
				name := regexp.MustCompile(`-(\d{12}|\$).*`).ReplaceAllString(bucket.Text(t, "bucket"), "")
				assert.Contains(t, html.UnescapeString(string(first)), ">"+name)
			}
		})
	}
}

// assertStandsAlone checks that no request leaves a picture, and that it has the size of one.
func assertStandsAlone(t *testing.T, svg []byte) {
	t.Helper()
	for _, address := range regexp.MustCompile(`[a-z]+://[^"'<\s)]*`).FindAllString(string(svg), -1) {
		assert.Contains(t, []string{"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}, address)
	}
	for _, found := range regexp.MustCompile(`url\(["']?(.{5})`).FindAllSubmatch(svg, -1) {
		assert.True(t, found[1][0] == '#' || string(found[1]) == "data:", "%s", found[0])
	}
	assert.NotContains(t, string(svg), "<script")
	assert.Contains(t, string(svg), "prefers-color-scheme:dark", "it reads in the dark, too")
	assert.Less(t, len(svg), 400_000)
}
