package main

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// builtins are the modules of Node.js itself. They win over packages of the same name.
var builtins = strings.Fields(`
	assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
	domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring
	readline repl stream string_decoder timers tls trace_events tty url util v8 vm wasi worker_threads zlib`)

// manifest is what matters of a package.json.
type manifest struct {
	Name, Version, Type string
	License             any
	Main                any // a few packages have false
	Exports             any
}

func (f files) manifest(directory string) (manifest, error) {
	var m manifest
	name := path.Join(directory, "package.json")
	if err := json.Unmarshal(f[name], &m); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// resolve finds the file that a script means when it requires something, as Node.js does. The empty name is for what
// the package does not hold: the modules of Node.js and its peers, which stay outside.
func (f files) resolve(script, request string) (string, error) {
	directory := path.Dir(script)
	if request == "." || request == ".." || strings.HasPrefix(request, "./") || strings.HasPrefix(request, "../") {
		if target := f.fileOrFolder(path.Join(directory, request)); target != "" {
			return target, nil
		}
		return "", fmt.Errorf("%s requires %q, which does not exist", script, request)
	}
	name, subpath := splitRequest(request)
	if strings.HasPrefix(request, "node:") || slices.Contains(builtins, name) && !strings.HasSuffix(request, "/") {
		return "", nil
	}
	for ; ; directory = path.Dir(directory) {
		dependency := path.Join(directory, "node_modules", name)
		if f[path.Join(dependency, "package.json")] != nil {
			target, err := f.inPackage(dependency, subpath)
			if err != nil {
				return "", fmt.Errorf("%s requires %q: %w", script, request, err)
			}
			return target, nil
		}
		if directory == "." {
			return "", nil
		}
	}
}

// splitRequest separates the name of a package, which has a slash when it has a scope, from a path in the package.
func splitRequest(request string) (name, subpath string) {
	parts := strings.Split(request, "/")
	length := 1
	if strings.HasPrefix(request, "@") {
		length = 2
	}
	length = min(length, len(parts))
	return strings.Join(parts[:length], "/"), strings.Trim(strings.Join(parts[length:], "/"), "/")
}

// fileOrFolder completes the name of a file, or finds the entry point of a directory.
func (f files) fileOrFolder(name string) string {
	for _, candidate := range []string{name, name + ".js", name + ".json"} {
		if f[candidate] != nil {
			return candidate
		}
	}
	if manifest, err := f.manifest(name); err == nil {
		if main, isName := manifest.Main.(string); isName && path.Clean(main) != "." {
			return f.fileOrFolder(path.Join(name, main))
		}
	}
	if index := path.Join(name, "index.js"); f[index] != nil {
		return index
	}
	return ""
}

// inPackage finds a file in the package that is in a directory: its entry point if subpath is empty.
func (f files) inPackage(directory, subpath string) (string, error) {
	manifest, err := f.manifest(directory)
	if err != nil {
		return "", err
	}
	if manifest.Exports == nil {
		if target := f.fileOrFolder(path.Join(directory, subpath)); target != "" {
			return target, nil
		}
		return "", fmt.Errorf("%s has no such file", directory)
	}
	target := path.Join(directory, exported(manifest.Exports, subpath))
	if f[target] == nil {
		return "", fmt.Errorf("%s exports no such file", directory)
	}
	return target, nil
}

// exported evaluates the field "exports" of a package for a script that requires a path in it.
func exported(exports any, subpath string) string {
	if conditions, isMap := exports.(map[string]any); isMap {
		if subpath != "" {
			return target(conditions["./"+subpath])
		}
		if entry, hasPaths := conditions["."]; hasPaths {
			return target(entry)
		}
	}
	return target(exports)
}

// target picks what a script of the old kind may require from the conditions of an export.
func target(export any) string {
	switch export := export.(type) {
	case string:
		return export
	case []any:
		for _, alternative := range export {
			if found := target(alternative); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, condition := range []string{"node", "require", "default"} {
			if found := target(export[condition]); found != "" {
				return found
			}
		}
	}
	return ""
}
