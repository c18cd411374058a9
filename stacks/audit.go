package stacks

import (
	"securebaseline/constructs/logging"
	"securebaseline/internal/awsenv"
	"securebaseline/internal/config"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/tf"
)

// audit is the audit trail, and who is notified of what is in it.
type audit struct {
	trail         *logging.Trail  // nil without one
	group         *logging.Group  // of the trail
	alarms        *logging.Alarms // nil where they have nothing to watch
	alarmTopic    *logging.Topic
	notifications *logging.Topic   // nil unless asked for
	auditor       *logging.Auditor // nil without auditors
}

// nameTrail names the trail, if there is one, for all who mention it before it exists.
func (b *baseline) nameTrail() error {
	cfg := b.cfg.Logging
	if !cfg.HasTrail() {
		return nil
	}
	b.trail = awsenv.Trail{Env: b.env, Name: b.names.Trail, Organization: cfg.OrganizationID}
	if cfg.ManagementAccountID == "" {
		return nil
	}
	var err error
	b.trail.Env, err = awsenv.New(b.env.Region(), cfg.ManagementAccountID)
	return err
}

// addAudit adds the audit trail. Its topics come first, so that the trail and the alarms can publish from the start.
func (b baseline) addAudit(keys keys, storage storage) (audit, error) {
	group, err := b.addTrailLogs(keys)
	if err != nil {
		return audit{}, err
	}
	alarmTopic, err := logging.NewTopic(b.stack, "alarm-topic", logging.TopicProps{
		Naming:      b.scope.Child("alarms"),
		Env:         b.env,
		Name:        b.names.AlarmTopic,
		Key:         keys.logs.Ref(),
		Alarms:      b.names.AlarmPattern,
		Databases:   b.names.DatabaseList(),
		Subscribers: subscribers(b.cfg.Logging),
	})
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
		Trail:  b.trail,
	})
}

// addTrailLogs adds the log group of the trail, if there is one.
func (b baseline) addTrailLogs(keys keys) (*logging.Group, error) {
	if !b.cfg.Logging.HasTrail() {
		return nil, nil
	}
	return b.addLogGroup(keys, "trail", b.names.TrailLogs)
}

// addTrail adds the trail, if there is one.
func (b baseline) addTrail(
	keys keys, storage storage, group *logging.Group, notifications *logging.Topic,
) (*logging.Trail, error) {
	if !b.cfg.Logging.HasTrail() {
		return nil, nil
	}
	props := logging.TrailProps{
		Naming:              b.scope.Child("trail"),
		Env:                 b.env,
		Trail:               b.trail,
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

// addAlarms adds the alarms on the stack's own trail, or on another that is delivered to a log group.
func (b baseline) addAlarms(keys keys, group *logging.Group, topic *logging.Topic) (*logging.Alarms, error) {
	if !b.cfg.Logging.Watched() {
		return nil, nil
	}
	watched := b.cfg.Logging.TrailLogGroup
	if group != nil {
		watched = group.NameAttribute()
	}
	publishTo := topic.Ref()
	publishTo.Ready = tf.After(keys.logs.Ref().Ready, publishTo.Ready)
	return logging.NewAlarms(b.stack, "alarms", logging.AlarmsProps{
		Naming:       b.scope,
		Names:        b.names.Alarms,
		LogGroupName: watched,
		Topic:        publishTo,
		Tuning:       tuning(b.cfg.Logging.Alarms),
	})
}

// addAuditor adds the role of the auditors, if there are any.
func (b baseline) addAuditor(keys keys) (*logging.Auditor, error) {
	if len(b.cfg.Logging.Auditors) == 0 {
		return nil, nil
	}
	props := logging.AuditorProps{
		Naming:              b.scope.Child("auditor"),
		Env:                 b.env,
		Role:                b.names.Auditor,
		Principals:          b.cfg.Logging.Auditors,
		KeyARN:              keys.logs.Ref().ARN,
		Trail:               b.trail,
		LogGroups:           b.names.LogGroups,
		PermissionsBoundary: b.cfg.PermissionsBoundary,
	}
	if b.cfg.Logging.HasTrail() {
		props.BucketName = b.names.Archive
	}
	return logging.NewAuditor(b.stack, "auditor", props)
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
