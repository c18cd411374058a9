package stacks

import (
	"securebaseline/constructs/logging"
	"securebaseline/internal/config"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/tf"
)

// audit is the audit trail, and who is told of what is in it.
type audit struct {
	trail         *logging.Trail
	group         *logging.Group
	alarms        *logging.Alarms
	alarmTopic    *logging.Topic
	notifications *logging.Topic   // nil unless asked for
	auditor       *logging.Auditor // nil without auditors
}

// addAudit adds the audit trail. Its topics come first, so that the trail and the alarms can publish from the start.
func (b baseline) addAudit(keys keys, storage storage) (audit, error) {
	cfg, names := b.cfg.Logging, b.names
	var made audit
	var err error
	if made.group, err = b.addLogGroup(keys, "trail", names.TrailLogs); err != nil {
		return audit{}, err
	}
	made.alarmTopic, err = logging.NewTopic(b.stack, "alarm-topic", logging.TopicProps{
		Naming:      b.scope.Child("alarms"),
		Env:         b.env,
		KeyARN:      keys.logs.ARN(),
		Alarms:      names.Alarms,
		Database:    names.Database,
		Subscribers: subscribers(cfg),
		DependsOn:   keys.logs.Ready(),
	})
	if err != nil {
		return audit{}, err
	}
	if made.trail, made.notifications, err = b.addTrail(keys, storage, made.group); err != nil {
		return audit{}, err
	}
	made.alarms, err = logging.NewAlarms(b.stack, "alarms", logging.AlarmsProps{
		Naming:       b.scope,
		LogGroupName: made.group.NameAttribute(),
		TopicARN:     made.alarmTopic.ARN(),
		Tuning:       tuning(cfg.Alarms),
		DependsOn:    tf.After(keys.logs.Ready(), made.alarmTopic.Ready()),
	})
	if err != nil || len(cfg.Auditors) == 0 {
		return made, err
	}
	made.auditor, err = logging.NewAuditor(b.stack, "auditor", logging.AuditorProps{
		Naming:              b.scope.Child("auditor"),
		Env:                 b.env,
		Principals:          cfg.Auditors,
		KeyARN:              keys.logs.ARN(),
		BucketName:          names.Archive,
		LogGroups:           names.LogGroups,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	})
	return made, err
}

// addTrail adds the trail, and a topic of its own for its notifications: one every few minutes would bury the alarms.
func (b baseline) addTrail(keys keys, storage storage, group *logging.Group) (*logging.Trail, *logging.Topic, error) {
	cfg, names := b.cfg.Logging, b.names
	props := logging.TrailProps{
		Naming:              b.scope.Child("trail"),
		Env:                 b.env,
		Name:                names.Trail,
		KeyARN:              keys.logs.ARN(),
		BucketName:          storage.archive.Name(),
		LogGroup:            logging.LogGroup{Name: group.Name(), ARN: group.ARN(), Ready: group.Ready()},
		Insights:            cfg.Insights,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
		DependsOn:           tf.After(keys.logs.Ready(), storage.archive.Ready()),
	}
	if cfg.DataEvents {
		props.DataEventBuckets = names.DataBuckets()
	}
	var topic *logging.Topic
	if cfg.TrailNotifications {
		var err error
		topic, err = logging.NewTopic(b.stack, "trail-topic", logging.TopicProps{
			Naming:    b.scope.Child("trail"),
			Env:       b.env,
			KeyARN:    keys.logs.ARN(),
			Trail:     names.Trail,
			DependsOn: keys.logs.Ready(),
		})
		if err != nil {
			return nil, nil, err
		}
		props.TopicName = topic.Name()
		props.DependsOn = tf.After(props.DependsOn, topic.Ready())
	}
	trail, err := logging.NewTrail(b.stack, "trail", props)
	return trail, topic, err
}

// addLogGroup adds a log group under the logs key, with the retention of all.
func (b baseline) addLogGroup(keys keys, purpose, name string) (*logging.Group, error) {
	return logging.NewGroup(b.stack, purpose+"-logs", logging.GroupProps{
		Naming:        b.scope.Child(purpose + "-logs"),
		Name:          name,
		KeyARN:        keys.logs.ARN(),
		RetentionDays: int(b.cfg.Logging.RetentionDays),
		AllowDestroy:  !b.cfg.Logging.KeepOnDestroy,
		DependsOn:     keys.logs.Ready(),
	})
}

func subscribers(cfg config.Logging) []subscriber.Subscriber {
	var all []subscriber.Subscriber
	for _, address := range cfg.AlarmEmails {
		all = append(all, subscriber.Subscriber{Protocol: subscriber.Email, Endpoint: address})
	}
	for _, address := range cfg.AlarmWebhooks {
		all = append(all, subscriber.Subscriber{Protocol: subscriber.HTTPS, Endpoint: address})
	}
	return all
}

func tuning(alarms map[string]config.Alarm) map[string]logging.Tuning {
	all := make(map[string]logging.Tuning, len(alarms))
	for key, alarm := range alarms {
		all[key] = logging.Tuning{Off: !alarm.Enabled, Threshold: alarm.Threshold, PeriodSeconds: alarm.PeriodSeconds}
	}
	return all
}
