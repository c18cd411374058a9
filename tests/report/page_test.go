package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"securebaseline/internal/evidence"
	"securebaseline/internal/evidence/page"
	"securebaseline/internal/testkit"
)

// pageLimit is how large the page of an environment may be, so that it goes by mail and opens at once.
const pageLimit = 1_000_000

func pageOf(t *testing.T, report evidence.Report, picture string) []byte {
	t.Helper()
	text, err := page.Render(report, []byte(picture))
	require.NoError(t, err)
	return text
}

// elements parses a page as browsers do, and lists its elements.
func elements(t *testing.T, text []byte) []*html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	require.NoError(t, err)
	var all []*html.Node
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			all = append(all, node)
		}
	}
	return all
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			text.WriteString(child.Data)
		} else if slices.Contains([]string{"th", "td", "ul", "li", "br", "small"}, child.Data) {
			text.WriteString(" ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// TestPageStandsAlone looks at the page of each environment, and of a report with everything that can be wrong.
func TestPageStandsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("renders page after page")
	}
	broken := evidence.Exceptions{{Environment: "prod", Rule: "SB-RDS-05", Address: "*", Reason: "r", Owner: "o",
		Expires: "2026-01-01"}}
	reports := map[string]evidence.Report{
		"everything": reportOn(t, testkit.Synthesize(t, "prod", testkit.Everything()), "prod", nil, reported),
		"broken": reportOn(t, testkit.Synthesize(t, "prod", testkit.Settings{"rds.multiAz": false}), "prod", broken,
			reported),
	}
	for _, environment := range testkit.Environments() {
		stack := testkit.Synthesize(t, environment, nil)
		report, found := reportOn(t, stack, environment, exceptions(t), reported), relaxed(t, environment, nil)
		report.Relaxed = &found
		reports[environment] = report
	}
	picture := testkit.ReadFile(t, testkit.Root(t), "docs", "architecture.svg")
	for name, report := range reports {
		t.Run(name, func(t *testing.T) {
			text := pageOf(t, report, picture)
			assert.Less(t, len(text), pageLimit)
			assert.Equal(t, string(text), string(pageOf(t, report, picture)), "the same report makes the same page")
			assertTags(t, text)
			assertAlone(t, elements(t, text))
			assertLinks(t, elements(t, text))
		})
	}
}

// assertTags demands that every tag that is opened is closed, in order: a parser for browsers repairs what is not.
func assertTags(t *testing.T, text []byte) {
	t.Helper()
	void := map[string]bool{"meta": true, "input": true, "br": true, "img": true}
	var open []string
	tokens := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			assert.Empty(t, open)
			return
		case html.StartTagToken:
			if name, _ := tokens.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := tokens.TagName()
			require.NotEmpty(t, open)
			require.Equal(t, open[len(open)-1], string(name))
			open = open[:len(open)-1]
		}
	}
}

// assertAlone demands that nothing of the page is elsewhere, but for what a reader has to click.
func assertAlone(t *testing.T, all []*html.Node) {
	t.Helper()
	policy := ""
	for _, node := range all {
		for _, attribute := range node.Attr {
			isClicked := node.Data == "a" && attribute.Key == "href"
			if !isClicked {
				assert.NotContains(t, attribute.Val, "//", "%s of %s", attribute.Key, node.Data)
			}
			assert.NotEqual(t, "style", attribute.Key, "the policy on content forbids it")
			assert.False(t, strings.HasPrefix(attribute.Key, "on"), "the policy on content forbids %s", attribute.Key)
			if attribute.Val == "Content-Security-Policy" {
				policy = node.Attr[1].Val
			}
		}
		assert.NotContains(t, []string{"link", "iframe", "object", "embed", "base", "svg"}, node.Data)
		if node.Data == "style" || node.Data == "script" {
			for _, word := range []string{"//www", "http", "@import", "url(", "fetch(", "XMLHttp", "import("} {
				assert.NotContains(t, node.FirstChild.Data, word)
			}
		}
	}
	assert.Regexp(t, `^default-src 'none'; style-src 'sha256-[^ ;]+'; script-src 'sha256-[^ ;]+'; img-src data:; `+
		`base-uri 'none'; form-action 'none'$`, policy)
}

// assertLinks demands that ids are unique, and that what a link or a label names is there.
func assertLinks(t *testing.T, all []*html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, node := range all {
		if id := attributeOf(node, "id"); id != "" {
			assert.False(t, ids[id], "%s is there twice", id)
			assert.NotContains(t, id, " ")
			ids[id] = true
		}
	}
	for _, node := range all {
		for _, name := range []string{"aria-labelledby", "data-of"} {
			if id := attributeOf(node, name); id != "" {
				assert.Contains(t, ids, id)
			}
		}
		if href := attributeOf(node, "href"); strings.HasPrefix(href, "#") {
			id, err := url.PathUnescape(href[1:])
			require.NoError(t, err)
			assert.True(t, ids[id], "%s leads nowhere", href)
		} else if node.Data == "a" {
			assert.Regexp(t, "^https://", href)
		}
	}
}

func attributeOf(node *html.Node, key string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == key {
			return attribute.Val
		}
	}
	return ""
}

// TestPageShowsTheReport looks for everything that the report holds.
func TestPageShowsTheReport(t *testing.T) {
	exception := evidence.Exception{Environment: "prod", Rule: "SB-RDS-06", Address: "aws_db_instance.*",
		Reason: "one zone is enough", Owner: "team-data", Expires: "2026-12-11"}
	stack := testkit.Synthesize(t, "prod", testkit.Settings{"rds.multiAz": false})
	report := reportOn(t, stack, "prod", evidence.Exceptions{exception}, reported)
	rows, section, items := map[string]string{}, map[string]string{}, map[string]int{}
	current := ""
	for _, node := range elements(t, pageOf(t, report, "")) {
		id := attributeOf(node, "id")
		if node.Data == "section" {
			current = id
			section[id] = textOf(node)
		}
		if id != "" {
			rows[id] = textOf(node)
		}
		for _, attribute := range node.Attr {
			if attribute.Key == "data-item" {
				items[current]++
			}
		}
	}
	assert.Contains(t, section["summary"], "60 passed 1 excepted 0 failed 0 nothing to look at")
	for _, rule := range report.Rules {
		assert.Contains(t, rows[rule.ID], rule.Demand)
		for _, catalog := range rule.Controls.Catalogs() {
			assert.Contains(t, rows[rule.ID], strings.Join(catalog.IDs, ", "))
		}
		for _, address := range rule.Passing {
			assert.Contains(t, rows[rule.ID], address)
		}
		for _, proof := range rule.Proofs {
			assert.Contains(t, rows[rule.ID], evidence.ProofTest(proof))
		}
	}
	assert.Contains(t, rows["SB-RDS-06"], "multi_az is false, not true (exception 1)")
	assert.Equal(t, "1 SB-RDS-06 for aws_db_instance.* one zone is enough team-data 2026-12-11, holds for 10 more "+
		"days 1 resource aws_db_instance.database_EBDE4557", rows["exception-1"])
	for _, one := range report.Inventory {
		row := rows["resource-"+one.Address]
		assert.Contains(t, row, one.Path)
		assert.Contains(t, row, one.ARN)
		assert.Equal(t, one.Stateful, strings.Contains(row, "stateful"), one.Address)
	}
	statements := 0
	for _, policy := range report.Policies {
		statements += len(policy.Statements)
		for _, statement := range policy.Statements {
			assert.Contains(t, section["policies"], statement.Words)
		}
	}
	controls := 0
	for _, catalog := range report.ByControl() {
		controls += len(catalog.Controls)
	}
	assert.Equal(t, map[string]int{"rules": len(report.Rules), "inventory": len(report.Inventory),
		"policies": statements, "access": items["access"], "controls": controls, "costs": len(report.Costs),
		"order": len(report.Order)}, items)
	assert.Contains(t, section["access"], "acme-data-reader-prod a role that has this policy alone s3:GetObject, "+
		"s3:ListBucket on aws_s3_bucket.data-bucket_")
	assert.Contains(t, section["order"], ": the trail is refused without its group")
	assert.Contains(t, section["relaxed"], "Nobody has compared")
	for _, one := range report.Order {
		assert.Contains(t, section["order"], one.Address)
	}
}

// TestReportHoldsEveryStatement counts the statements in the JSON.
func TestReportHoldsEveryStatement(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.Everything())
	report := reportOn(t, stack, "prod", nil, reported)
	want, got := map[string]int{}, map[string]int{}
	for _, r := range stack.Resources() {
		for _, text := range r.Strings() {
			var document struct{ Statement []any }
			if json.Unmarshal([]byte(text), &document) == nil && len(document.Statement) > 0 {
				want[r.Address] += len(document.Statement)
			}
		}
	}
	for _, policy := range report.Policies {
		got[policy.Address] += len(policy.Statements)
		assert.NotEqual(t, "resource policy", policy.Kind, policy.Address)
	}
	assert.Equal(t, want, got)
}
