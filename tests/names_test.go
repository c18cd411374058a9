package tests

import "securebaseline/internal/testkit"

const (
	account = testkit.Account
	foreign = testkit.ForeignAccount
	region  = testkit.Region

	rootARN        = "arn:aws:iam::" + account + ":root"
	foreignRootARN = "arn:aws:iam::" + foreign + ":root"
)
