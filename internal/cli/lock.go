package cli

import "securebaseline/internal/providerlock"

func lock(_ program, arguments []string) error { return providerlock.Merge(".", arguments[0]) }
