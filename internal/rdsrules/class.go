package rdsrules

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// GiB is 2^30 bytes.
const GiB = 1 << 30

// classForm takes an instance class apart: its family with generation and attributes, and its size.
var classForm = regexp.MustCompile(`^db\.([a-z]+[0-9]+[a-z]*)\.([a-z0-9]+)$`)

// Sizes that many families share.
const (
	burstable = "micro small medium large xlarge 2xlarge"
	upTo16    = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
	upTo24    = upTo16 + " 24xlarge"
	upTo32    = upTo24 + " 32xlarge"
	upTo48    = upTo24 + " 48xlarge"
)

// sizes are those in which RDS sells a family for an instance of PostgreSQL (RDS User Guide, "Supported DB engines for
// DB instance classes"). Left out are families that are there for other engines or Multi-AZ clusters alone, and those
// that RDS no longer makes new instances of.
var sizes = map[string]string{
	"t3": burstable, "t4g": burstable,
	"m5": upTo24, "m5d": upTo24, "m6g": upTo16, "m6gd": upTo16, "m6i": upTo32, "m6id": upTo32, "m6idn": upTo32,
	"m6in": upTo32,
	"m7g":  upTo16, "m7i": upTo48, "m8g": upTo48, "m8gd": upTo48,
	"r5": upTo24, "r5b": upTo24, "r5d": upTo24, "r6g": upTo16, "r6gd": upTo16, "r6i": upTo32, "r6id": upTo32,
	"r6idn": upTo32,
	"r6in":  upTo32, "r7g": upTo16, "r7i": upTo48, "r8g": upTo48, "r8gd": upTo48,
	"x2g": upTo16, "x2idn": "16xlarge 24xlarge 32xlarge",
	"x2iedn": "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge",
}

// gibPerVCPU is the memory that each virtual CPU has, by the letter of the family or by the family itself (RDS User
// Guide, "Hardware specifications for DB instance classes").
var gibPerVCPU = map[string]int{"m": 4, "r": 8, "x": 16, "x2iedn": 32}

// burstableGiB is the memory of the burstable classes, which does not follow from the number of CPUs.
var burstableGiB = map[string]int{"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}

// Classes lists the instance classes that RDS sells for PostgreSQL, in no order that matters.
func Classes() []string {
	var all []string
	for _, family := range slices.Sorted(maps.Keys(sizes)) {
		for _, size := range strings.Fields(sizes[family]) {
			all = append(all, "db."+family+"."+size)
		}
	}
	return all
}

// Memory returns the bytes of memory of an instance class, or what is wrong with the class. Alarms are made from it.
func Memory(class string) (int, error) {
	parts := classForm.FindStringSubmatch(class)
	if parts == nil {
		return 0, errors.New("must be an instance class, such as db.t4g.medium")
	}
	family, size := parts[1], parts[2]
	known, sold := sizes[family]
	if !sold {
		return 0, fmt.Errorf("must be of a family that RDS sells for PostgreSQL, one of %s",
			strings.Join(slices.Sorted(maps.Keys(sizes)), ", "))
	}
	if !slices.Contains(strings.Fields(known), size) {
		return 0, fmt.Errorf("must be of a size of its family, one of %s", strings.ReplaceAll(known, " ", ", "))
	}
	if known == burstable {
		return burstableGiB[size] * GiB, nil
	}
	perVCPU, special := gibPerVCPU[family]
	if !special {
		perVCPU = gibPerVCPU[family[:1]]
	}
	return virtualCPUs(size) * perVCPU * GiB, nil
}

// virtualCPUs counts 2 for a "large", 4 for an "xlarge" and 4n for an "nxlarge".
func virtualCPUs(size string) int {
	multiple := strings.TrimSuffix(size, "xlarge")
	switch {
	case size == "large":
		return 2
	case multiple == "":
		return 4
	}
	n, _ := strconv.Atoi(multiple) // of the table
	return 4 * n
}

// MaxConnections is how many connections PostgreSQL on RDS accepts by default with so many bytes of memory (RDS User
// Guide, "Maximum number of database connections"). RDS counts only the memory that its own processes leave, so the
// true number is somewhat lower.
func MaxConnections(memory int) int {
	const bytesPerConnection, most = 9531392, 5000
	return min(memory/bytesPerConnection, most)
}
