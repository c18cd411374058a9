package oscal

import (
	"crypto/sha1"
	"fmt"
)

// namespaceURL is the name space of names that are URLs or URNs.
// Source: RFC 9562, section 6.6, "Namespace ID Usage and Allocation".
var namespaceURL = []byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8")

// newUUID is the UUID of version 5 of a name: the same for the same name. A library would link the network into a
// program that needs none.
// Source: RFC 9562, section 5.5, "UUID Version 5".
func newUUID(name string) string {
	sum := sha1.Sum(append(namespaceURL[:len(namespaceURL):len(namespaceURL)], name...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 5<<4
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
