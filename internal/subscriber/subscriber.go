// Package subscriber holds who can be notified of an alarm: people by e-mail and programs by HTTPS.
//
// The package is pure, so that the configuration can be checked before anything is built.
package subscriber

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Protocol is how a topic reaches a subscriber, in the words of SNS.
type Protocol string

// The protocols. Plain HTTP is left out on purpose.
const (
	Email Protocol = "email"
	HTTPS Protocol = "https"
)

// Subscriber is a person or a program that is notified of alarms.
type Subscriber struct {
	Protocol Protocol
	Endpoint string // an e-mail address or a URL
}

// idLength is the number of hexadecimal digits that tell subscribers apart: 32 bits.
const idLength = 8

// ID names the subscriber by what it is and not by its place in a list, so that others come and go without moving it.
func (s Subscriber) ID() string {
	sum := sha256.Sum256([]byte(s.Endpoint))
	return string(s.Protocol) + "-" + hex.EncodeToString(sum[:])[:idLength]
}

// Check reports what is wrong with the subscriber's endpoint.
func (s Subscriber) Check() error {
	if s.Protocol == Email {
		return CheckEmail(s.Endpoint)
	}
	return CheckHTTPS(s.Endpoint)
}

// Limits of names (RFC 1035, section 2.3.4; RFC 5321, section 4.5.3.1). A host's name is shorter than a domain name on
// the wire by the lengths of its first label and of the root.
const (
	maxLabelLength     = 63
	maxHostLength      = 253
	maxLocalPartLength = 64
	maxAddressLength   = 254
	// maxURLLength is what SNS takes as an endpoint.
	maxURLLength = 2048
	maxPort      = 65535
)

// What endpoints are made of. Braces are in neither, so that no Terraform expression hides in one.
var (
	localPartForm = regexp.MustCompile(`^[A-Za-z0-9!#$&'*+/=?^_|~%-]+(?:\.[A-Za-z0-9!#$&'*+/=?^_|~%-]+)*$`)
	urlForm       = regexp.MustCompile(`^https://[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+$`)
	labelForm     = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)
	numberForm    = regexp.MustCompile(`^[0-9]+$`)
)

// CheckEmail reports what is wrong with an e-mail address. SNS takes one bare address of ASCII characters; quoted local
// parts are left out.
func CheckEmail(address string) error {
	local, host, found := strings.Cut(address, "@")
	switch {
	case !found || local == "" || host == "" || strings.Contains(host, "@"):
		return errors.New("must be an e-mail address, such as security@example.com")
	case len(local) > maxLocalPartLength || len(address) > maxAddressLength:
		return fmt.Errorf("must be at most %d characters long, of which %d before the @", maxAddressLength,
			maxLocalPartLength)
	case !localPartForm.MatchString(local):
		return errors.New("must have letters, digits, signs and single dots between them before the @")
	}
	if err := checkHost(host); err != nil {
		return fmt.Errorf("must have a host behind the @ that %w", err)
	}
	return nil
}

// CheckHTTPS reports what is wrong with a URL. SNS calls it from the internet and demands a certificate that a public
// authority has signed, which no address, name of a single label or reserved name has (SNS Developer Guide, "Using
// HTTP/HTTPS endpoints"). A password in it would stand in the configuration and in the state.
func CheckHTTPS(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || !urlForm.MatchString(address) || parsed.Host == "":
		return errors.New("must be an HTTPS URL, such as https://alarms.example.com/aws")
	case len(address) > maxURLLength:
		return fmt.Errorf("must be at most %d characters long, not %d", maxURLLength, len(address))
	case parsed.User != nil:
		return errors.New("must not hold a user or password: it would be readable in the configuration and the state")
	}
	if _, colon, found := strings.Cut(parsed.Host, ":"); found && !strings.HasPrefix(parsed.Host, "[") {
		if port, err := strconv.Atoi(colon); err != nil || port < 1 || port > maxPort {
			return fmt.Errorf("must have a port of 1 to %d, or none", maxPort)
		}
	}
	if err := checkHost(parsed.Hostname()); err != nil {
		return fmt.Errorf("must have a host that %w", err)
	}
	return nil
}

// reservedHosts end names that no public server has (RFC 2606, RFC 6761, RFC 6762, RFC 8375; ICANN, "Reserved
// .internal"). The names below "example" are left in: they stand in examples, and are reserved for that.
var reservedHosts = []string{"localhost", "local", "localdomain", "internal", "invalid", "test", "onion", "home.arpa"}

// checkHost says what the name of a host is when it is right (RFC 1123, section 2.1).
func checkHost(host string) error {
	labels := strings.Split(host, ".")
	if _, err := netip.ParseAddr(host); err == nil || numberForm.MatchString(labels[len(labels)-1]) {
		return errors.New("is a name and no IP address")
	}
	if len(host) > maxHostLength {
		return fmt.Errorf("is at most %d characters long, not %d", maxHostLength, len(host))
	}
	if len(labels) == 1 {
		return errors.New("is a full name, such as alarms.example.com")
	}
	for _, label := range labels {
		if !labelForm.MatchString(label) || len(label) > maxLabelLength {
			return fmt.Errorf("is of parts of 1 to %d letters, digits and hyphens between them, joined by dots",
				maxLabelLength)
		}
	}
	if last := labels[len(labels)-1]; len(last) < 2 {
		return errors.New("ends with a domain of two letters or more")
	}
	for _, reserved := range reservedHosts {
		if strings.HasSuffix("."+strings.ToLower(host), "."+reserved) {
			return fmt.Errorf("does not end with %s, by which no server is reached from the internet", reserved)
		}
	}
	return nil
}
