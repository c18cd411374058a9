// Package kmsrules holds the limits of KMS keys that the configuration and the construct share.
package kmsrules

// Limits of a key, in days (KMS API Reference, ScheduleKeyDeletion and EnableKeyRotation).
const (
	MinDeletionWindowDays = 7
	MaxDeletionWindowDays = 30
	MinRotationDays       = 90
	MaxRotationDays       = 2560
)

// DefaultRotationDays is how often AWS makes new key material by default (KMS API Reference, EnableKeyRotation).
const DefaultRotationDays = 365
