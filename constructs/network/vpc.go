package network

import (
	"strings"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultnetworkacl"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultroutetable"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/defaultsecuritygroup"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/internetgateway"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpc"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcblockpublicaccessoptions"
	"github.com/cdktf/cdktf-provider-aws-go/aws/v19/vpcipv4cidrblockassociation"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"securebaseline/internal/subnetplan"
	"securebaseline/internal/tf"
)

// VPC is a network with its subnets.
type VPC struct {
	id, cidr  string
	zones     []zone
	routes    routes
	workloads string // id of the security group
	ready     map[subnetplan.Tier]tf.Deps
}

// ID is the VPC's id, a token until apply.
func (v *VPC) ID() string { return v.id }

// CIDR is the VPC's IPv4 block.
func (v *VPC) CIDR() string { return v.cidr }

// SubnetIDs returns the ids of a tier's subnets by zone.
func (v *VPC) SubnetIDs(tier subnetplan.Tier) map[subnetplan.Zone]string {
	ids := make(map[subnetplan.Zone]string, len(v.zones))
	for _, zone := range v.zones {
		ids[zone.key] = zone.subnets[tier]
	}
	return ids
}

// RouteTableIDs returns the ids of a tier's route tables by zone. Public and database subnets share one table.
func (v *VPC) RouteTableIDs(tier subnetplan.Tier) map[subnetplan.Zone]string {
	ids := make(map[subnetplan.Zone]string, len(v.zones))
	for _, zone := range v.zones {
		ids[zone.key] = v.routes.table(tier, zone.key)
	}
	return ids
}

// NATAddresses returns the public IPv4 addresses that traffic from private subnets comes from.
func (v *VPC) NATAddresses() []string {
	addresses := make([]string, len(v.routes.addresses))
	for i, address := range v.routes.addresses {
		addresses[i] = *address.PublicIp()
	}
	return addresses
}

// WorkloadSecurityGroupID is the security group for workloads in private subnets. It lets nothing in, and out only to
// the database tier, to endpoints and, where there is NAT, to HTTPS. What else a workload needs, such as traffic from a
// load balancer, takes a second group of its own.
func (v *VPC) WorkloadSecurityGroupID() string { return v.workloads }

// Ready lists what must exist before something in a tier can reach what it needs: the routes and ACLs of the tier's
// subnets and, except for databases, which call nobody, NAT and the endpoints.
func (v *VPC) Ready(tier subnetplan.Tier) tf.Deps { return v.ready[tier] }

// base is the VPC with its way to the internet.
type base struct {
	vpc     vpc.Vpc
	id      *string // read once: each reading is a call to Node.js
	cidr    string  // of IPv4; a token where a pool chooses it
	gateway internetgateway.InternetGateway
}

func (b builder) addVPC() base {
	config := vpc.VpcConfig{
		CidrBlock: tf.OptString(b.props.CIDR),
		// Endpoints with private DNS and the names of databases need both (AWS PrivateLink Guide, "Gateway endpoints
		// for Amazon S3").
		EnableDnsSupport:   jsii.Bool(true),
		EnableDnsHostnames: jsii.Bool(true),
		Ipv4IpamPoolId:     tf.OptString(b.props.IPAMPoolID),
		Tags:               tf.StringMap(b.props.Naming.Tags()),
	}
	if length := b.props.IPAMNetmaskLength; length != 0 {
		config.Ipv4NetmaskLength = jsii.Number(length)
	}
	if b.props.IPv6 {
		config.AssignGeneratedIpv6CidrBlock = jsii.Bool(true)
	}
	resource := vpc.NewVpc(b.node, jsii.String("Resource"), &config)
	id, cidr := resource.Id(), b.props.CIDR
	if cidr == "" {
		cidr = *resource.CidrBlock()
	}
	gateway := internetgateway.NewInternetGateway(b.node, jsii.String("internet-gateway"),
		&internetgateway.InternetGatewayConfig{VpcId: id, Tags: tf.StringMap(b.props.Naming.Child("internet").Tags())})
	for _, cidr := range b.props.SecondaryCIDRs {
		vpcipv4cidrblockassociation.NewVpcIpv4CidrBlockAssociation(b.node, jsii.String("secondary-"+blockID(cidr)),
			&vpcipv4cidrblockassociation.VpcIpv4CidrBlockAssociationConfig{VpcId: id, CidrBlock: &cidr})
	}
	if b.props.PublicAccess != PublicAccessUnmanaged {
		vpcblockpublicaccessoptions.NewVpcBlockPublicAccessOptions(b.node, jsii.String("block-public-access"),
			&vpcblockpublicaccessoptions.VpcBlockPublicAccessOptionsConfig{
				InternetGatewayBlockMode: jsii.String(string(b.props.PublicAccess)),
			})
	}
	return base{resource, id, cidr, gateway}
}

// emptyDefaults adopts what AWS puts into every VPC and takes all rules out of it, so that what is forgotten is cut
// off instead of open.
func (b builder) emptyDefaults(base base) {
	tags := func(what string) *map[string]*string {
		return tf.StringMap(b.props.Naming.Child("default-" + what + "-unused").Tags())
	}
	defaultroutetable.NewDefaultRouteTable(b.node, jsii.String("default-route-table"),
		&defaultroutetable.DefaultRouteTableConfig{
			DefaultRouteTableId: base.vpc.DefaultRouteTableId(),
			Route:               &[]*defaultroutetable.DefaultRouteTableRoute{},
			Tags:                tags("routes"),
		})
	defaultnetworkacl.NewDefaultNetworkAcl(b.node, jsii.String("default-network-acl"),
		&defaultnetworkacl.DefaultNetworkAclConfig{
			DefaultNetworkAclId: base.vpc.DefaultNetworkAclId(),
			Tags:                tags("acl"),
			// AWS moves subnets in and out of the default ACL as others claim them.
			Lifecycle: &cdktf.TerraformResourceLifecycle{IgnoreChanges: jsii.Strings("subnet_ids")},
		})
	defaultsecuritygroup.NewDefaultSecurityGroup(b.node, jsii.String("default-security-group"),
		&defaultsecuritygroup.DefaultSecurityGroupConfig{
			VpcId: base.id,
			Tags:  tags("security-group"),
		})
}

// blockID makes an address block fit for a construct id, in which a slash separates parents from children.
func blockID(cidr string) string { return strings.ReplaceAll(cidr, "/", "-") }
