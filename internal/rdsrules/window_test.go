package rdsrules

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBackupWindows(t *testing.T) {
	for _, good := range []string{"02:00-03:00", "23:45-00:15", "00:00-00:30", "00:30-00:00"} {
		_, err := ParseBackupWindow(good)
		assert.NoError(t, err, good)
	}
	const form = "must be a daily time in UTC, hh:mm-hh:mm, such as 02:00-03:00"
	for bad, want := range map[string]string{
		"": form, "2:00-3:00": form, "24:00-25:00": form, "02:60-03:00": form, "02:00": form,
		"mon:02:00-mon:03:00": form,
		"02:00-03:00\n":       form,
		"02:00-02:29":         "must be 30 minutes to 24 hours long, not 29 minutes",
		"02:00-02:00":         "must be 30 minutes to 24 hours long, not 0 minutes",
	} {
		_, err := ParseBackupWindow(bad)
		assert.EqualError(t, err, want, bad)
	}
}

func TestMaintenanceWindows(t *testing.T) {
	for _, good := range []string{"sun:03:30-sun:04:30", "sun:23:45-mon:00:15", "mon:00:00-tue:00:00"} {
		_, err := ParseMaintenanceWindow(good)
		assert.NoError(t, err, good)
	}
	const form = "must be a weekly time in UTC, ddd:hh:mm-ddd:hh:mm, such as sun:03:30-sun:04:30"
	for bad, want := range map[string]string{
		"": form, "Sun:03:30-Sun:04:30": form, "sunday:03:30-sunday:04:30": form, "03:30-04:30": form,
		"sun:03:30-sun:03:59": "must be 30 minutes to 24 hours long, not 29 minutes",
		"sun:03:30-sun:03:30": "must be 30 minutes to 24 hours long, not 0 minutes",
		"mon:00:00-tue:00:01": "must be 30 minutes to 24 hours long, not 1441 minutes",
		"sun:04:30-sun:03:30": "must be 30 minutes to 24 hours long, not 10020 minutes",
	} {
		_, err := ParseMaintenanceWindow(bad)
		assert.EqualError(t, err, want, bad)
	}
}

func TestOverlaps(t *testing.T) {
	for _, test := range []struct {
		backup, maintenance string
		want                bool
	}{
		{"02:00-03:00", "sun:03:30-sun:04:30", false},
		{"02:00-03:00", "sun:03:00-sun:04:00", false},
		{"02:00-03:00", "sun:01:00-sun:02:00", false},
		{"02:00-03:01", "sun:03:00-sun:04:00", true},
		{"02:00-03:00", "wed:02:15-wed:02:45", true},
		{"02:15-02:45", "wed:02:00-wed:03:00", true},
		{"23:30-00:30", "sun:23:45-mon:00:15", true},
		{"23:30-00:30", "mon:00:00-mon:00:30", true},
		{"00:00-00:30", "sun:23:45-mon:00:15", true},
		{"00:30-01:00", "sun:23:30-mon:00:30", false},
		{"12:00-13:00", "mon:13:00-tue:13:00", true},
	} {
		backup, err := ParseBackupWindow(test.backup)
		require.NoError(t, err)
		maintenance, err := ParseMaintenanceWindow(test.maintenance)
		require.NoError(t, err)
		assert.Equal(t, test.want, backup.Overlaps(maintenance), test)
		assert.Equal(t, test.want, maintenance.Overlaps(backup), test)
	}
}

// FuzzWindows compares the arithmetic with a walk through every minute of a week.
func FuzzWindows(f *testing.F) {
	f.Add("02:00-03:00", "sun:03:30-sun:04:30")
	f.Add("23:30-00:30", "sun:23:45-mon:00:15")
	f.Add("12:00-11:59", "mon:00:00-tue:00:00")
	f.Fuzz(func(t *testing.T, daily, weekly string) {
		backup, err := ParseBackupWindow(daily)
		if err != nil {
			return
		}
		maintenance, err := ParseMaintenanceWindow(weekly)
		if err != nil {
			return
		}
		meet := false
		for minute := range week {
			meet = meet || covers(backup, minute) && covers(maintenance, minute)
		}
		assert.Equal(t, meet, backup.Overlaps(maintenance))
	})
}

func covers(w Window, minute int) bool {
	return ((minute-w.start)%w.period+w.period)%w.period < w.length
}

// FuzzNames lets nothing pass that could change the meaning of a policy or of a Terraform expression.
func FuzzNames(f *testing.F) {
	f.Add("app")
	f.Add("a*")
	f.Add("${x}")
	f.Fuzz(func(t *testing.T, name string) {
		if CheckUser(name) == nil || CheckDatabaseName(name) == nil {
			assert.Regexp(t, `\A[a-z][a-z0-9_]{0,62}\z`, name)
		}
		if CheckIdentifier(name) == nil {
			assert.Regexp(t, `\A[a-z][a-z0-9-]{0,62}\z`, name)
		}
		if memory, err := Memory(name); err == nil {
			assert.Positive(t, memory)
		}
	})
}

func BenchmarkOverlaps(b *testing.B) {
	for b.Loop() {
		backup, err := ParseBackupWindow("02:00-03:00")
		if err != nil {
			b.Fatal(err)
		}
		maintenance, err := ParseMaintenanceWindow("sun:03:30-sun:04:30")
		if err != nil {
			b.Fatal(err)
		}
		if backup.Overlaps(maintenance) {
			b.Fatal("they do not overlap")
		}
	}
}
