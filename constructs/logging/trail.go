package logging

import (
	"fmt"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/cloudtrail"

	"securebaseline/internal/awsenv"
	"securebaseline/internal/iamrole"
	"securebaseline/internal/naming"
	"securebaseline/internal/problem"
	"securebaseline/internal/tf"
)

// TrailProps configures a Trail.
type TrailProps struct {
	// Naming gives the trail and its role their tags. Required.
	Naming naming.Scope
	// Env is where the trail is made; it records all regions. Required.
	Env awsenv.Env
	// Trail is the trail's owner, its name, as the policies of its key and bucket name it and naming.CheckTrail allows,
	// and the organization that it records. Required.
	Trail awsenv.Trail
	// DeliveryRole are the names of the role that delivers events to the log group, and of its policy. Required.
	DeliveryRole naming.RoleNames
	// Key encrypts the trail's files; its policy must let CloudTrail use it for this trail. Required.
	Key tf.Ref
	// Bucket is where files are delivered; its policy must let this trail write. Required.
	Bucket tf.Ref
	// LogGroup is where events are delivered within minutes, for alarms. Required.
	LogGroup tf.Ref

	// Topic is a topic of this account and region that receives a message about each file; its policy and its key's
	// must let this trail publish. Default none.
	Topic tf.Ref
	// DataEventBuckets names the buckets whose objects' reads and writes are recorded too. They are priced by event.
	// The trail's own bucket cannot be one: each delivery would be an event to deliver. Default none.
	DataEventBuckets []string
	// Insights also reports unusual rates of calls and of errors. They are priced by event.
	Insights bool
	// PermissionsBoundary is the ARN of a managed policy that limits the delivery role. Default none.
	PermissionsBoundary string
}

func (p TrailProps) validate() error {
	var l problem.List
	l.Require("props.Naming", !p.Naming.IsZero(), "the scope of the trail's tags")
	l.Require("props.Env", !p.Env.IsZero(), "the trail's home")
	l.Require("props.Trail.Env", !p.Trail.Env.IsZero(), "the account that owns the trail")
	l.Check("props.Trail.Name", p.Trail.Name, naming.CheckTrail(p.Trail.Name))
	l.Require("props.DeliveryRole", p.DeliveryRole.Role != "" && p.DeliveryRole.Policy != "",
		"the names of the role and of its policy")
	l.Require("props.Key.ARN", p.Key.ARN != "", "the ARN of the key that encrypts the trail's files")
	l.Require("props.Bucket.Name", p.Bucket.Name != "", "the bucket that files are delivered to")
	l.Require("props.LogGroup.Name", p.LogGroup.Name != "", "the name of a log group")
	l.Require("props.LogGroup.ARN", p.LogGroup.ARN != "", "the ARN of a log group")
	if i := slices.Index(p.DataEventBuckets, p.Bucket.Name); i >= 0 && p.Bucket.Name != "" {
		l.CheckThat(false, fmt.Sprintf("props.DataEventBuckets[%d]", i), p.Bucket.Name,
			"must not be the trail's own bucket: each delivery would be an event to deliver")
	}
	return l.Err()
}

// Trail records what is done in the account, in all regions.
type Trail struct{ trail cloudtrail.Cloudtrail }

// NewTrail adds a trail and the role that delivers its events to the log group to scope.
func NewTrail(scope constructs.Construct, id string, props TrailProps) (*Trail, error) {
	if err := props.validate(); err != nil {
		return nil, fmt.Errorf("trail %q: %w", id, err)
	}
	delivery, err := iamrole.Define(iamrole.Props{
		Naming:      props.Naming.Child("delivery"),
		Names:       props.DeliveryRole,
		Description: "Delivers the audit trail to its log group",
		// No condition: CloudTrail's documentation shows none on this trust, and delivery has been seen to stop with
		// one (CloudTrail User Guide, "Sending events to CloudWatch Logs").
		Service:             props.Env.ServicePrincipal("cloudtrail"),
		Statements:          deliveryStatements(props.Env, props.Trail, props.LogGroup.Name),
		PermissionsBoundary: props.PermissionsBoundary,
	})
	if err != nil {
		return nil, fmt.Errorf("trail %q: %w", id, err)
	}

	node := constructs.NewConstruct(scope, &id)
	role := delivery.Add(node, "delivery-role")
	config := cloudtrail.CloudtrailConfig{
		Name:                       &props.Trail.Name,
		EnableLogging:              jsii.Bool(true),
		IsMultiRegionTrail:         jsii.Bool(true),
		IncludeGlobalServiceEvents: jsii.Bool(true),
		EnableLogFileValidation:    jsii.Bool(true),
		KmsKeyId:                   &props.Key.ARN,
		S3BucketName:               &props.Bucket.Name,
		// CloudTrail takes the group's ARN only with ":*", which the provider cuts off.
		CloudWatchLogsGroupArn: jsii.String(props.LogGroup.ARN + ":*"),
		CloudWatchLogsRoleArn:  jsii.String(role.ARN()),
		SnsTopicName:           tf.OptString(props.Topic.Name),
		AdvancedEventSelector:  eventSelectors(props),
		Tags:                   tf.StringMap(props.Naming.Tags()),
		// CreateTrail writes a test file to the bucket, tries the key and checks that the role may deliver; the
		// provider does not retry what they refuse (CloudTrail API Reference, CreateTrail). Names alone do not wait for
		// policies.
		DependsOn: tf.After(props.Key.Ready, props.Bucket.Ready, props.Topic.Ready, props.LogGroup.Ready,
			role.Ready()).Ptr(),
	}
	if props.Trail.Organization != "" {
		config.IsOrganizationTrail = jsii.Bool(true)
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
		// By this name some scanners find it.
		Name: jsii.String("Management events selector"),
		FieldSelector: &[]*cloudtrail.CloudtrailAdvancedEventSelectorFieldSelector{equals("eventCategory",
			"Management")},
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
