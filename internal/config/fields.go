package config

import "maps"

// Field describes a field of the configuration: for the JSON Schema, by which editors complete and Load validates, and
// for the reference in docs/configuration.md. To add a field, add it to its type and to the table beside it, then run
// "make generate".
type Field struct {
	// Meaning says in whole sentences what the field is for.
	Meaning string
	// Allowed says in words what is allowed, as in "must be …", where the rest does not say it.
	Allowed string
	// Bounds are the limits of a number.
	Bounds *Bounds
	// Enum lists the allowed values of a string.
	Enum []string
	// Pattern is a regular expression for a string.
	Pattern string
	// Unique refuses duplicates in a list, MaxItems a longer one.
	Unique   bool
	MaxItems int
	// Required fields must be set by the defaults or the environment.
	Required bool
	// Like is the path of an object that has the fields of each object in a map.
	Like string
	// Default says what an unset field means, where that is no fixed value and does not depend on the profile.
	Default string
}

// Bounds are the limits of a number, both allowed, and its unit.
type Bounds struct {
	Min, Max int
	Unit     string
}

// fieldTables are the tables beside the types of this package.
var fieldTables = map[string]map[string]Field{
	"Document": documentFields, "Settings": settingsFields, "Backend": backendFields,
	"Pipeline": pipelineFields, "KMS": kmsFields,
	"Network": networkFields, "Subnets": subnetsFields, "Trust": trustFields,
	"RDS": rdsFields, "Instance": instanceFields,
	"S3": s3Fields, "DataBucket": dataBucketFields, "TrailBucket": trailBucketFields,
	"AccessLogsBucket": accessLogsBucketFields, "ObjectLock": objectLockFields,
	"Logging": loggingFields, "Alarm": alarmFields,
}

// FieldsOf returns the fields of a type of this package, by their names in JSON.
func FieldsOf(typeName string) map[string]Field { return fieldTables[typeName] }

// withFields is a table with further fields.
func withFields(table, more map[string]Field) map[string]Field {
	all := maps.Clone(table)
	maps.Copy(all, more)
	return all
}
