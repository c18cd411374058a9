package network

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultnetworkacl"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultroutetable"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultsecuritygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/eip"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/internetgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/securitygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpc"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcblockpublicaccessoptions"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcipv4cidrblockassociation"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// VPC is a network with its subnets.
type VPC struct {
	node  constructs.Construct
	props Props

	// Ids are read once: each reading is a call to Node.
	id        *string
	vpc       vpc.Vpc
	gateway   internetgateway.InternetGateway
	zones     []zone
	addresses []eip.Eip
	// ways are the routes, rules and associations that the traffic of a tier needs.
	ways map[subnetplan.Tier]tf.Deps

	public    *string // id of the route table
	database  *string
	workloads securitygroup.SecurityGroup
	endpoints tf.Deps
}

// ID is the VPC's id, a token until apply.
func (v *VPC) ID() string { return *v.id }

// CIDR is the VPC's IPv4 block.
func (v *VPC) CIDR() string { return v.props.CIDR }

// SubnetIDs returns the ids of a tier's subnets by zone.
func (v *VPC) SubnetIDs(tier subnetplan.Tier) map[subnetplan.Zone]string {
	ids := make(map[subnetplan.Zone]string, len(v.zones))
	for _, zone := range v.zones {
		ids[zone.key] = *zone.subnets[tier]
	}
	return ids
}

// RouteTableIDs returns the ids of a tier's route tables by zone. Public and database subnets share one table.
func (v *VPC) RouteTableIDs(tier subnetplan.Tier) map[subnetplan.Zone]string {
	ids := make(map[subnetplan.Zone]string, len(v.zones))
	for _, zone := range v.zones {
		ids[zone.key] = *v.tableOf(tier, zone)
	}
	return ids
}

// NATAddresses returns the public IPv4 addresses that traffic from private subnets comes from.
func (v *VPC) NATAddresses() []string {
	addresses := make([]string, len(v.addresses))
	for i, address := range v.addresses {
		addresses[i] = *address.PublicIp()
	}
	return addresses
}

// WorkloadSecurityGroupID is the security group for workloads in private subnets. It lets nothing in, and out only
// to the database tier, to endpoints and, where there is NAT, to HTTPS.
func (v *VPC) WorkloadSecurityGroupID() string { return *v.workloads.Id() }

// Ready lists what must exist before something in a tier can reach what it needs: the routes and ACLs of the tier's
// subnets and, except for databases, which call nobody, NAT and the endpoints.
func (v *VPC) Ready(tier subnetplan.Tier) tf.Deps {
	if tier == subnetplan.Database {
		return v.ways[tier]
	}
	return tf.After(v.ways[tier], v.endpoints)
}

func (v *VPC) addVPC() {
	config := vpc.VpcConfig{
		CidrBlock: &v.props.CIDR,
		// Endpoints with private DNS and the names of databases need both (AWS PrivateLink Guide, "Gateway endpoints
		// for Amazon S3").
		EnableDnsSupport:   jsii.Bool(true),
		EnableDnsHostnames: jsii.Bool(true),
		Ipv4IpamPoolId:     tf.OptString(v.props.IPAMPoolID),
		Tags:               tf.StringMap(v.props.Naming.Tags()),
		DependsOn:          v.props.DependsOn.Ptr(),
	}
	if v.props.IPv6 {
		config.AssignGeneratedIpv6CidrBlock = jsii.Bool(true)
	}
	v.vpc = vpc.NewVpc(v.node, jsii.String("Resource"), &config)
	v.id = v.vpc.Id()
	v.gateway = internetgateway.NewInternetGateway(v.node, jsii.String("internet-gateway"), &internetgateway.InternetGatewayConfig{
		VpcId: v.id,
		Tags:  tf.StringMap(v.props.Naming.Child("internet").Tags()),
	})
	for _, cidr := range v.props.SecondaryCIDRs {
		vpcipv4cidrblockassociation.NewVpcIpv4CidrBlockAssociation(v.node, jsii.String("secondary-"+blockID(cidr)),
			&vpcipv4cidrblockassociation.VpcIpv4CidrBlockAssociationConfig{VpcId: v.id, CidrBlock: &cidr})
	}
	if v.props.PublicAccess != PublicAccessUnmanaged {
		vpcblockpublicaccessoptions.NewVpcBlockPublicAccessOptions(v.node, jsii.String("block-public-access"),
			&vpcblockpublicaccessoptions.VpcBlockPublicAccessOptionsConfig{
				InternetGatewayBlockMode: jsii.String(string(v.props.PublicAccess)),
			})
	}
}

// emptyDefaults adopts what AWS puts into every VPC and takes all rules out of it, so that what is forgotten is cut
// off instead of open.
func (v *VPC) emptyDefaults() {
	tags := func(what string) *map[string]*string {
		return tf.StringMap(v.props.Naming.Child("default-" + what + "-unused").Tags())
	}
	defaultroutetable.NewDefaultRouteTable(v.node, jsii.String("default-route-table"), &defaultroutetable.DefaultRouteTableConfig{
		DefaultRouteTableId: v.vpc.DefaultRouteTableId(),
		Route:               &[]*defaultroutetable.DefaultRouteTableRoute{},
		Tags:                tags("routes"),
	})
	defaultnetworkacl.NewDefaultNetworkAcl(v.node, jsii.String("default-network-acl"), &defaultnetworkacl.DefaultNetworkAclConfig{
		DefaultNetworkAclId: v.vpc.DefaultNetworkAclId(),
		Tags:                tags("acl"),
		// AWS moves subnets in and out of the default ACL as others claim them.
		Lifecycle: &cdktf.TerraformResourceLifecycle{IgnoreChanges: jsii.Strings("subnet_ids")},
	})
	defaultsecuritygroup.NewDefaultSecurityGroup(v.node, jsii.String("default-security-group"), &defaultsecuritygroup.DefaultSecurityGroupConfig{
		VpcId: v.id,
		Tags:  tags("security-group"),
	})
}

// blockID makes an address block fit for a construct id, in which a slash separates parents from children.
func blockID(cidr string) string { return strings.ReplaceAll(cidr, "/", "-") }
