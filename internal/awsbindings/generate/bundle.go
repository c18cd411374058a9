package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"securebaseline/internal/awsbindings/assembly"
	"securebaseline/internal/awsbindings/javascript"
)

// ownPath matches what makes a script depend on the place of its own file.
var ownPath = regexp.MustCompile(`\b__filename\b|\b__dirname\b|\brequire\.main\b`)

// pruned is the package with the given description, and with one file in place of all that its entry point reaches.
func (p npmPackage) pruned(description *assembly.Description) (npmPackage, error) {
	root, err := p.files.manifest("")
	if err != nil {
		return npmPackage{}, err
	}
	entry := path.Clean(fmt.Sprint(root.Main))
	built, inputs, err := p.files.bundle(entry, root.peers())
	if err != nil {
		return npmPackage{}, err
	}
	kept := files{"package.json": p.files["package.json"], "LICENSE": p.files["LICENSE"], entry: javascript.Loader}
	if err := description.StripDocs(); err != nil {
		return npmPackage{}, err
	}
	if kept[assembly.File], err = description.Encode(); err != nil {
		return npmPackage{}, err
	}
	for name, text := range built {
		if name == entry {
			name = path.Join(path.Dir(entry), "bundle.js")
		}
		kept[name] = text
	}
	if notices := p.files.notices(inputs); len(notices) > 0 {
		kept["LICENSE-THIRD-PARTY"] = notices
	}
	return npmPackage{p.identity, kept}, nil
}

// bundle returns a bundle of all that the entry point reaches except the peers, and the names of the files in it. A
// script that depends on the place of its own file, for example to start it in another process, gets a bundle of its
// own at that place.
func (f files) bundle(entry string, peers []string) (bundles files, inputs []string, err error) {
	directory, err := os.MkdirTemp("", "bundle-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(directory)
	for name, content := range f {
		target := filepath.Join(directory, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o700),
			os.WriteFile(target, content, 0o600)); err != nil {
			return nil, nil, err
		}
	}
	_, inputs, err = esbuild(directory, []string{entry}, peers)
	if err != nil {
		return nil, nil, err
	}
	entries := []string{entry}
	for _, name := range inputs {
		if name != entry && !strings.Contains(name, "node_modules/") && ownPath.Match(f[name]) {
			entries = append(entries, name)
		}
	}
	bundles, _, err = esbuild(directory, entries, peers)
	return bundles, inputs, err
}

// esbuild bundles entry points in a directory, each without the others.
func esbuild(directory string, entries, peers []string) (bundles files, inputs []string, err error) {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:  directory,
		EntryPoints:    entries,
		Outdir:         directory,
		Outbase:        directory,
		Bundle:         true,
		Platform:       api.PlatformNode,
		Format:         api.FormatCommonJS,
		Target:         api.ES2022,
		External:       peers,
		LegalComments:  api.LegalCommentsNone,
		AllowOverwrite: true,
		Metafile:       true,
		Plugins:        []api.Plugin{separate(entries)},
	})
	var problems []error
	for _, message := range append(result.Errors, result.Warnings...) {
		place := ""
		if message.Location != nil {
			place = message.Location.File + ": "
		}
		problems = append(problems, errors.New(place+message.Text))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, nil, err
	}
	var meta struct{ Inputs map[string]any }
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, err
	}
	bundles = files{}
	for _, file := range result.OutputFiles {
		name, err := filepath.Rel(directory, file.Path)
		if err != nil {
			return nil, nil, err
		}
		bundles[filepath.ToSlash(name)] = file.Contents
	}
	return bundles, slices.Sorted(maps.Keys(meta.Inputs)), nil
}

// separate keeps entry points out of each other's bundles: one requires the file of the other.
func separate(entries []string) api.Plugin {
	return api.Plugin{Name: "separate", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^\.\.?/`},
			func(arguments api.OnResolveArgs) (api.OnResolveResult, error) {
				if arguments.Kind == api.ResolveEntryPoint {
					return api.OnResolveResult{}, nil
				}
				from, err := filepath.Rel(build.InitialOptions.AbsWorkingDir, arguments.ResolveDir)
				if err != nil {
					return api.OnResolveResult{}, err
				}
				target := path.Join(filepath.ToSlash(from), arguments.Path)
				for _, entry := range entries[1:] {
					if strings.TrimSuffix(entry, path.Ext(entry)) == strings.TrimSuffix(target, ".js") {
						relative, err := filepath.Rel(path.Dir(entries[0]), entry)
						return api.OnResolveResult{Path: "./" + filepath.ToSlash(relative), External: true}, err
					}
				}
				return api.OnResolveResult{}, nil
			})
	}}
}

func isLicence(name string) bool {
	base := strings.ToUpper(path.Base(name))
	return strings.HasPrefix(base, "LICENSE") || strings.HasPrefix(base, "LICENCE") || strings.HasPrefix(base, "NOTICE")
}

// inDependency matches the directory of a package inside the package.
var inDependency = regexp.MustCompile(`^.*node_modules/(?:@[^/]+/)?[^/]+`)

// notices collects the licences of the packages inside the package that bundled files come from.
func (f files) notices(inputs []string) []byte {
	var directories []string
	for _, name := range inputs {
		if directory := inDependency.FindString(name); directory != "" {
			directories = append(directories, directory)
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

// manifest is what matters of a package.json.
type manifest struct {
	Name, Version    string
	Main             any // a few packages have false
	License          any
	PeerDependencies map[string]string
}

// peers are the packages that stay outside of the bundle, because the runtime loads them once for all.
func (m manifest) peers() []string { return slices.Sorted(maps.Keys(m.PeerDependencies)) }

func (f files) manifest(directory string) (manifest, error) {
	var m manifest
	name := path.Join(directory, "package.json")
	if err := json.Unmarshal(f[name], &m); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
