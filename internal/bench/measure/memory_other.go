//go:build !linux

package measure

// nodePeaks cannot tell: only Linux keeps the peak of a running process.
func nodePeaks(int) []int64 { return nil }
