package subnetplan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MinZones is the fewest zones that a network may have: a DB subnet group needs two (RDS User Guide, "Working with a DB
// instance in a VPC").
const MinZones = 2

// ParseZones returns the zones of a region that names such as "eu-central-1a" stand for, in order. Local zones and
// wavelength zones have longer names and are refused: they hold neither RDS nor NAT for the region.
func ParseZones(region string, names []string) ([]Zone, error) {
	if len(names) < MinZones || len(names) > MaxZones {
		return nil, fmt.Errorf("%d zones; allowed are %d to %d", len(names), MinZones, MaxZones)
	}
	var zones []Zone
	var faults []error
	for _, name := range names {
		letter, ofRegion := strings.CutPrefix(name, region)
		zone := Zone(letter)
		switch {
		case !ofRegion || !slices.Contains(Zones(), zone):
			faults = append(faults, fmt.Errorf("%q is not a zone of the region; allowed are %q to %q", name,
				region+string(Zones()[0]), region+string(Zones()[MaxZones-1])))
		case slices.Contains(zones, zone):
			faults = append(faults, fmt.Errorf("%q stands there twice", name))
		}
		zones = append(zones, zone)
	}
	slices.Sort(zones)
	return zones, errors.Join(faults...)
}
