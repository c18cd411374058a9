package config

// Logging configures the log groups.
type Logging struct {
	// RetentionDays is how long log groups keep events.
	RetentionDays RetentionDays `json:"retentionDays,omitempty"`
	// KeepOnDestroy leaves the log groups and the evidence in them when the stack is destroyed.
	KeepOnDestroy bool `json:"keepOnDestroy,omitempty"`
}

// RetentionDays is a time in days that CloudWatch Logs can keep events.
type RetentionDays int
