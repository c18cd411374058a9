package rdsrules

import (
	"errors"
	"fmt"
)

// Limits of gp3 storage for PostgreSQL (RDS User Guide, "Amazon RDS DB instance storage", gp3 storage).
const (
	MinStorageGiB = 20
	MaxStorageGiB = 65536
	// MaxInitialStorageGiB leaves room below MaxStorageGiB for one step of autoscaling, of a tenth.
	MaxInitialStorageGiB = 59578
	// MinGrownStorageGiB is the least that the smallest volume can be allowed to grow to.
	MinGrownStorageGiB = MinStorageGiB * 11 / 10

	// StripedGiB is where RDS spreads a volume over four. Below it performance is fixed at 3,000 IOPS and 125 MiB/s and
	// must not be given; from there on it begins at the minimum below.
	StripedGiB       = 400
	MinIOPS          = 12000
	MaxIOPS          = 64000
	MinThroughputMiB = 500
	MaxThroughputMiB = 4000
	// iopsPerMiB is how many IOPS each MiB/s takes.
	iopsPerMiB = 4
)

// CheckStorage reports what is wrong with the initial size of storage, in GiB.
func CheckStorage(gib int) error {
	if gib < MinStorageGiB || gib > MaxInitialStorageGiB {
		return fmt.Errorf("must be %d to %d GiB, so that there is room to grow by 10 %% to %d", MinStorageGiB,
			MaxInitialStorageGiB, MaxStorageGiB)
	}
	return nil
}

// CheckMaxStorage reports what is wrong with the size up to which RDS may enlarge the storage. It must leave room for
// one step of a tenth (RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling").
func CheckMaxStorage(gib, most int) error {
	if least := gib + (gib+9)/10; most < least || most > MaxStorageGiB {
		return fmt.Errorf("must be %d to %d GiB, at least 10 %% more than the initial storage", least, MaxStorageGiB)
	}
	return nil
}

// CheckPerformance reports what is wrong with the speed of a volume, in IOPS and in MiB/s; 0 is its baseline, for both.
func CheckPerformance(gib, iops, throughput int) (iopsErr, throughputErr error) {
	fixed := fmt.Errorf("must be left out below %d GiB of storage, where the speed is fixed", StripedGiB)
	switch {
	case iops == 0 && throughput == 0:
		return nil, nil
	case gib < StripedGiB && iops == 0:
		return nil, fixed
	case gib < StripedGiB && throughput == 0:
		return fixed, nil
	case gib < StripedGiB:
		return fixed, fixed
	case iops == 0:
		return errors.New("must be set together with the throughput"), nil
	case throughput == 0:
		return nil, errors.New("must be set together with the IOPS")
	}
	if iops < MinIOPS || iops > MaxIOPS {
		iopsErr = fmt.Errorf("must be %d to %d IOPS", MinIOPS, MaxIOPS)
	}
	if throughput < MinThroughputMiB || throughput > MaxThroughputMiB {
		throughputErr = fmt.Errorf("must be %d to %d MiB/s", MinThroughputMiB, MaxThroughputMiB)
	}
	if iopsErr == nil && throughputErr == nil && throughput*iopsPerMiB > iops {
		iopsErr = fmt.Errorf("must be at least %d for a throughput of %d MiB/s, %d IOPS for each",
			throughput*iopsPerMiB, throughput, iopsPerMiB)
	}
	return iopsErr, throughputErr
}
