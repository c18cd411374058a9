package rdsrules

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// GiB is 2^30 bytes.
const GiB = 1 << 30

// classForm takes an instance class apart: the letters of its family, its generation and attributes, its size.
var classForm = regexp.MustCompile(`^db\.([a-z]+)([0-9]+)([a-z]*)\.(micro|small|medium|large|([0-9]*)xlarge)$`)

// gibPerVCPU is the memory that a family gives to each virtual CPU: general purpose, memory optimized and compute
// optimized (RDS User Guide, "Hardware specifications for DB instance classes"). All generations keep to it.
var gibPerVCPU = map[string]int{"m": 4, "r": 8, "c": 2}

// burstableGiB is the memory of the burstable classes, which does not follow from the number of CPUs.
var burstableGiB = map[string]int{"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}

// Memory returns the bytes of memory of an instance class, or what is wrong with the class. Families whose memory
// follows no rule are left out: alarms are made from it.
func Memory(class string) (int, error) {
	parts := classForm.FindStringSubmatch(class)
	if parts == nil {
		return 0, errors.New("must be an instance class, such as db.t4g.medium")
	}
	family, size := parts[1], parts[4]
	if family == "t" {
		gib, known := burstableGiB[size]
		if !known {
			return 0, errors.New("is not a size of the burstable classes; allowed are micro, small, medium, large, xlarge and 2xlarge")
		}
		return gib * GiB, nil
	}
	perVCPU, known := gibPerVCPU[family]
	if !known {
		return 0, errors.New("is of an unknown family; allowed are the families c, m, r and t")
	}
	vcpus, err := virtualCPUs(size, parts[5])
	return vcpus * perVCPU * GiB, err
}

// maxVCPUs is the largest size that AWS sells, 48xlarge.
const maxVCPUs = 4 * 48

// virtualCPUs counts 2 for a "large", 4 for an "xlarge" and 4n for an "nxlarge".
func virtualCPUs(size, multiple string) (int, error) {
	switch size {
	case "large":
		return 2, nil
	case "xlarge":
		return 4, nil
	}
	n, err := strconv.Atoi(multiple)
	if err != nil || n < 2 || 4*n > maxVCPUs {
		return 0, fmt.Errorf("is not a size of this family; allowed are large, xlarge and 2xlarge to %dxlarge", maxVCPUs/4)
	}
	return 4 * n, nil
}

// MaxConnections is how many connections PostgreSQL on RDS accepts by default with so many bytes of memory (RDS User
// Guide, "Maximum number of database connections"). RDS counts only the memory that its own processes leave, so the true
// number is somewhat lower.
func MaxConnections(memory int) int {
	const bytesPerConnection, most = 9531392, 5000
	return min(memory/bytesPerConnection, most)
}
