package template

import (
	"fmt"
	"strings"

	"securebaseline/internal/iampolicy"
)

// Values stand in for what is known only at plan or apply, by expression: "aws_kms_key.logs-key_0A1B2C3D.arn" for
// "${aws_kms_key.logs-key_0A1B2C3D.arn}".
type Values map[string]string

// Resolve puts the values in place of their expressions.
func (v Values) Resolve(text string) string {
	for expression, value := range v {
		text = strings.ReplaceAll(text, "${"+expression+"}", value)
	}
	return text
}

// Policy parses a policy attribute as AWS will read it, with values in place of expressions. It fails if an expression
// has no value: unresolved, it would match nothing.
func (r Resource) Policy(attribute string, values Values) (iampolicy.Document, error) {
	text, isString := r.String(attribute)
	if !isString {
		return iampolicy.Document{}, fmt.Errorf("%s.%s: must be the JSON of a policy", r.Address, attribute)
	}
	text = values.Resolve(text)
	if unresolved := variables(text); len(unresolved) > 0 {
		return iampolicy.Document{},
			fmt.Errorf("%s.%s: ${%s} has no value", r.Address, attribute, expression(unresolved[0]))
	}
	// "$${" is how Terraform is told to leave a policy variable to AWS.
	document, err := iampolicy.Parse(strings.ReplaceAll(text, "$${", "${"))
	if err != nil {
		return iampolicy.Document{}, fmt.Errorf("%s.%s: %w", r.Address, attribute, err)
	}
	return document, nil
}
