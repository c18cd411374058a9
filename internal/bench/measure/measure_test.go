package measure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func seconds(values ...float64) Series {
	var series Series
	for _, value := range values {
		series = append(series, time.Duration(value*float64(time.Second)))
	}
	return series
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 2*time.Second, seconds(9, 1, 2).Median())
	assert.Equal(t, 3*time.Second, seconds(4, 9, 2, 1).Median())
	assert.Zero(t, Series(nil).Median())
	assert.Equal(t, "2.00 s (1.00–9.00)", seconds(9, 1, 2).String())
	assert.Equal(t, "not measured", Series(nil).String())
}

var example = Report{
	Environment: "prod", Date: "2026-01-02",
	Machine: Machine{Processor: "abacus", Cores: 2, Memory: "4 GB", System: "linux/amd64",
		Versions: []string{"Go 1", "Node.js v1"}},
	Results: []Result{
		{Copies: 1, Resources: 100,
			Stock:  Measured{Warm: seconds(6), Cold: seconds(9), Memory: 800e6},
			Pruned: Measured{Warm: seconds(1), Cold: seconds(3), Memory: 100e6}},
		{Copies: 10, Resources: 1000,
			Stock:  Measured{Warm: seconds(8.7), Cold: seconds(12), Memory: 890e6},
			Pruned: Measured{Warm: seconds(1.9), Cold: seconds(4), Memory: 100e6}},
	},
}

func TestReport(t *testing.T) {
	assert.NoError(t, example.Missed())
	assert.Equal(t, `| baselines | resources | | stock | pruned | stock / pruned |
|---:|---:|---|---:|---:|---:|
| 1 | 100 | warm | 6.00 s (6.00–6.00) | 1.00 s (1.00–1.00) | 6.0 |
| | | cold | 9.00 s (9.00–9.00) | 3.00 s (3.00–3.00) | 3.0 |
| | | memory of Node.js | 800 MB | 100 MB | 8.0 |
| 10 | 1000 | warm | 8.70 s (8.70–8.70) | 1.90 s (1.90–1.90) | 4.6 |
| | | cold | 12.00 s (12.00–12.00) | 4.00 s (4.00–4.00) | 3.0 |
| | | memory of Node.js | 890 MB | 100 MB | 8.9 |
`, example.Table())
	assert.Contains(t, example.PeerTable(), "| 1 | 1.00 s (1.00–1.00) | not measured | 0.0 |\n")
	page := example.Markdown()
	assert.Contains(t, page, "targets are met")
	assert.Contains(t, page,
		"- from 100 to 1000 resources: 3.0 ms and 100 kB with stock packages, 1.0 ms and 0 kB with pruned ones\n")
	assert.Contains(t, page, "abacus, 2 cores")
	assert.Contains(t, page, "1 warm and 1 cold rounds for one baseline, 1 and 1 for 10")
	assert.NotContains(t, page, "%!", "a missing or superfluous argument")

	changed, err := example.Insert("before\n" + begin + "old\n" + end + "\nafter\n")
	require.NoError(t, err)
	assert.Equal(t, "before\n"+begin+page+end+"\nafter\n", changed)
	_, err = example.Insert("no markers")
	assert.Error(t, err)
}

func TestMissedTargetsAreNamed(t *testing.T) {
	slow := example
	slow.Results = []Result{{Copies: 1, Resources: 100,
		Stock:  Measured{Warm: seconds(5.9), Cold: seconds(8.9), Memory: 799e6},
		Pruned: Measured{Warm: seconds(1), Cold: seconds(3), Memory: 100e6}}}
	assert.EqualError(t, slow.Missed(),
		"warm synthesis: stock takes 5.90 times as much as pruned; the target is 6 times\n"+
			"cold synthesis: stock takes 2.97 times as much as pruned; the target is 3 times\n"+
			"memory of Node.js: stock takes 7.99 times as much as pruned; the target is 8 times")
	assert.Contains(t, slow.Markdown(), "Targets missed: warm synthesis: ")
	assert.Error(t, Report{}.Missed())
}

func TestMemoryThatCannotBeMeasuredMissesNoTarget(t *testing.T) {
	elsewhere := example
	elsewhere.Results = []Result{{Copies: 1, Stock: Measured{Warm: seconds(6), Cold: seconds(9)},
		Pruned: Measured{Warm: seconds(1), Cold: seconds(3)}}}
	assert.NoError(t, elsewhere.Missed())
	assert.Contains(t, elsewhere.Table(), "| | | memory of Node.js | not measurable here | | |\n")
}
