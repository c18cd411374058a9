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
	"securebaseline/internal/iampolicy"
	"securebaseline/internal/inventory"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/subscriber"
	"securebaseline/internal/tf"
)

// signatureVersion lets subscribers verify messages by SHA256; SNS would sign with SHA1 (SNS Developer Guide,
// "Verifying the signatures of Amazon SNS messages").
const signatureVersion = 2

// TopicProps configures a Topic. It needs at least one publisher.
type TopicProps struct {
	// Naming gives the topic its tags. Required.
	Naming naming.Scope
	// Env is where the topic is. Required.
	Env awsenv.Env
	// Name is the topic's name, as the policy of its key names it, at most naming.SNSTopic characters long. Required.
	Name string
	// Key encrypts the topic; its policy must let each publisher use it. SNS's own key cannot be used, because no
	// service may publish with it. Required.
	Key tf.Ref

	// Alarms matches the names of the alarms of this account that publish, and may hold wildcards. Default none.
	Alarms string
	// Trail publishes a notification of each file. Default none.
	Trail awsenv.Trail
	// Databases publish their events and those of their parameter groups. Default none.
	Databases []inventory.Database

	// Subscribers receive each message, once they have confirmed the subscription. Default none.
	Subscribers []subscriber.Subscriber
}

func (p TopicProps) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the topic's tags")
	l.Require("props.Env", !p.Env.IsZero(), "where the topic is")
	l.CheckThat(p.Name != "" && len(p.Name) <= int(naming.SNSTopic), "props.Name", p.Name,
		"must be 1 to %d characters long", naming.SNSTopic)
	l.Require("props.Key.ARN", p.Key.ARN != "", "the ARN of the key that encrypts the topic")
	l.CheckThat(p.Alarms != "" || !p.Trail.IsZero() || len(p.Databases) > 0, "props", nil,
		"must have a publisher: Alarms, Trail or Databases")
	for i, database := range p.Databases {
		l.CheckThat(database.Identifier != "" && database.ParameterGroupPrefix != "",
			fmt.Sprintf("props.Databases[%d]", i), database.Identifier,
			"must have an identifier and a prefix of parameter groups")
	}
	for i, s := range p.Subscribers {
		path := fmt.Sprintf("props.Subscribers[%d]", i)
		l.Check(path, s.Endpoint, s.Check())
		l.CheckThat(!slices.Contains(p.Subscribers[:i], s), path, s.Endpoint, "must not be a duplicate")
	}
	return l.Err()
}

// Topic is an encrypted topic that only its publishers can publish to.
type Topic struct{ ref tf.Ref }

// NewTopic adds a topic, its policy and its subscriptions to scope.
func NewTopic(scope constructs.Construct, id string, props TopicProps) (*Topic, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("topic %q: %w", id, err)
	}
	policy, err := iampolicy.Render(iampolicy.TopicPolicy, topicStatements(props)...)
	if err != nil {
		return nil, fmt.Errorf("topic %q: policy: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	topic := snstopic.NewSnsTopic(node, jsii.String("Resource"), &snstopic.SnsTopicConfig{
		Name:             &props.Name,
		KmsMasterKeyId:   &props.Key.ARN,
		SignatureVersion: jsii.Number(signatureVersion),
		Tags:             tf.StringMap(props.Naming.Tags()),
		DependsOn:        props.Key.Ready.Ptr(),
	})
	topicPolicy := snstopicpolicy.NewSnsTopicPolicy(node, jsii.String("policy"), &snstopicpolicy.SnsTopicPolicyConfig{
		Arn: topic.Arn(), Policy: &policy,
	})
	for _, s := range props.Subscribers {
		snstopicsubscription.NewSnsTopicSubscription(node, jsii.String(s.ID()),
			&snstopicsubscription.SnsTopicSubscriptionConfig{
				TopicArn: topic.Arn(),
				Protocol: jsii.String(string(s.Protocol)),
				Endpoint: &s.Endpoint,
			})
	}
	return &Topic{tf.Ref{Name: props.Name, ARN: *topic.Arn(), Ready: tf.Deps{topic, topicPolicy}}}, nil
}

// Ref is the topic for publishers. They wait for its policy, too: an alarm that may not publish says so in its history
// only.
func (t *Topic) Ref() tf.Ref { return t.ref }
