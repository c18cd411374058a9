package evidence

import (
	"fmt"
	"slices"

	"securebaseline/internal/template"
)

// Pages of prices.
const (
	cloudTrailPrices  = "https://aws.amazon.com/cloudtrail/pricing/"
	cloudWatchPrices  = "https://aws.amazon.com/cloudwatch/pricing/"
	kmsPrices         = "https://aws.amazon.com/kms/pricing/"
	privateLinkPrices = "https://aws.amazon.com/privatelink/pricing/"
	rdsPrices         = "https://aws.amazon.com/rds/postgresql/pricing/"
	s3Prices          = "https://aws.amazon.com/s3/pricing/"
	secretsPrices     = "https://aws.amazon.com/secrets-manager/pricing/"
	snsPrices         = "https://aws.amazon.com/sns/pricing/"
	transferPrices    = "https://aws.amazon.com/ec2/pricing/on-demand/"
	vpcPrices         = "https://aws.amazon.com/vpc/pricing/"
)

// charges are what AWS bills by the type of resource, as its pages of prices say. A type without charges costs nothing
// by itself; what it makes others do is billed there.
var charges = map[string][]charge{
	"aws_cloudtrail": {
		used("100,000 management events, from the account's second trail on", cloudTrailPrices),
		usedIf(recordsData, "100,000 data events", cloudTrailPrices),
		usedIf(has("insight_selector"), "100,000 events that are analyzed for insights", cloudTrailPrices),
	},
	"aws_cloudwatch_log_group": {
		used("GB of logs taken in", cloudWatchPrices),
		used("GB-month of logs kept", cloudWatchPrices),
		used("GB of logs searched by queries", cloudWatchPrices),
	},
	"aws_cloudwatch_log_metric_filter": {used("custom metric and hour in which something matches", cloudWatchPrices)},
	"aws_cloudwatch_metric_alarm":      {{WhileItExists, alarmMonth, one, cloudWatchPrices}},
	"aws_db_instance": {
		{WhileItExists, instanceHour, one, rdsPrices},
		{WhileItExists, storageMonth, number("allocated_storage"), rdsPrices},
		existing(number("iops"), "month of one operation a second, less those of the storage's size", rdsPrices),
		existing(number("storage_throughput"), "month of one MiB a second, less those of the storage's size",
			rdsPrices),
		existing(onlyIf(equals("database_insights_mode", "advanced")),
			"hour of an instance under Database Insights Advanced, by its vCPUs", cloudWatchPrices),
		existing(onlyIf(equals("engine_lifecycle_support", "open-source-rds-extended-support")),
			"hour of an instance under Extended Support, by its vCPUs, once standard support has ended", rdsPrices),
		existing(onlyIf(equals("manage_master_user_password", true)), "month of the master user's secret",
			secretsPrices),
		used("GB-month of backups and snapshots, less the size of the storage", rdsPrices),
		usedIf(has("monitoring_interval"), "GB of metrics of the operating system, as logs taken in", cloudWatchPrices),
		usedIf(equals("manage_master_user_password", true), "10,000 calls for the master user's secret",
			secretsPrices),
	},
	"aws_egress_only_internet_gateway": {used("GB sent to the internet", transferPrices)},
	"aws_eip":                          {existing(one, "hour of a public IPv4 address", vpcPrices)},
	"aws_flow_log":                     {used("GB of vended logs, in place of logs taken in", cloudWatchPrices)},
	"aws_internet_gateway":             {used("GB sent to the internet", transferPrices)},
	"aws_kms_key": {
		existing(one, "month of a key, and of its first two rotations", kmsPrices),
		used("10,000 requests", kmsPrices),
	},
	"aws_nat_gateway": {
		existing(one, "hour of a NAT gateway", vpcPrices),
		used("GB that passes a NAT gateway", vpcPrices),
	},
	"aws_s3_bucket": {
		used("GB-month of objects and former versions, by storage class", s3Prices),
		used("1,000 requests", s3Prices),
	},
	"aws_s3_bucket_lifecycle_configuration": {
		usedIf(movesTo(classes...), "1,000 objects that move to another storage class", s3Prices),
		usedIf(movesTo("INTELLIGENT_TIERING"), "1,000 objects and month under Intelligent-Tiering", s3Prices),
		usedIf(movesTo(retrieved...), "GB read back from a cheaper storage class", s3Prices),
	},
	"aws_sns_topic": {used("1,000,000 messages published", snsPrices)},
	"aws_sns_topic_subscription": {
		usedIf(equals("protocol", "email"), "100,000 e-mails", snsPrices),
		usedIf(equals("protocol", "https"), "1,000,000 deliveries by HTTPS", snsPrices),
	},
	"aws_vpc": {
		existing(onlyIf(has("ipv4_ipam_pool_id")),
			"hour of an address in use, if the pool's IPAM is of the advanced tier", vpcPrices),
		used("GB that passes between zones, in each direction", transferPrices),
	},
	"aws_vpc_endpoint": {
		existing(zonesOf, "hour of an interface endpoint in a zone", privateLinkPrices),
		usedIf(equals("vpc_endpoint_type", "Interface"), "GB that passes an interface endpoint", privateLinkPrices),
	},
	"aws_vpc_endpoint_subnet_association": {
		existing(one, "hour of an interface endpoint in a zone", privateLinkPrices)},

	"aws_db_event_subscription":                          nil,
	"aws_db_parameter_group":                             nil,
	"aws_db_subnet_group":                                nil,
	"aws_default_network_acl":                            nil,
	"aws_default_route_table":                            nil,
	"aws_default_security_group":                         nil,
	"aws_iam_policy":                                     nil,
	"aws_iam_role":                                       nil,
	"aws_iam_role_policies_exclusive":                    nil,
	"aws_iam_role_policy_attachment":                     nil,
	"aws_iam_role_policy_attachments_exclusive":          nil,
	"aws_kms_alias":                                      nil,
	"aws_network_acl":                                    nil,
	"aws_network_acl_association":                        nil,
	"aws_route":                                          nil,
	"aws_route_table":                                    nil,
	"aws_route_table_association":                        nil,
	"aws_s3_bucket_logging":                              nil,
	"aws_s3_bucket_object_lock_configuration":            nil,
	"aws_s3_bucket_ownership_controls":                   nil,
	"aws_s3_bucket_policy":                               nil,
	"aws_s3_bucket_public_access_block":                  nil,
	"aws_s3_bucket_server_side_encryption_configuration": nil,
	"aws_s3_bucket_versioning":                           nil,
	"aws_secretsmanager_secret_rotation":                 nil,
	"aws_security_group":                                 nil,
	"aws_sns_topic_policy":                               nil,
	"aws_subnet":                                         nil,
	"aws_vpc_block_public_access_options":                nil,
	"aws_vpc_endpoint_route_table_association":           nil,
	"aws_vpc_ipv4_cidr_block_association":                nil,
	"terraform_data":                                     nil, // exists in the state only
}

// condition says whether a resource causes a cost.
type condition func(r template.Resource) bool

func existing(count func(template.Resource) int, unit, source string) charge {
	return charge{WhileItExists, always(unit), count, source}
}

func used(unit, source string) charge { return charge{AsItIsUsed, always(unit), one, source} }

func usedIf(holds condition, unit, source string) charge {
	return charge{AsItIsUsed, always(unit), onlyIf(holds), source}
}

func always(unit string) func(template.Resource) string {
	return func(template.Resource) string { return unit }
}

func one(template.Resource) int { return 1 }

func onlyIf(holds condition) func(template.Resource) int {
	return func(r template.Resource) int {
		if holds(r) {
			return 1
		}
		return 0
	}
}

func has(attribute string) condition {
	return func(r template.Resource) bool { return r.Attributes[attribute] != nil }
}

func equals(attribute string, value any) condition {
	return func(r template.Resource) bool { return r.Attributes[attribute] == value }
}

func number(attribute string) func(template.Resource) int {
	return func(r template.Resource) int {
		value, _ := r.Attributes[attribute].(float64)
		return int(value)
	}
}

// recordsData reports whether a trail records events of another category than management.
func recordsData(trail template.Resource) bool {
	for _, selector := range template.Objects(trail.Attributes["advanced_event_selector"]) {
		for _, field := range template.Objects(selector["field_selector"]) {
			if field["field"] == "eventCategory" && slices.Contains(template.Texts(field["equals"]), "Data") {
				return true
			}
		}
	}
	return false
}

// retrieved are the storage classes from which AWS bills what is read, classes all to which a lifecycle can move.
var (
	retrieved = []string{"STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}
	classes   = append([]string{"INTELLIGENT_TIERING"}, retrieved...)
)

// movesTo reports whether a lifecycle moves objects to one of some storage classes.
func movesTo(classes ...string) condition {
	return func(lifecycle template.Resource) bool {
		for _, rule := range template.Objects(lifecycle.Attributes["rule"]) {
			for _, move := range template.Objects(rule["transition"]) {
				if class, _ := move["storage_class"].(string); slices.Contains(classes, class) {
					return true
				}
			}
		}
		return false
	}
}

// zonesOf counts the subnets that an interface endpoint names itself. Others are associated by resources of their own.
func zonesOf(endpoint template.Resource) int {
	return len(template.Texts(endpoint.Attributes["subnet_ids"]))
}

// alarmMonth tells an alarm that looks more often than once a minute, which has another price.
func alarmMonth(alarm template.Resource) string {
	if period, known := alarm.Attributes["period"].(float64); known && period < 60 {
		return "month of an alarm of high resolution"
	}
	return "month of an alarm of standard resolution"
}

// instanceHour names what the price of an instance depends on. With a standby it is about double.
func instanceHour(database template.Resource) string {
	class, _ := database.String("instance_class")
	return fmt.Sprintf("hour of a %s with %s", class, standby(database))
}

func storageMonth(database template.Resource) string {
	kind, _ := database.String("storage_type")
	return fmt.Sprintf("GiB-month of %s storage with %s", kind, standby(database))
}

func standby(database template.Resource) string {
	if database.Attributes["multi_az"] == true {
		return "a standby in another zone"
	}
	return "no standby"
}
