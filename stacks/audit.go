package stacks

import (
	"securebaseline/constructs/logging"
	"securebaseline/internal/config"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/tf"
)

// audit is the audit trail, and who is notified of what is in it.
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
	group, err := b.addLogGroup(keys, "trail", b.names.TrailLogs)
	if err != nil {
		return audit{}, err
	}
	alarms := logging.TopicProps{
		Naming:      b.scope.Child("alarms"),
		Env:         b.env,
		Name:        b.names.AlarmTopic,
		Key:         keys.logs.Ref(),
		Alarms:      b.names.AlarmPattern,
		Subscribers: subscribers(b.cfg.Logging),
	}
	if b.cfg.RDS.Enabled {
		alarms.Database = b.names.Database.Identifier
		alarms.ParameterGroupPrefix = b.names.Database.ParameterGroupPrefix
	}
	alarmTopic, err := logging.NewTopic(b.stack, "alarm-topic", alarms)
	if err != nil {
		return audit{}, err
	}
	notifications, err := b.addNotifications(keys)
	if err != nil {
		return audit{}, err
	}
	trail, err := b.addTrail(keys, storage, group, notifications)
	if err != nil {
		return audit{}, err
	}
	watched, err := b.addAlarms(keys, group, alarmTopic)
	if err != nil {
		return audit{}, err
	}
	auditor, err := b.addAuditor(keys)
	if err != nil {
		return audit{}, err
	}
	return audit{
		trail: trail, group: group, alarms: watched, alarmTopic: alarmTopic, notifications: notifications,
		auditor: auditor,
	}, nil
}

// addNotifications adds a topic for the notifications of the trail, if they are asked for. It is not that of the
// alarms, which a notification every few minutes would bury.
func (b baseline) addNotifications(keys keys) (*logging.Topic, error) {
	if !b.cfg.Logging.TrailNotifications {
		return nil, nil
	}
	return logging.NewTopic(b.stack, "trail-topic", logging.TopicProps{
		Naming: b.scope.Child("trail"),
		Env:    b.env,
		Name:   b.names.TrailTopic,
		Key:    keys.logs.Ref(),
		Trail:  b.names.Trail,
	})
}

func (b baseline) addTrail(
	keys keys, storage storage, group *logging.Group, notifications *logging.Topic,
) (*logging.Trail, error) {
	props := logging.TrailProps{
		Naming:              b.scope.Child("trail"),
		Env:                 b.env,
		Name:                b.names.Trail,
		DeliveryRole:        b.names.TrailDelivery,
		Key:                 keys.logs.Ref(),
		Bucket:              storage.archive.Ref(),
		LogGroup:            group.Ref(),
		Insights:            b.cfg.Logging.Insights,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	}
	if b.cfg.Logging.DataEvents {
		props.DataEventBuckets = b.names.DataBuckets()
	}
	if notifications != nil {
		props.Topic = notifications.Ref()
	}
	return logging.NewTrail(b.stack, "trail", props)
}

func (b baseline) addAlarms(keys keys, group *logging.Group, topic *logging.Topic) (*logging.Alarms, error) {
	publishTo := topic.Ref()
	publishTo.Ready = tf.After(keys.logs.Ref().Ready, publishTo.Ready)
	return logging.NewAlarms(b.stack, "alarms", logging.AlarmsProps{
		Naming:       b.scope,
		Names:        b.names.Alarms,
		LogGroupName: group.NameAttribute(),
		Topic:        publishTo,
		Tuning:       tuning(b.cfg.Logging.Alarms),
	})
}

// addAuditor adds the role of the auditors, if there are any.
func (b baseline) addAuditor(keys keys) (*logging.Auditor, error) {
	if len(b.cfg.Logging.Auditors) == 0 {
		return nil, nil
	}
	return logging.NewAuditor(b.stack, "auditor", logging.AuditorProps{
		Naming:              b.scope.Child("auditor"),
		Env:                 b.env,
		Role:                b.names.Auditor,
		Principals:          b.cfg.Logging.Auditors,
		KeyARN:              keys.logs.Ref().ARN,
		Trail:               b.names.Trail,
		BucketName:          b.names.Archive,
		LogGroups:           b.names.LogGroups,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
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
