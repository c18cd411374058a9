package tests

import "securebaseline/internal/testkit"

const (
	account = testkit.Account
	foreign = testkit.ForeignAccount
	region  = testkit.Region
)
