package logging

import (
	"fmt"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopic"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopicpolicy"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/snstopicsubscription"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/naming"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/tf"
)

// signatureVersion lets subscribers verify messages by SHA256; SNS would sign with SHA1 (SNS Developer Guide, "Verifying
// the signatures of Amazon SNS messages").
const signatureVersion = 2

// TopicProps configures a Topic. It needs at least one publisher.
type TopicProps struct {
	// Naming gives the topic its name and tags. Required.
	Naming naming.Scope
	// Env is where the topic is. Required.
	Env awsenv.Env
	// KeyARN is the key that encrypts the topic; its policy must let each publisher use it. SNS's own key cannot be
	// used, because no service may publish with it. Required.
	KeyARN string

	// Alarms matches the names of the alarms of this account that publish, and may hold wildcards. Default none.
	Alarms string
	// Trail is the name of the trail that publishes a notification of each file. Default none.
	Trail string
	// Database is the identifier of the RDS instance that publishes its events. Default none.
	Database string

	// Subscribers are told of each message. They must confirm before SNS tells them anything. Default none.
	Subscribers []subscriber.Subscriber
	// DependsOn must contain the key's Ready.
	DependsOn tf.Deps
}

func (p TopicProps) validate() error {
	var f faults.List
	f.Require("KeyARN", p.KeyARN == "", "the ARN of the key that encrypts the topic")
	if p.Alarms == "" && p.Trail == "" && p.Database == "" {
		f.Add("Alarms, props.Trail and props.Database are empty; one of them must publish")
	}
	for i, s := range p.Subscribers {
		f.Check(fmt.Sprintf("Subscribers[%d]", i), s.Endpoint, s.Check())
		if slices.Contains(p.Subscribers[:i], s) {
			f.Add("Subscribers[%d] is %q, which stands there twice", i, s.Endpoint)
		}
	}
	return f.Err()
}

// Topic is an encrypted topic that only its publishers can publish to.
type Topic struct {
	topic  snstopic.SnsTopic
	policy snstopicpolicy.SnsTopicPolicy
	name   string
}

// NewTopic adds a topic, its policy and its subscriptions to scope.
func NewTopic(scope constructs.Construct, id string, props TopicProps) (*Topic, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("topic %q: %w", id, err)
	}
	name := props.Naming.Name(naming.SNSTopic)
	policy, err := iampolicy.Render(iampolicy.TopicPolicy, topicStatements(props, props.Env.ARN("sns", name))...)
	if err != nil {
		return nil, fmt.Errorf("topic %q: policy: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	topic := snstopic.NewSnsTopic(node, jsii.String("Resource"), &snstopic.SnsTopicConfig{
		Name:             &name,
		KmsMasterKeyId:   &props.KeyARN,
		SignatureVersion: jsii.Number(signatureVersion),
		Tags:             tf.StringMap(props.Naming.Tags()),
		DependsOn:        props.DependsOn.Ptr(),
	})
	made := &Topic{topic: topic, name: name}
	made.policy = snstopicpolicy.NewSnsTopicPolicy(node, jsii.String("policy"), &snstopicpolicy.SnsTopicPolicyConfig{
		Arn: topic.Arn(), Policy: &policy,
	})
	for _, s := range props.Subscribers {
		snstopicsubscription.NewSnsTopicSubscription(node, jsii.String(s.ID()), &snstopicsubscription.SnsTopicSubscriptionConfig{
			TopicArn: topic.Arn(),
			Protocol: jsii.String(string(s.Protocol)),
			Endpoint: &s.Endpoint,
		})
	}
	return made, nil
}

// ARN is the topic's ARN, a token until apply.
func (t *Topic) ARN() string { return *t.topic.Arn() }

// Name is the topic's name.
func (t *Topic) Name() string { return t.name }

// Ready lists what must exist before anything publishes: not the topic alone, but its policy. An alarm that may not
// publish says so in its history only.
func (t *Topic) Ready() tf.Deps { return tf.Deps{t.topic, t.policy} }
