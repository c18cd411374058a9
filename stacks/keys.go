package stacks

import (
	"securebaseline/constructs/kms"
	"securebaseline/internal/iampolicy"
)

// keys are the customer managed keys of the stack, one for each kind of data, so that no one key opens everything.
type keys struct {
	logs     *kms.Key // audit trail, log groups and alarm messages
	data     *kms.Key // objects in the data buckets
	database *kms.Key // storage of databases, their insights and master secrets; nil without a database
}

func (b baseline) addKeys() (keys, error) {
	logs, err := b.addKey("logs", kms.Props{
		Alias:       b.names.LogsKey,
		Description: "Audit trail, log groups and alarm messages",
		Use:         b.logsKeyUse(),
	})
	if err != nil {
		return keys{}, err
	}
	data, err := b.addKey("data", kms.Props{
		Alias:       b.names.DataKey,
		Description: "Objects in the data buckets",
		Use:         []iampolicy.Statement{kms.BucketsUse(b.env, b.names.DataBuckets()...)},
	})
	if err != nil {
		return keys{}, err
	}
	if !b.cfg.RDS.Enabled {
		return keys{logs: logs, data: data}, nil
	}
	database, err := b.addKey("database", kms.Props{
		Alias:       b.names.DatabaseKey,
		Description: "Database storage, Performance Insights and master secret",
		Use:         kms.DatabaseUse(b.env),
	})
	if err != nil {
		return keys{}, err
	}
	return keys{logs: logs, data: data, database: database}, nil
}

// addKey adds a key with what all keys share.
func (b baseline) addKey(purpose string, props kms.Props) (*kms.Key, error) {
	cfg := b.cfg.KMS
	props.Naming = b.scope.Child(purpose)
	props.Env = b.env
	props.Administrators = cfg.Administrators
	props.BreakGlass = cfg.BreakGlass
	props.AccountMayDelete = cfg.AccountMayDelete
	props.AllowDestroy = cfg.AccountMayDelete
	props.DeletionWindowDays = cfg.DeletionWindowDays
	props.RotationDays = cfg.RotationDays
	return kms.New(b.stack, purpose+"-key", props)
}

// logsKeyUse lists who may use the logs key: whoever writes logs and alarms, and who is there to read them.
func (b baseline) logsKeyUse() []iampolicy.Statement {
	cfg, env, names := b.cfg.Logging, b.env, b.names
	var use []iampolicy.Statement
	if cfg.HasTrail() {
		use = kms.CloudTrailUse(env, b.trail)
	}
	use = append(use, kms.LogGroupsUse(env, names.LogGroups...), kms.AlarmsUse(env, names.AlarmPattern))
	if b.cfg.RDS.Enabled {
		use = append(use, kms.DatabaseEventsUse(env, names.DatabaseList()...))
	}
	if cfg.TrailNotifications {
		use = append(use, kms.TrailNotificationsUse(env, b.trail, names.TrailTopic))
	}
	if len(cfg.Auditors) > 0 {
		if cfg.HasTrail() {
			use = append(use, kms.AuditorReadsTrail(env, names.Auditor.RoleARN(env), b.trail))
		}
		use = append(use, kms.AuditorReadsLogGroups(env, names.Auditor.RoleARN(env), names.LogGroups...))
	}
	return use
}
