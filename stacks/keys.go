package stacks

import (
	"fmt"

	"securebaseline/constructs/kms"
	"securebaseline/internal/iampolicy"
)

// keys are the customer managed keys of the stack, one for each kind of data, so that no one key opens everything.
type keys struct {
	logs     *kms.Key // audit trail, log groups and alarm messages
	data     *kms.Key // objects in the data buckets
	database *kms.Key // database storage, its insights and its master secret
}

func (b baseline) addKeys() (keys, error) {
	cfg, env, names := b.cfg.KMS, b.env, b.names
	var made keys
	for _, key := range []struct {
		key     **kms.Key
		purpose string
		protect string
		use     []iampolicy.Statement
	}{
		{&made.logs, "logs", "Audit trail, log groups and alarm messages", b.logsKeyUse()},
		{&made.data, "data", "Objects in the data buckets",
			[]iampolicy.Statement{kms.BucketsUse(env, names.DataBuckets()...)}},
		{&made.database, "database", "Database storage, Performance Insights and master secret", kms.DatabaseUse(env)},
	} {
		var err error
		*key.key, err = kms.New(b.stack, key.purpose+"-key", kms.Props{
			Naming:             b.scope.Child(key.purpose),
			Env:                env,
			Description:        key.protect,
			Administrators:     cfg.Administrators,
			BreakGlass:         cfg.BreakGlass,
			AccountMayDelete:   cfg.AccountMayDelete,
			AllowDestroy:       !cfg.PreventDestroy,
			DeletionWindowDays: cfg.DeletionWindowDays,
			RotationDays:       cfg.RotationDays,
			Use:                key.use,
		})
		if err != nil {
			return keys{}, fmt.Errorf("%s key: %w", key.purpose, err)
		}
	}
	return made, nil
}

// logsKeyUse lists who may use the logs key: whoever writes logs and alarms, and who is there to read them.
func (b baseline) logsKeyUse() []iampolicy.Statement {
	cfg, env, names := b.cfg.Logging, b.env, b.names
	use := append(kms.CloudTrailUse(env, names.Trail), kms.LogGroupsUse(env, names.LogGroups...),
		kms.AlarmsUse(env, names.Alarms), kms.DatabaseEventsUse(env, names.Database))
	if cfg.TrailNotifications {
		use = append(use, kms.TrailNotificationsUse(env, names.Trail, names.TrailTopic))
	}
	if len(cfg.Auditors) > 0 {
		use = append(use, kms.AuditorUse(env, names.Auditor, names.Trail, names.LogGroups...)...)
	}
	return use
}
