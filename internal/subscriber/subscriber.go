// Package subscriber knows who can be told of an alarm: people by e-mail and programs by HTTPS.
//
// The package is pure, so that the configuration can be checked before anything is built.
package subscriber

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"regexp"
)

// Protocol is how a topic reaches a subscriber, in the words of SNS.
type Protocol string

// The protocols. Plain HTTP is left out on purpose.
const (
	Email Protocol = "email"
	HTTPS Protocol = "https"
)

// Subscriber is somebody who is told of alarms.
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

// Check tells what is wrong with the subscriber's endpoint.
func (s Subscriber) Check() error {
	if s.Protocol == Email {
		return CheckEmail(s.Endpoint)
	}
	return CheckHTTPS(s.Endpoint)
}

// What endpoints are made of. Braces are in neither, so that no Terraform expression hides in one.
var (
	emailForm = regexp.MustCompile(`^[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$`)
	urlForm   = regexp.MustCompile(`^https://[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+$`)
)

// CheckEmail tells what is wrong with an e-mail address.
func CheckEmail(address string) error {
	if !emailForm.MatchString(address) {
		return errors.New("must be an e-mail address, such as security@example.com")
	}
	return nil
}

// CheckHTTPS tells what is wrong with a URL. A password in it would stand in the configuration and in the state.
func CheckHTTPS(address string) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || !urlForm.MatchString(address) || parsed.Hostname() == "":
		return errors.New("must be an HTTPS URL, such as https://alarms.example.com/aws")
	case parsed.User != nil:
		return errors.New("must not hold a user or password: it would be readable in the configuration and the state")
	}
	return nil
}
