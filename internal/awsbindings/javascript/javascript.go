// Package javascript holds the scripts that Node.js runs for this project.
package javascript

import _ "embed" // the scripts

var (
	//go:embed compiled.js
	compiled string
	//go:embed loader.js
	loader string
	//go:embed launched.js
	launched string
)

var (
	// Loader is the entry point of a pruned npm package. It runs the file bundle.js beside it.
	Loader = []byte(compiled + loader)
	// Launched runs the runtime of jsii as the launcher's child. Its arguments are the file of the runtime, and the
	// directory that keeps what V8 has compiled, empty where nothing is to be kept.
	Launched = []byte(compiled + launched)
)
