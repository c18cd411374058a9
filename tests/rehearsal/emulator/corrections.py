"""Makes moto answer as AWS does where this stack can tell the difference.

Each function is one correction, and its text is what AWS does. Nothing here makes an answer more lenient than AWS's.
"""

import base64
import functools
import inspect
import json
import uuid

from moto.core.responses import ActionResult


def apply():
    for correct in (
        key_rotation_period,
        rule_descriptions,
        acl_icmp,
        nat_gateways_by_tag,
        flow_log_options,
        log_delivery_statement,
        metric_filter_replaced,
        eventbridge_notification,
        engine_versions,
        database_settings,
        resource_ids,
        storage_speed,
        object_lock_in_place,
        conditional_statements,
        subnet_group_change,
        parameter_sources,
        managed_rotation,
        managed_rotation_ends,
        trail_topic,
        trail_by_arn,
        signature_version,
    ):
        correct()


def around(owner, name):
    """Replaces a method by the decorated function, which gets the original as its first argument."""

    def decorate(replacement):
        original = getattr(owner, name)

        @functools.wraps(original)
        def method(self, *args, **kwargs):
            return replacement(original, self, *args, **kwargs)

        setattr(owner, name, method)
        return replacement

    return decorate


def key_rotation_period():
    """KMS keeps the rotation period given to EnableKeyRotation, 365 days by default, and returns it with the status."""
    from moto.kms.responses import KmsResponse

    @around(KmsResponse, "enable_key_rotation")
    def enable(original, self):
        answer = original(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period = self._get_param("RotationPeriodInDays") or 365
        return answer

    @around(KmsResponse, "get_key_rotation_status")
    def status(original, self):
        answer = json.loads(original(self))
        if answer["KeyRotationEnabled"]:
            key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
            answer["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
        return json.dumps(answer)


def rule_descriptions():
    """EC2 returns the description of a security group rule whatever the rule refers to: a block, a group or a prefix list."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    @around(SecurityGroupRule, "__init__")
    def created(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        given = inspect.signature(original).bind(self, *args, **kwargs).arguments
        self.prefix_list_description = (given.get("prefix_list_id") or {}).get("Description")

    SecurityGroupRule.description = property(
        lambda rule: rule.ip_range.get("Description") or rule.source_group.get("Description") or rule.prefix_list_description
    )


def acl_icmp():
    """EC2 keeps the type and code of ICMP in a rule of a network ACL, and returns them."""
    from moto.ec2.responses.network_acls import NetworkACLs

    @around(NetworkACLs, "create_network_acl_entry")
    def create(original, self):
        answer = original(self)
        icmp = self._get_param("IcmpTypeCode") or {}
        if icmp:
            acl = self.ec2_backend.network_acls[self._get_param("NetworkAclId")]
            asked = (self._get_param("RuleNumber"), self._get_param("Egress"))
            entry = next(e for e in acl.network_acl_entries if (e.rule_number, e.egress) == asked)
            entry.icmp_type, entry.icmp_code = icmp.get("Type"), icmp.get("Code")
            entry.port_range_from = entry.port_range_to = None
        return answer


def nat_gateways_by_tag():
    """EC2 finds NAT gateways by their tags."""
    from moto.ec2.models.nat_gateways import NatGatewayBackend

    @around(NatGatewayBackend, "describe_nat_gateways")
    def describe(original, self, filters, nat_gateway_ids):
        wanted = {name[len("tag:"):]: values for name, values in (filters or {}).items() if name.startswith("tag:")}

        def tagged(gateway):
            tags = {tag["key"]: tag["value"] for tag in gateway.get_tags()}
            return all(tags.get(key) in values for key, values in wanted.items())

        return [gateway for gateway in original(self, filters, nat_gateway_ids) if tagged(gateway)]


def flow_log_options():
    """EC2 returns the destination options (file format, partitions) of flow logs that go to a bucket."""
    from moto.ec2.models.flow_logs import FlowLogs
    from moto.ec2.responses.flow_logs import FlowLogs as Responses

    FlowLogs.destination_options = None

    @around(Responses, "create_flow_logs")
    def create(original, self):
        answer = original(self)
        for identifier in answer.result["FlowLogIds"]:
            self.ec2_backend.flow_logs[identifier].destination_options = self._get_param("DestinationOptions")
        return answer


def log_delivery_statement():
    """S3 accepts a bucket as target of access logs when its policy lets the logging service write, whatever else the policy
    says: a principal may be "*", and a resource a list."""
    from moto.s3.models import FakeBucket

    original = FakeBucket._log_permissions_enabled_policy

    def permits(target_bucket, target_prefix):
        if not target_bucket.policy:
            return False
        document = json.loads(target_bucket.policy)
        for statement in document["Statement"]:
            if isinstance(statement.get("Principal"), str):
                statement["Principal"] = {}
            if isinstance(statement.get("Resource"), list) and len(statement["Resource"]) == 1:
                statement["Resource"] = statement["Resource"][0]
        simple = type("Bucket", (), {
            "policy": json.dumps(document).encode(), "name": target_bucket.name, "partition": target_bucket.partition,
        })
        return original(simple, target_prefix)

    FakeBucket._log_permissions_enabled_policy = staticmethod(permits)


def eventbridge_notification():
    """S3 lets a bucket send its events to EventBridge alone, without a topic, queue or function."""
    from moto.s3 import notifications
    from moto.s3.models import FakeBucket

    @around(FakeBucket, "set_notification_configuration")
    def configure(original, self, notification_config):
        if notification_config and set(notification_config) <= {"EventBridgeConfiguration", "@xmlns"}:
            from moto.s3.models import NotificationConfiguration

            self.notification_configuration = NotificationConfiguration(event_bridge={})
            return None
        return original(self, notification_config)


# The newest minor version of each major one; the default is what RDS takes when nothing is asked for.
POSTGRES = ["13.20", "14.17", "15.12", "16.8", "17.4"]
DEFAULT_POSTGRES = "17.4"


def engine_versions():
    """RDS lists the versions of an engine, with the parameter group family of each."""
    from moto.rds.responses import RDSResponse

    def describe_db_engine_versions(self):
        wanted = self.params.get("EngineVersion")
        family = self.params.get("DBParameterGroupFamily")
        versions = [
            {
                "Engine": "postgres",
                "EngineVersion": version,
                "MajorEngineVersion": version.partition(".")[0],
                "DBParameterGroupFamily": "postgres" + version.partition(".")[0],
                "DBEngineDescription": "PostgreSQL",
                "DBEngineVersionDescription": "PostgreSQL " + version,
                "Status": "available",
                "ExportableLogTypes": ["iam-db-auth-error", "postgresql", "upgrade"],
                "SupportsLogExportsToCloudwatchLogs": True,
                "ValidUpgradeTarget": [
                    {
                        "Engine": "postgres",
                        "EngineVersion": later,
                        "Description": "PostgreSQL " + later,
                        "AutoUpgrade": False,
                        "IsMajorVersionUpgrade": True,
                    }
                    for later in POSTGRES[POSTGRES.index(version) + 1 :]
                ],
            }
            for version in POSTGRES
            if self.params.get("Engine", "postgres") == "postgres"
            and (not wanted or wanted in (version, version.partition(".")[0]))
            and (not family or family == "postgres" + version.partition(".")[0])
        ]
        if self.params.get("DefaultOnly") and not wanted:
            versions = [version for version in versions if version["EngineVersion"] == DEFAULT_POSTGRES]
        return ActionResult({"DBEngineVersions": versions})

    RDSResponse.describe_db_engine_versions = describe_db_engine_versions


def database_settings():
    """RDS returns what it was told about Performance Insights, Database Insights and extended support, and gives a database that
    asks for a major version its newest minor version, in a window written in lower case."""
    from moto.rds.models import DBInstance, RDSBackend

    kept = {
        "enable_performance_insights": "performance_insights_enabled",
        "performance_insights_kms_key_id": "performance_insights_kms_key_id",
        "performance_insights_retention_period": "performance_insights_retention_period",
        "database_insights_mode": "database_insights_mode",
        "engine_lifecycle_support": "engine_lifecycle_support",
        "max_allocated_storage": "max_allocated_storage",
        "monitoring_interval": "monitoring_interval",
        "monitoring_role_arn": "monitoring_role_arn",
    }

    def keep(database, settings):
        for given, returned in kept.items():
            if given in settings:
                setattr(database, returned, settings[given])

    @around(RDSBackend, "create_db_instance")
    def create(original, self, settings):
        major = settings.get("engine_version", "")
        for version in POSTGRES:
            if settings.get("engine") == "postgres" and major == version.partition(".")[0]:
                settings["engine_version"] = version
        database = original(self, settings)
        keep(database, settings)
        return database

    @around(DBInstance, "update")
    def update(original, self, **settings):
        if settings.get("manage_master_user_password") and getattr(self, "master_user_secret", None):
            # A database whose password is managed already keeps its secret when it is told so again.
            del settings["manage_master_user_password"]
        original(self, **settings)
        keep(self, settings)


def resource_ids():
    """RDS gives each instance a resource id of its own, by which Terraform finds it again."""
    from moto.rds.models import DBInstance

    @around(DBInstance, "__init__")
    def make(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.dbi_resource_id = "db-" + base64.b32encode(uuid.uuid4().bytes).decode().rstrip("=")


def metric_filter_replaced():
    """CloudWatch Logs replaces a metric filter that is put again under the name of one of its group."""
    from moto.logs.metric_filters import MetricFilters

    @around(MetricFilters, "add_filter")
    def add(original, self, filter_name, filter_pattern, log_group_name, metric_transformations):
        same = (filter_name, log_group_name)
        self.metric_filters = [f for f in self.metric_filters if (f["filterName"], f["logGroupName"]) != same]
        original(self, filter_name, filter_pattern, log_group_name, metric_transformations)


def storage_speed():
    """RDS tells the speed of a gp3 volume that was made without one, 3,000 IOPS and 125 MiB/s below 400 GiB and 12,000 and 500 from
    there on, and refuses a speed below that baseline or one for a smaller volume."""
    from moto.rds.exceptions import InvalidParameterCombination
    from moto.rds.models import DBInstance, RDSBackend

    def baseline(gib):
        return (12000, 500) if gib >= 400 else (3000, 125)

    def check(gib, iops):
        least, _ = baseline(gib)
        if iops is not None and (iops < least or gib < 400):
            raise InvalidParameterCombination(f"You can't specify IOPS or storage throughput of {iops} for {gib} GiB of gp3 storage.")

    @around(RDSBackend, "create_db_instance")
    def create(original, self, settings):
        gib = int(settings["allocated_storage"])
        check(gib, settings.get("iops"))
        database = original(self, settings)
        iops, throughput = baseline(gib)
        database.iops = settings.get("iops") or iops
        database.storage_throughput = settings.get("storage_throughput") or throughput
        return database

    @around(DBInstance, "update")
    def update(original, self, **settings):
        gib = int(settings.get("allocated_storage") or self.allocated_storage)
        check(gib, settings.get("iops"))
        grown = gib >= 400 > int(self.allocated_storage)
        original(self, **settings)
        if grown and not settings.get("iops"):
            self.iops, self.storage_throughput = baseline(gib)


def object_lock_in_place():
    """S3 lets Object Lock be turned on for a bucket that holds objects (since November 2023)."""
    from moto.s3.models import S3Backend

    @around(S3Backend, "put_object_lock_configuration")
    def put(original, self, bucket_name, *args, **kwargs):
        bucket = self.get_bucket(bucket_name)
        keys, bucket.keys = bucket.keys, type(bucket.keys)()
        try:
            return original(self, bucket_name, *args, **kwargs)
        finally:
            bucket.keys = keys


def conditional_statements():
    """S3 applies a statement only where its conditions hold. moto looks at none, and a bucket whose policy denies plain
    HTTP would refuse everything, so those statements are left out here. The other emulator evaluates them.
    """
    from moto.s3.models import FakeBucket

    @around(FakeBucket, "get_permission")
    def get_permission(original, self, action, resource):
        whole = self.policy
        if whole is None:
            return original(self, action, resource)
        policy = json.loads(whole)
        policy["Statement"] = [one for one in policy["Statement"] if "Condition" not in one]
        self.policy = json.dumps(policy).encode()
        try:
            return original(self, action, resource)
        finally:
            self.policy = whole


def subnet_group_change():
    """RDS still knows a subnet group after its subnets were changed."""
    from moto.rds.models import RDSBackend

    @around(RDSBackend, "modify_db_subnet_group")
    def modify(original, self, subnet_name, *args, **kwargs):
        group = original(self, subnet_name, *args, **kwargs)
        self.subnet_groups[subnet_name] = group
        return group


def parameter_sources():
    """RDS tells which parameters of a group were set by the user, and filters by that."""
    from moto.rds.models import DBParameterGroup

    @around(DBParameterGroup, "update_parameters")
    def update(original, self, new_parameters):
        new_parameters = [{**parameter, "Source": "user"} for parameter in new_parameters]
        original(self, new_parameters)


def managed_rotation():
    """Secrets Manager changes the schedule of a secret that RDS rotates by itself, and then rotates no copy: there is no version
    that waits for a function."""
    from moto.secretsmanager.models import SecretsManagerBackend

    @around(SecretsManagerBackend, "rotate_secret")
    def rotate(original, self, secret_id, *args, **kwargs):
        versions = dict(self.secrets[secret_id].versions) if self._is_valid_identifier(secret_id) else {}
        answer = original(self, secret_id, *args, **kwargs)
        if not kwargs.get("rotate_immediately", True):
            self.secrets[secret_id].versions = versions
        return answer


def managed_rotation_ends():
    """Secrets Manager ends the rotation of a secret that another service rotates, which has no function. That is how users of
    terraform-aws-modules/rds switch it off (its pull request 580)."""
    from moto.secretsmanager.models import SecretsManagerBackend

    @around(SecretsManagerBackend, "cancel_rotate_secret")
    def cancel(original, self, secret_id):
        secret = self.secrets[secret_id] if self._is_valid_identifier(secret_id) else None
        if getattr(secret, "owning_service", None) and not secret.is_deleted():
            secret.rotation_enabled = False
            return secret.to_short_dict()
        return original(self, secret_id)


def trail_topic():
    """CloudTrail takes the topic of a trail as a name or as an ARN, and returns the ARN as it was given."""
    from moto.cloudtrail.models import Trail

    by_name = Trail.topic_arn.fget
    Trail.topic_arn = property(
        lambda trail: trail.sns_topic_name if (trail.sns_topic_name or "").startswith("arn:") else by_name(trail)
    )


def trail_by_arn():
    """CloudTrail deletes a trail that is named by its ARN."""
    from moto.cloudtrail.models import CloudTrailBackend

    @around(CloudTrailBackend, "delete_trail")
    def delete(original, self, name):
        original(self, name.rpartition("/")[2])


def signature_version():
    """SNS returns the signature version of a topic once one was set."""
    from moto.sns.responses import SNSResponse

    @around(SNSResponse, "get_topic_attributes")
    def get(original, self):
        answer = original(self)
        version = getattr(self.backend.get_topic(self._get_param("TopicArn")), "signature_version", None)
        if version:
            answer.result["Attributes"]["SignatureVersion"] = version
        return answer
