// Package measure holds what a benchmark of whole processes needs: series of times, peak memory of Node.js, a
// description of the machine, and the report.
package measure

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Variant is a way to load the bindings, by the value of the environment variable that chooses it.
type Variant string

// The variants that are compared.
const (
	Stock  Variant = "stock"
	Pruned Variant = "pruned"
)

// Variants lists all variants.
var Variants = []Variant{Stock, Pruned}

// Series are the times of repeated runs.
type Series []time.Duration

// Median is the middle of the series, or the mean of the two in the middle.
func (s Series) Median() time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// String gives the median with the least and the greatest value, in seconds.
func (s Series) String() string {
	if len(s) == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%.2f s (%.2f–%.2f)", s.Median().Seconds(), slices.Min(s).Seconds(), slices.Max(s).Seconds())
}

// Measured is what was measured of one variant at one scale.
type Measured struct {
	Warm, Cold Series
	// Memory is the peak of the Node.js process that holds the packages, in bytes; zero where it cannot be measured.
	Memory int64
}

// Result is what was measured at one scale.
type Result struct {
	Copies    int
	Resources int
	Stock     Measured
	Pruned    Measured
	// Peer are the warm times of the same stack as compiled JavaScript.
	Peer Series
}

// Of returns what was measured of a variant.
func (r *Result) Of(variant Variant) *Measured {
	if variant == Stock {
		return &r.Stock
	}
	return &r.Pruned
}

func (r *Result) warm() float64 { return ratio(r.Stock.Warm.Median(), r.Pruned.Warm.Median()) }

// peer is how many times as long as the peer the pruned packages take.
func (r *Result) peer() float64 { return ratio(r.Pruned.Warm.Median(), r.Peer.Median()) }

func (r *Result) cold() float64 { return ratio(r.Stock.Cold.Median(), r.Pruned.Cold.Median()) }

func (r *Result) memory() float64 { return ratio(r.Stock.Memory, r.Pruned.Memory) }

func ratio[T ~int64](stock, pruned T) float64 {
	if pruned == 0 {
		return 0
	}
	return float64(stock) / float64(pruned)
}

// The targets for one baseline: how much less the pruned packages take.
const (
	warmTarget   = 6
	coldTarget   = 3
	memoryTarget = 8
)

// Missed tells which targets the pruned packages miss for one baseline.
func (r Report) Missed() error {
	if len(r.Results) == 0 {
		return errors.New("nothing was measured")
	}
	one := r.Results[0]
	var missed []error
	for _, target := range []struct {
		name      string
		got, want float64
	}{
		{"warm synthesis", one.warm(), warmTarget},
		{"cold synthesis", one.cold(), coldTarget},
		{"memory of Node.js", one.memory(), memoryTarget},
	} {
		if target.got != 0 && target.got < target.want {
			missed = append(missed, fmt.Errorf("%s: stock takes %.2f times as much as pruned; the target is %g times",
				target.name, target.got, target.want))
		}
	}
	return errors.Join(missed...)
}
