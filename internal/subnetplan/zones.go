package subnetplan

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MinZones is the fewest zones that a network may have: a DB subnet group needs two (RDS User Guide, "Working with a DB
// instance in a VPC").
const MinZones = 2

// CheckZoneCount reports what is wrong with the number of zones of a network.
func CheckZoneCount(count int) error {
	if count < MinZones || count > MaxZones {
		return fmt.Errorf("must be %d to %d zones, not %d", MinZones, MaxZones, count)
	}
	return nil
}

// ParseZone returns the zone of a region that a name such as "eu-central-1a" stands for. Local zones and wavelength
// zones have longer names and are refused: they hold neither RDS nor NAT for the region.
func ParseZone(region, name string) (Zone, error) {
	letter, ofRegion := strings.CutPrefix(name, region)
	if zone := Zone(letter); ofRegion && slices.Contains(Zones(), zone) {
		return zone, nil
	}
	return "", fmt.Errorf("must be a zone of the region, %s%s to %[1]s%[3]s", region, Zones()[0], Zones()[MaxZones-1])
}

// ParseZones returns the zones of a region that names stand for, in order. Each must be as ParseZone accepts it,
// and no two may be equal.
func ParseZones(region string, names []string) ([]Zone, error) {
	if err := CheckZoneCount(len(names)); err != nil {
		return nil, err
	}
	var zones []Zone
	var problems []error
	for _, name := range names {
		zone, err := ParseZone(region, name)
		if err == nil && slices.Contains(zones, zone) {
			err = errors.New("must not be a duplicate")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%q %w", name, err))
			continue
		}
		zones = append(zones, zone)
	}
	slices.Sort(zones)
	return zones, errors.Join(problems...)
}

// CheckSubset reports what is wrong with some of the zones of a network, chosen by their keys: one at least, each of
// the network, none twice.
func CheckSubset(chosen, zones []Zone) error {
	if len(chosen) == 0 {
		return errors.New("must be one zone at least")
	}
	for i, zone := range chosen {
		if !slices.Contains(zones, zone) {
			return fmt.Errorf("must be zones of the network, of %s; %q is none", join(zones), zone)
		}
		if slices.Contains(chosen[:i], zone) {
			return fmt.Errorf("must not hold %q twice", zone)
		}
	}
	return nil
}

func join(zones []Zone) string {
	keys := make([]string, len(zones))
	for i, zone := range zones {
		keys[i] = string(zone)
	}
	return strings.Join(keys, ", ")
}

// zoneID is an id of a zone (EC2 User Guide, "AWS Availability Zones": AZ IDs).
var zoneID = regexp.MustCompile(`^[a-z]{2,5}[0-9]-az[0-9]{1,2}$`)

// CheckZoneID refuses what is no id of an availability zone.
func CheckZoneID(id string) error {
	if !zoneID.MatchString(id) {
		return errors.New("must be the id of an availability zone, such as use1-az3")
	}
	return nil
}
