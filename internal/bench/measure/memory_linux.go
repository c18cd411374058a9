package measure

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// nodePeaks returns the peak of resident memory of each Node.js process below another process, in bytes.
func nodePeaks(ancestor int) []int64 {
	parents, names := map[int]int{}, map[int]string{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		content, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		// PID (NAME) STATE PARENT …; the name may hold anything.
		start, end := bytes.IndexByte(content, '('), bytes.LastIndexByte(content, ')')
		if start < 0 || end < start {
			continue
		}
		rest := strings.Fields(string(content[end+1:]))
		process, err := strconv.Atoi(strings.TrimSpace(string(content[:start])))
		if err != nil || len(rest) < 2 {
			continue
		}
		names[process] = string(content[start+1 : end])
		parents[process], _ = strconv.Atoi(rest[1])
	}
	var peaks []int64
	for process, name := range names {
		if name == "node" && descends(process, ancestor, parents) {
			peaks = append(peaks, peak(process))
		}
	}
	return peaks
}

func descends(process, ancestor int, parents map[int]int) bool {
	for process != 0 {
		process = parents[process]
		if process == ancestor {
			return true
		}
	}
	return false
}

func peak(process int) int64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(process), "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kilobytes * 1024
		}
	}
	return 0
}
