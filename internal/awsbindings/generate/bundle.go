package main

import (
	"bytes"
	_ "embed" // the loader
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// loader is the entry point that runs the scripts of a bundle.
//
//go:embed loader.js
var loader []byte

// script is a module of a bundle: its text, and the files that it requires by the names it has for them.
type script struct {
	text  []byte
	links map[string]string
}

var (
	requirement = regexp.MustCompile(`\brequire\(\s*(?:"([^"]+)"|'([^']+)')\s*\)`)
	// computed matches a requirement whose target is known at run time only, or that is for modules of the new kind.
	computed = regexp.MustCompile(`\brequire\(\s*[^"'\s)]|(?:\bawait|\breturn|=>?|\()\s*import\(`)
	// ownPath matches what makes a script depend on the place of its own file.
	ownPath = regexp.MustCompile(`\b__filename\b|\b__dirname\b|\brequire\.main\b`)
)

// pruned is the package with the given description, and with one file in place of all that its entry point reaches.
func (p npmPackage) pruned(description *description) (npmPackage, error) {
	root, err := p.files.manifest("")
	if err != nil {
		return npmPackage{}, err
	}
	entry := p.files.fileOrFolder(fmt.Sprint(root.Main))
	scripts, err := p.files.reachable(entry)
	if err != nil {
		return npmPackage{}, err
	}

	kept := files{"package.json": p.files["package.json"], "LICENSE": p.files["LICENSE"]}
	if kept[".jsii"], err = description.encode(); err != nil {
		return npmPackage{}, err
	}
	if kept[path.Join(path.Dir(entry), "scripts.js")], err = bundle(scripts); err != nil {
		return npmPackage{}, err
	}
	up := strings.Repeat("../", strings.Count(entry, "/"))
	kept[entry] = append(fmt.Appendf(nil, "const entry = %q;\nconst root = %q;\n", entry, up), loader...)
	for name, script := range scripts {
		// Such a script may hand its path to another process: a file there starts the bundle, which runs the script.
		if name != entry && ownPath.Match(script.text) {
			up := strings.Repeat("../", strings.Count(name, "/"))
			kept[name] = fmt.Appendf(nil, "require(%q);\n", "./"+up+entry)
		}
	}
	if notices := p.files.notices(scripts); len(notices) > 0 {
		kept["LICENSE-THIRD-PARTY"] = notices
	}
	return npmPackage{p.identity, kept}, nil
}

// reachable returns the scripts that the entry point requires, directly or through others.
func (f files) reachable(entry string) (map[string]script, error) {
	found := map[string]script{}
	var faults []error
	for waiting := []string{entry}; len(waiting) > 0; {
		name := waiting[0]
		waiting = waiting[1:]
		if _, done := found[name]; done {
			continue
		}
		text := f[name]
		found[name] = script{text: text, links: map[string]string{}}
		if !isScript(name) {
			continue
		}
		if f.isESModule(name) || computed.Match(text) {
			faults = append(faults,
				fmt.Errorf("%s cannot be bundled: it is or imports an ES module, or computes what it requires", name))
		}
		for _, match := range requirement.FindAllSubmatch(text, -1) {
			request := string(match[1]) + string(match[2])
			target, err := f.resolve(name, request)
			faults = append(faults, err)
			if target != "" {
				found[name].links[request] = target
				waiting = append(waiting, target)
			}
		}
	}
	return found, errors.Join(faults...)
}

// isESModule reports whether Node.js takes a file for a module of the new kind: the nearest package.json decides.
func (f files) isESModule(name string) bool {
	if path.Ext(name) == ".cjs" {
		return false
	}
	for directory := path.Dir(name); ; directory = path.Dir(directory) {
		if manifest, err := f.manifest(directory); err == nil {
			return manifest.Type == "module"
		}
		if directory == "." {
			return false
		}
	}
}

// bundle writes the scripts into one file, each as a function like Node.js makes one of it.
func bundle(scripts map[string]script) ([]byte, error) {
	var names []string
	for name := range scripts {
		names = append(names, name)
	}
	slices.Sort(names)
	var bundled bytes.Buffer
	bundled.WriteString("// The scripts of this package and of those inside it, unchanged, in one file.\n({\n")
	for _, name := range names {
		links, err := json.Marshal(scripts[name].links)
		if err != nil {
			return nil, err
		}
		text := scripts[name].text
		if !isScript(name) {
			text = fmt.Appendf(nil, "module.exports = %s;", bytes.TrimSpace(text))
		}
		fmt.Fprintf(&bundled, "%q: [%s, function (exports, require, module, __filename, __dirname) {\n%s\n}],\n",
			name, links, bytes.TrimRight(text, "\n"))
	}
	bundled.WriteString("})\n")
	return bundled.Bytes(), nil
}

func isLicence(name string) bool {
	base := strings.ToUpper(path.Base(name))
	return strings.HasPrefix(base, "LICENSE") || strings.HasPrefix(base, "LICENCE") || strings.HasPrefix(base, "NOTICE")
}

// notices collects the licences of the packages inside the package that scripts come from.
func (f files) notices(scripts map[string]script) []byte {
	var directories []string
	for name := range scripts {
		if at := strings.LastIndex(name, "node_modules/"); at >= 0 {
			start := at + len("node_modules/")
			dependency, _ := splitRequest(name[start:])
			directories = append(directories, name[:start]+dependency)
		}
	}
	slices.Sort(directories)
	var notices bytes.Buffer
	for _, directory := range slices.Compact(directories) {
		manifest, _ := f.manifest(directory)
		fmt.Fprintf(&notices, "==== %s %s, licence %v ====\n\n", manifest.Name, manifest.Version, manifest.License)
		for _, name := range f.names() {
			if path.Dir(name) == directory && isLicence(name) {
				fmt.Fprintf(&notices, "%s\n\n", bytes.TrimSpace(f[name]))
			}
		}
	}
	return notices.Bytes()
}

// index is an entry point like the stock one, which exports each submodule under its name, for the given submodules.
func index(submodules []submodule) []byte {
	var index bytes.Buffer
	index.WriteString("\"use strict\";\nObject.defineProperty(exports, \"__esModule\", { value: true });\n")
	for _, submodule := range submodules {
		fmt.Fprintf(&index, "exports.%s = require(%q);\n", submodule.name, "./"+submodule.directory)
	}
	return index.Bytes()
}
