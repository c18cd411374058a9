package rdsrules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

const (
	hour = 60 // in minutes, as all times here
	day  = 24 * hour
	week = 7 * day
)

// MinWindowMinutes is the shortest window (RDS API Reference, CreateDBInstance, PreferredBackupWindow).
const MinWindowMinutes = 30

// Window is a time that comes back each day or each week, in UTC.
type Window struct {
	start, length int // minutes; the start counts from midnight, or from midnight before Monday
	period        int // day or week
}

const (
	clock   = `([01][0-9]|2[0-3]):([0-5][0-9])`
	weekday = `(mon|tue|wed|thu|fri|sat|sun)`
)

var (
	days       = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	dailyForm  = regexp.MustCompile(`^` + clock + `-` + clock + `$`)
	weeklyForm = regexp.MustCompile(`^` + weekday + `:` + clock + `-` + weekday + `:` + clock + `$`)
)

// ParseBackupWindow reads the daily time of backups, "hh:mm-hh:mm" in UTC, of at least 30 minutes. It may pass midnight
// (RDS User Guide, "Backup window").
func ParseBackupWindow(text string) (Window, error) {
	parts := dailyForm.FindStringSubmatch(text)
	if parts == nil {
		return Window{}, errors.New("must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00")
	}
	return window(minutes(parts[1], parts[2]), minutes(parts[3], parts[4]), day)
}

// ParseMaintenanceWindow reads the weekly time of maintenance, "ddd:hh:mm-ddd:hh:mm" in UTC, of 30 minutes to a day. It
// may pass midnight and the end of the week (RDS User Guide, "Maintaining a DB instance").
func ParseMaintenanceWindow(text string) (Window, error) {
	parts := weeklyForm.FindStringSubmatch(text)
	if parts == nil {
		return Window{}, errors.New("must be a weekly time in UTC, ddd:hh:mm-ddd:hh:mm, such as sun:03:30-sun:04:30")
	}
	from := slices.Index(days, parts[1])*day + minutes(parts[2], parts[3])
	to := slices.Index(days, parts[4])*day + minutes(parts[5], parts[6])
	return window(from, to, week)
}

func window(from, to, period int) (Window, error) {
	length := (to - from + period) % period
	if length < MinWindowMinutes || length > day {
		return Window{}, fmt.Errorf("must be %d minutes to 24 hours long, not %d minutes", MinWindowMinutes, length)
	}
	return Window{from, length, period}, nil
}

func minutes(hours, rest string) int {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(rest)
	return h*hour + m
}

// CheckWindows reports what is wrong with the windows for backups and for maintenance: their form, or that they
// overlap.
func CheckWindows(backup, maintenance string) (backupErr, maintenanceErr error) {
	backups, backupErr := ParseBackupWindow(backup)
	maintained, maintenanceErr := ParseMaintenanceWindow(maintenance)
	if backupErr == nil && maintenanceErr == nil && backups.Overlaps(maintained) {
		backupErr = fmt.Errorf("must not overlap the maintenance window %s", maintenance)
	}
	return backupErr, maintenanceErr
}

// Overlaps reports whether two windows ever meet, which RDS refuses for backups and maintenance (RDS API Reference,
// CreateDBInstance, PreferredBackupWindow). Windows that touch do not meet.
func (w Window) Overlaps(other Window) bool {
	for a := w.start; a < week; a += w.period {
		for b := other.start; b < week; b += other.period {
			// The later one begins before the earlier one has ended; weeks follow each other.
			if (b-a+week)%week < w.length || (a-b+week)%week < other.length {
				return true
			}
		}
	}
	return false
}
