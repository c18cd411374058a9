package logging

import (
	"fmt"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudtrail"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/faults"
	"securebaseline/internal/naming"
	"securebaseline/internal/servicerole"
	"securebaseline/internal/tf"
)

// TrailProps configures a Trail.
type TrailProps struct {
	// Naming gives the trail's role its name and both their tags. Required.
	Naming naming.Scope
	// Env is the trail's home; it records all regions. Required.
	Env awsenv.Env
	// Name is the trail's name, as the policies of its key and bucket name it; naming.CheckTrail says what it may be.
	// Required.
	Name string
	// KeyARN is the key that encrypts the trail's files; its policy must let CloudTrail use it for this trail. Required.
	KeyARN string
	// BucketName is the bucket that files are delivered to; its policy must let this trail write. Required.
	BucketName string
	// LogGroup is where events are delivered within minutes, for alarms. Required.
	LogGroup LogGroup

	// TopicName is a topic of this account and region that is told of each file; its policy and its key's must let this
	// trail publish. Default none.
	TopicName string
	// DataEventBuckets names the buckets whose objects' reads and writes are recorded too. They are priced by event.
	// The trail's own bucket cannot be one: each delivery would be an event to deliver. Default none.
	DataEventBuckets []string
	// Insights also reports unusual rates of calls and of errors. They are priced by event.
	Insights bool
	// PermissionsBoundary is the ARN of a managed policy that limits the delivery role. Default none.
	PermissionsBoundary string
	// DependsOn must contain the Ready of key, bucket and, with TopicName, topic. CreateTrail tries them all, and the
	// provider does not retry what they refuse (CloudTrail API Reference, CreateTrail).
	DependsOn tf.Deps
}

// LogGroup is an encrypted log group of this account and region.
type LogGroup struct {
	// Name is the group's name.
	Name string
	// ARN is the group's ARN without ":*".
	ARN string
	// Ready is the group's Ready.
	Ready tf.Deps
}

func (p TrailProps) validate() error {
	var f faults.List
	f.Check("Name", p.Name, naming.CheckTrail(p.Name))
	f.Require("KeyARN", p.KeyARN == "", "the ARN of the key that encrypts the trail's files")
	f.Require("BucketName", p.BucketName == "", "the bucket that files are delivered to")
	f.Require("LogGroup.Name", p.LogGroup.Name == "", "the name of a log group")
	f.Require("LogGroup.ARN", p.LogGroup.ARN == "", "the ARN of a log group")
	if p.BucketName != "" && slices.Contains(p.DataEventBuckets, p.BucketName) {
		f.Add("DataEventBuckets holds %q, the trail's own bucket; each delivery would be an event to deliver", p.BucketName)
	}
	return f.Err()
}

// Trail records what is done in the account, in all regions.
type Trail struct{ trail cloudtrail.Cloudtrail }

// NewTrail adds a trail and the role that delivers its events to the log group to scope.
func NewTrail(scope constructs.Construct, id string, props TrailProps) (*Trail, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("trail %q: %w", id, err)
	}
	node := constructs.NewConstruct(scope, &id)
	role, err := servicerole.New(node, "delivery-role", servicerole.Props{
		Naming:      props.Naming.Child("delivery"),
		Description: "Delivers the audit trail to its log group",
		// No condition: CloudTrail's documentation shows none on this trust, and delivery has been seen to stop with one
		// (CloudTrail User Guide, "Sending events to CloudWatch Logs").
		Service:             props.Env.ServicePrincipal("cloudtrail"),
		Statements:          deliveryStatements(props.Env, props.LogGroup.Name),
		PermissionsBoundary: props.PermissionsBoundary,
	})
	if err != nil {
		return nil, fmt.Errorf("trail %q: %w", id, err)
	}
	config := cloudtrail.CloudtrailConfig{
		Name:                       &props.Name,
		EnableLogging:              jsii.Bool(true),
		IsMultiRegionTrail:         jsii.Bool(true),
		IncludeGlobalServiceEvents: jsii.Bool(true),
		EnableLogFileValidation:    jsii.Bool(true),
		KmsKeyId:                   &props.KeyARN,
		S3BucketName:               &props.BucketName,
		// CloudTrail takes the group's ARN only with ":*", which the provider cuts off.
		CloudWatchLogsGroupArn: jsii.String(props.LogGroup.ARN + ":*"),
		CloudWatchLogsRoleArn:  jsii.String(role.ARN()),
		SnsTopicName:           tf.OptString(props.TopicName),
		AdvancedEventSelector:  eventSelectors(props),
		Tags:                   tf.StringMap(props.Naming.Tags()),
		// CreateTrail writes a test file to the bucket, tries the key and checks that the role may deliver. Names alone do
		// not wait for policies.
		DependsOn: tf.After(props.DependsOn, props.LogGroup.Ready, role.Ready()).Ptr(),
	}
	if props.Insights {
		config.InsightSelector = &[]*cloudtrail.CloudtrailInsightSelector{
			{InsightType: jsii.String("ApiCallRateInsight")},
			{InsightType: jsii.String("ApiErrorRateInsight")},
		}
	}
	return &Trail{cloudtrail.NewCloudtrail(node, jsii.String("Resource"), &config)}, nil
}

// eventSelectors say what is recorded. Advanced selectors replace the default ones, so that management events must be
// among them (CloudTrail API Reference, PutEventSelectors).
func eventSelectors(props TrailProps) *[]*cloudtrail.CloudtrailAdvancedEventSelector {
	equals := func(field string, values ...string) *cloudtrail.CloudtrailAdvancedEventSelectorFieldSelector {
		return &cloudtrail.CloudtrailAdvancedEventSelectorFieldSelector{Field: &field, EqualTo: jsii.Strings(values...)}
	}
	selectors := []*cloudtrail.CloudtrailAdvancedEventSelector{{
		Name:          jsii.String("Management events"),
		FieldSelector: &[]*cloudtrail.CloudtrailAdvancedEventSelectorFieldSelector{equals("eventCategory", "Management")},
	}}
	if len(props.DataEventBuckets) == 0 {
		return &selectors
	}
	objects := make([]string, len(props.DataEventBuckets))
	for i, bucket := range slices.Sorted(slices.Values(props.DataEventBuckets)) {
		objects[i] = props.Env.BucketARN(bucket) + "/"
	}
	selectors = append(selectors, &cloudtrail.CloudtrailAdvancedEventSelector{
		Name: jsii.String("Objects of data buckets"),
		FieldSelector: &[]*cloudtrail.CloudtrailAdvancedEventSelectorFieldSelector{
			equals("eventCategory", "Data"),
			equals("resources.type", "AWS::S3::Object"),
			{Field: jsii.String("resources.ARN"), StartsWith: jsii.Strings(objects...)},
		},
	})
	return &selectors
}

// ARN is the trail's ARN, a token until apply.
func (t *Trail) ARN() string { return *t.trail.Arn() }

// Ready lists what must exist before what is done is recorded.
func (t *Trail) Ready() tf.Deps { return tf.Deps{t.trail} }
