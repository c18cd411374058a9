package subscriber

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheck(t *testing.T) {
	const (
		email  = "must be an e-mail address, such as security@example.com"
		https  = "must be an HTTPS URL, such as https://alarms.example.com/aws"
		secret = "must not hold a user or password: it would be readable in the configuration and the state"
	)
	tests := []struct {
		subscriber Subscriber
		want       string
	}{
		{Subscriber{Email, "security@example.com"}, ""},
		{Subscriber{Email, "a.b+c_d@mail.example.co.uk"}, ""},
		{Subscriber{Email, ""}, email},
		{Subscriber{Email, "security"}, email},
		{Subscriber{Email, "security@localhost"}, email},
		{Subscriber{Email, "Security <security@example.com>"}, email},
		{Subscriber{Email, "a@b@example.com"}, email},
		{Subscriber{Email, "a@-example.com"}, email},
		{Subscriber{Email, "${aws_kms_key.x.arn}@example.com"}, email},
		{Subscriber{Email, strings.Repeat("a", 65) + "@example.com"}, email},
		{Subscriber{Email, "security@example.com\n"}, email},
		{Subscriber{HTTPS, "https://alarms.example.com/aws?team=blue"}, ""},
		{Subscriber{HTTPS, "https://alarms.example.com:8443"}, ""},
		{Subscriber{HTTPS, "https://[2001:db8::1]/x"}, ""},
		{Subscriber{HTTPS, "http://alarms.example.com"}, https},
		{Subscriber{HTTPS, "https://"}, https},
		{Subscriber{HTTPS, "https:///path"}, https},
		{Subscriber{HTTPS, "https://:443/x"}, https},
		{Subscriber{HTTPS, "alarms.example.com"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/ x"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/#x"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/${file(\"x\")}"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/%zz"}, https},
		{Subscriber{HTTPS, "https://user:password@alarms.example.com"}, secret},
	}
	for _, test := range tests {
		t.Run(test.subscriber.Endpoint, func(t *testing.T) {
			if err := test.subscriber.Check(); test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.want)
			}
		})
	}
}

// The id is part of a Terraform address: another one would end the subscription and ask for confirmation anew.
func TestIDStays(t *testing.T) {
	assert.Equal(t, "email-786906db", Subscriber{Email, "security@example.com"}.ID())
	assert.NotEqual(t, Subscriber{Email, "a@example.com"}.ID(), Subscriber{Email, "b@example.com"}.ID())
}

func BenchmarkCheck(b *testing.B) {
	one := Subscriber{Protocol: Email, Endpoint: "security@example.com"}
	for b.Loop() {
		if err := one.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
