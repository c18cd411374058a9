// Package constructs holds the reusable building blocks of the stack, one package each.
//
// They share one contract:
//
//   - New(scope, id, Props) (*T, error) makes the construct. Props is passed by value and holds plain Go types. The zero
//     value of an optional field is its documented, secure default; a weaker setting is a field that says so.
//   - New checks its Props before the first node exists and reports every fault at once, naming the package, the id,
//     the field, the value and the limit.
//   - Outputs are methods that return strings, lists of strings or tf.Deps. Ready names what a consumer must wait for.
//   - Order is written with DependsOn, always between constructs, and within one where no reference carries it.
//   - The owner of a resource returns the policy statements that its users need; the user lists them.
//   - Constructs import neither each other nor the stack nor the configuration.
package constructs
