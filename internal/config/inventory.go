package config

import (
	"maps"
	"slices"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/policysize"
)

// Inventory is what decides which resources with a name of their own the environment has.
func (c Config) Inventory() inventory.Options {
	options := inventory.Options{
		Buckets:            slices.Sorted(maps.Keys(c.S3.Buckets)),
		TrailNotifications: c.Logging.TrailNotifications,
		Auditor:            len(c.Logging.Auditors) > 0,
		Endpoints:          len(c.Network.InterfaceEndpoints) > 0,
		Databases:          slices.Sorted(maps.Keys(c.RDS.All())),
		NoTrail:            !c.Logging.HasTrail(),
	}
	for key, alarm := range c.Logging.Alarms {
		if !alarm.Enabled || !c.Logging.Watched() {
			options.AlarmsOff = append(options.AlarmsOff, key)
		}
	}
	return options
}

// PolicySizes is what the sizes of the environment's policies follow from. The account of env may be an expression.
func (c Config) PolicySizes(env awsenv.Env) policysize.Stack {
	names := inventory.New(naming.New(c.Project, c.Environment, naming.Tags{}), env, c.Inventory())
	return policysize.Stack{
		Env: env, Project: c.Project, Environment: c.Environment,
		Administrators: c.KMS.Administrators, BreakGlass: c.KMS.BreakGlass, AccountMayDelete: c.KMS.AccountMayDelete,
		Auditors: c.Logging.Auditors, IAMPath: c.IAMPath, TrailNotifications: c.Logging.TrailNotifications,
		DataBuckets: names.DataBuckets(), LogGroups: names.LogGroups, Databases: names.DatabaseList(),
		NoTrail: !c.Logging.HasTrail(),
	}
}
