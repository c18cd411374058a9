package subscriber

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheck(t *testing.T) {
	const (
		email  = "must be an e-mail address, such as security@example.com"
		local  = "must have letters, digits, signs and single dots between them before the @"
		long   = "must be at most 254 characters long, of which 64 before the @"
		https  = "must be an HTTPS URL, such as https://alarms.example.com/aws"
		secret = "must not hold a user or password: it would be readable in the configuration and the state"
		port   = "must have a port of 1 to 65535, or none"

		behind  = "must have a host behind the @ that "
		host    = "must have a host that "
		parts   = "is of parts of 1 to 63 letters, digits and hyphens between them, joined by dots"
		full    = "is a full name, such as alarms.example.com"
		address = "is a name and no IP address"
	)
	label := strings.Repeat("a", 63) + "."
	tests := []struct {
		subscriber Subscriber
		want       string
	}{
		{Subscriber{Email, "security@example.com"}, ""},
		{Subscriber{Email, "a.b+c_d@mail.example.co.uk"}, ""},
		{Subscriber{Email, strings.Repeat("a", 64) + "@example.com"}, ""},
		{Subscriber{Email, "a@xn--bcher-kva.example"}, ""},
		{Subscriber{Email, "a@" + label + "com"}, ""},
		{Subscriber{Email, ""}, email},
		{Subscriber{Email, "security"}, email},
		{Subscriber{Email, "@example.com"}, email},
		{Subscriber{Email, "security@"}, email},
		{Subscriber{Email, "a@b@example.com"}, email},
		{Subscriber{Email, "Security <security@example.com>"}, local},
		{Subscriber{Email, ".a@example.com"}, local},
		{Subscriber{Email, "a.@example.com"}, local},
		{Subscriber{Email, "a..b@example.com"}, local},
		{Subscriber{Email, "bücher@example.com"}, local},
		{Subscriber{Email, "${aws_kms_key.x.arn}@example.com"}, local},
		{Subscriber{Email, "a{b}@example.com"}, local},
		{Subscriber{Email, strings.Repeat("a", 65) + "@example.com"}, long},
		{Subscriber{Email, "a@" + strings.Repeat(label, 4) + "com"}, long},
		{Subscriber{Email, "security@localhost"}, behind + full},
		{Subscriber{Email, "a@-example.com"}, behind + parts},
		{Subscriber{Email, "a@example-.com"}, behind + parts},
		{Subscriber{Email, "a@example..com"}, behind + parts},
		{Subscriber{Email, "a@example.com."}, behind + parts},
		{Subscriber{Email, "a@a" + label + "com"}, behind + parts},
		{Subscriber{Email, "a@exam_ple.com"}, behind + parts},
		{Subscriber{Email, "security@example.com\n"}, behind + parts},
		{Subscriber{Email, "a@10.0.0.1"}, behind + address},
		{Subscriber{Email, "a@[10.0.0.1]"}, behind + parts},
		{Subscriber{Email, "a@example.c"}, behind + "ends with a domain of two letters or more"},
		{Subscriber{Email, "a@mail.local"},
			behind + "does not end with local, by which no server is reached from the internet"},
		{Subscriber{HTTPS, "https://alarms.example.com/aws?team=blue"}, ""},
		{Subscriber{HTTPS, "https://alarms.example.com:8443"}, ""},
		{Subscriber{HTTPS, "https://ALARMS.example.com:65535/"}, ""},
		{Subscriber{HTTPS, "http://alarms.example.com"}, https},
		{Subscriber{HTTPS, "https://"}, https},
		{Subscriber{HTTPS, "https:///path"}, https},
		{Subscriber{HTTPS, "alarms.example.com"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/ x"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/#x"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/${file(\"x\")}"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/%zz"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/\n"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com:port"}, https},
		{Subscriber{HTTPS, "https://alarms.example.com/" + strings.Repeat("a", 2048)},
			"must be at most 2048 characters long, not 2075"},
		{Subscriber{HTTPS, "https://user:password@alarms.example.com"}, secret},
		{Subscriber{HTTPS, "https://alarms.example.com:99999"}, port},
		{Subscriber{HTTPS, "https://alarms.example.com:0"}, port},
		{Subscriber{HTTPS, "https://alarms.example.com:"}, port},
		{Subscriber{HTTPS, "https://:443/x"}, host + full},
		{Subscriber{HTTPS, "https://a..b"}, host + parts},
		{Subscriber{HTTPS, "https://-x.com"}, host + parts},
		{Subscriber{HTTPS, "https://x_y.com"}, host + parts},
		{Subscriber{HTTPS, "https://" + strings.Repeat(label, 4) + "com"},
			host + "is at most 253 characters long, not 259"},
		{Subscriber{HTTPS, "https://alarms"}, host + full},
		{Subscriber{HTTPS, "https://localhost:8080/x"}, host + full},
		{Subscriber{HTTPS, "https://x.localhost/x"},
			host + "does not end with localhost, by which no server is reached from the internet"},
		{Subscriber{HTTPS, "https://api.acme.INTERNAL"},
			host + "does not end with internal, by which no server is reached from the internet"},
		{Subscriber{HTTPS, "https://10.0.0.1/x"}, host + address},
		{Subscriber{HTTPS, "https://1.2.3.4.5/x"}, host + address},
		{Subscriber{HTTPS, "https://[2001:db8::1]/x"}, host + address},
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
