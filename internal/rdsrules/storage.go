package rdsrules

import (
	"errors"
	"fmt"
)

// Limits of gp3 storage for PostgreSQL (RDS User Guide, "Amazon RDS DB instance storage", gp3 storage).
const (
	MinStorageGiB = 20
	MaxStorageGiB = 65536

	// stripedGiB is where RDS spreads a volume over four. Below it performance is fixed at 3,000 IOPS and 125 MiB/s and
	// must not be given; from there on it begins at the minimum below.
	stripedGiB       = 400
	MinIOPS          = 12000
	MaxIOPS          = 64000
	MinThroughputMiB = 500
	MaxThroughputMiB = 4000
	// iopsPerMiB is how many IOPS each MiB/s takes.
	iopsPerMiB = 4
)

// CheckStorage tells what is wrong with a size of storage, in GiB.
func CheckStorage(gib int) error {
	if gib < MinStorageGiB || gib > MaxStorageGiB {
		return fmt.Errorf("must be %d to %d GiB", MinStorageGiB, MaxStorageGiB)
	}
	return nil
}

// CheckMaxStorage tells what is wrong with the size up to which RDS may enlarge the storage. It must leave room for one
// step of a tenth (RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling").
func CheckMaxStorage(gib, most int) error {
	if least := gib + (gib+9)/10; most < least || most > MaxStorageGiB {
		return fmt.Errorf("must be %d GiB, 10 %% more than the storage, to %d GiB", least, MaxStorageGiB)
	}
	return nil
}

// CheckPerformance tells what is wrong with the performance of a volume, in IOPS and MiB/s; 0 is its baseline.
func CheckPerformance(gib, iops, throughput int) error {
	switch {
	case iops == 0 && throughput == 0:
		return nil
	case gib < stripedGiB:
		return fmt.Errorf("cannot be set below %d GiB of storage, where it is fixed; leave IOPS and throughput out", stripedGiB)
	case iops == 0 || throughput == 0:
		return errors.New("goes with a throughput; set both or neither")
	case iops < MinIOPS || iops > MaxIOPS:
		return fmt.Errorf("must be %d to %d IOPS", MinIOPS, MaxIOPS)
	case throughput < MinThroughputMiB || throughput > MaxThroughputMiB:
		return fmt.Errorf("needs a throughput of %d to %d MiB/s, not %d", MinThroughputMiB, MaxThroughputMiB, throughput)
	case throughput*iopsPerMiB > iops:
		return fmt.Errorf("must be at least %d for a throughput of %d MiB/s, %d IOPS for each", throughput*iopsPerMiB, throughput, iopsPerMiB)
	}
	return nil
}
