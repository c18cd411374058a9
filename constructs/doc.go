// Package constructs holds the reusable building blocks of the stack, one package each.
//
// They share one contract:
//
//   - New(scope, id, Props) (*T, error) makes the construct. Props is passed by value and holds plain Go types. The
//     zero value of an optional field is its documented, secure default; a weaker setting is a field that says so.
//   - New checks its Props and renders all policies before the first node exists, and reports every problem at once:
//     "props.Field = value: must be …".
//   - A construct takes the physical names of its resources, as the policies of others mention them;
//     internal/inventory computes them, and nothing computes one a second time. Props.Naming gives the tags.
//   - Outputs are methods that return strings, lists of strings, or a tf.Ref: name, ARN, and in Ready what a consumer
//     must wait for. What another construct has made comes in as a tf.Ref.
//   - Order is written with DependsOn, always between constructs, and within one where no reference carries it.
//   - The owner of a resource returns the policy statements that its users need; the user lists them.
//   - Constructs import neither each other nor the stack nor the configuration.
package constructs
