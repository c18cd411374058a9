package tests

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/testkit"
)

// TestWhatMustTalkTalks walks security groups, network ACLs and routes together, out and back, for every kind of pair
// that must reach each other and for pairs that must not. The database has IPv4 addresses only.
func TestWhatMustTalkTalks(t *testing.T) {
	const workloads, endpoints, database = "network/workloads", "network/endpoints", "database/security-group"
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	n := newPacketNetwork(t, stack)
	elsewhere := func(name, address string) host { return host{name: name, address: netip.MustParseAddr(address)} }

	workload, workloadB := n.in("private-a", false, workloads), n.in("private-b", false, workloads)
	workload6 := n.in("private-a", true, workloads)
	pod := elsewhere("workload in a secondary block", "10.1.7.7")
	pod.groups = workload.groups
	service, service6 := n.in("private-b", false), n.in("private-b", true) // with a second group, for the load balancer
	balancer, balancer6 := n.in("public-a", false), n.in("public-a", true)
	endpoint, db := n.in("private-c", false, endpoints), n.in("database-c", false, database)
	client, client6 := elsewhere("client", "203.0.113.5"), elsewhere("client, IPv6", "2001:db8:ffff::5")
	server, server6 := elsewhere("server", "198.51.100.5"), elsewhere("server, IPv6", "2001:db8:eeee::5")
	s3 := elsewhere("S3", "52.219.0.5")
	s3.prefixList = stack.Address(t, "aws_vpc_endpoint", "network/s3-endpoint")

	for _, must := range []struct {
		from, to host
		ports    []int
	}{
		{workload, endpoint, []int{443}}, {workloadB, endpoint, []int{443}}, {pod, endpoint, []int{443}},
		{workload, db, []int{5432}}, {workloadB, db, []int{5432}}, {pod, db, []int{5432}},
		{workload, s3, []int{443}}, {workload, server, []int{443}}, {workload6, server6, []int{443}},
		{client, balancer, []int{80, 443}}, {client6, balancer6, []int{80, 443}},
		{balancer, service, []int{80, 443, 8080}}, {balancer6, service6, []int{80, 443, 8080}},
	} {
		for _, port := range must.ports {
			assert.NoError(t, n.connects(must.from, must.to, port), "%s to %s, port %d", must.from.name, must.to.name,
				port)
		}
	}
	for _, mustNot := range []struct {
		from, to host
		ports    []int
	}{
		{client, workload, []int{22, 443, 3389, 5432, 8080}}, {client6, workload6, []int{22, 443, 3389, 8080}},
		{client, service, []int{443, 8080}}, {client6, service6, []int{443, 8080}},
		{client, db, []int{5432}}, {client, endpoint, []int{443}},
		{client, balancer, []int{22, 3389}}, {client6, balancer6, []int{22, 3389}},
		{balancer, db, []int{5432}}, {balancer, workload, []int{443, 8080}}, {service, db, []int{5432}},
		{workload, db, []int{22, 443, 5433}}, {pod, db, []int{22}}, {workload, endpoint, []int{80}},
		{workload, server, []int{22, 80, 5432}}, {workload6, server6, []int{80}}, {workload, workloadB, []int{443}},
		{db, workload, []int{443, 5432}}, {db, server, []int{443}}, {db, s3, []int{443}},
		{endpoint, server, []int{443}},
	} {
		for _, port := range mustNot.ports {
			assert.Error(t, n.connects(mustNot.from, mustNot.to, port), "%s to %s, port %d", mustNot.from.name,
				mustNot.to.name, port)
		}
	}

	t.Run("path MTU", func(t *testing.T) {
		for _, h := range []host{workload, balancer} {
			message := packet{protocol: "1", from: server.address, to: h.address, icmpType: 3, icmpCode: 4}
			assert.NoError(t, n.returns(h, server, message), h.name)
			message.icmpType, message.icmpCode = 8, 0
			assert.Error(t, n.returns(h, server, message), "%s: ping from the internet", h.name)
		}
		for _, h := range []host{workload6, balancer6} {
			message := packet{protocol: "58", from: server6.address, to: h.address, icmpType: 2}
			assert.NoError(t, n.returns(h, server6, message), h.name)
			message.icmpType = 128
			assert.Error(t, n.returns(h, server6, message), "%s: ping from the internet", h.name)
		}
	})

	t.Run("by default", func(t *testing.T) {
		n := newPacketNetwork(t, testkit.Synthesize(t, "prod", testkit.Offline(nil)))
		balancer := n.in("public-a", false)
		assert.NoError(t, n.connects(client, balancer, 443))
		assert.Error(t, n.connects(client, balancer, 80), "nobody has asked for port 80")
	})
	t.Run("without NAT", func(t *testing.T) {
		n := newPacketNetwork(t,
			testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"network.nat": "none"})))
		assert.Error(t, n.connects(n.in("private-a", false, workloads), server, 443))
		assert.Error(t, n.connects(n.in("private-a", false), server, 443), "there is no route either")
	})
	t.Run("through a single NAT gateway", func(t *testing.T) {
		n := newPacketNetwork(t,
			testkit.Synthesize(t, "prod", testkit.Offline(testkit.Settings{"network.nat": "single"})))
		assert.NoError(t, n.connects(n.in("private-c", false, workloads), server, 443))
	})
}

// TestNoACLIsOpenToRemoteAdministration is what AWS Config (restricted-common-ports), Security Hub (EC2.21) and the CIS
// benchmark look for: a rule for everybody with port 22 or 3389 in it, whatever other rules say.
func TestNoACLIsOpenToRemoteAdministration(t *testing.T) {
	stack := testkit.Synthesize(t, "prod", testkit.AllNetwork())
	for _, acl := range stack.OfType("aws_network_acl") {
		for _, rule := range objects(acl.Attributes["ingress"]) {
			everybody := rule["cidr_block"] == "0.0.0.0/0" || rule["ipv6_cidr_block"] == "::/0"
			for _, port := range []float64{22, 3389} {
				within := rule["protocol"] == "-1" || (rule["protocol"] == "6" || rule["protocol"] == "17") &&
					rule["from_port"].(float64) <= port && port <= rule["to_port"].(float64)
				assert.False(t, everybody && within && rule["action"] == "allow", "%s: %v", acl.Path, rule)
			}
		}
	}
}
