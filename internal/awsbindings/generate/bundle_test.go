package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/awsbindings/assembly"
)

// tricky is a package whose scripts use what a bundle could get wrong.
var tricky = files{
	"package.json": []byte(`{"name": "tricky", "version": "1.0.0", "main": "lib/index.js"}`),
	"LICENSE":      []byte("ours"),
	".jsii":        []byte(`{"name": "tricky", "submodules": {}, "types": {}}`),
	"lib/index.js": []byte(`"use strict";
exports.strict = (function () { return this === undefined; })();
exports.early = require("./circle").seen;
exports.number = 1;
exports.late = require("./circle").number();
exports.data = require("./data");
exports.theirs = require('dependency');
exports.builtin = require("path").posix.sep;
exports.own = require("./own").answer();
exports.optional = (() => { try { return require("./fails").half; } catch (e) { return e.message; } })();
try { require("missing"); } catch (e) { exports.missing = e.code; }
`),
	"lib/circle.js": []byte(`const index = require("./index"); exports.seen = Object.keys(index); exports.number = ` +
		`() => index.number;`),
	"lib/data.json": []byte(`{"key": [1]}` + "\n"),
	"lib/fails.js":  []byte(`exports.half = true; throw new Error("no");`),
	"lib/unused.js": []byte(`throw new Error("never required")`),
	"lib/own.js": []byte(`
if (process.env.ALONE && require.main !== module) process.exit(1); // rather than start itself for ever
const alone = () => require("child_process").execFileSync(process.execPath, [__filename], { env: { ALONE: "1" } });
exports.answer = () => [require("path").basename(__filename), require("path").basename(__dirname), String(alone())];
if (require.main === module) process.stdout.write("alone " + require("./data").key);
`),
	"node_modules/dependency/package.json": []byte(`{"name": "dependency", "version": "2.0.0", "license": "MIT", ` +
		`"exports": {"require": "./main.cjs"}}`),
	"node_modules/dependency/main.cjs": []byte("module.exports = this === module.exports; // the last line is a " +
		"comment"),
	"node_modules/dependency/LICENSE.md": []byte("theirs"),
}

func TestBundleBehavesLikeItsFiles(t *testing.T) {
	description, err := assembly.Parse(tricky[assembly.File])
	require.NoError(t, err)
	pruned, err := npmPackage{"tricky@1.0.0", tricky}.pruned(description)
	require.NoError(t, err)
	assert.Equal(t, []string{".jsii", "LICENSE", "LICENSE-THIRD-PARTY", "lib/bundle.js", "lib/index.js", "lib/own.js",
		"package.json"},
		pruned.files.names())
	assert.Equal(t, "==== dependency 2.0.0, licence MIT ====\n\ntheirs\n\n",
		string(pruned.files["LICENSE-THIRD-PARTY"]))

	want := evaluate(t, written(t, tricky))
	assert.Contains(t, want, `"early":["strict"],"number":1,"late":1`)
	assert.Contains(t, want, `"own":["own.js","lib","alone 1"],"optional":"no","missing":"MODULE_NOT_FOUND"`)
	directory := written(t, pruned.files)
	assert.Equal(t, want, evaluate(t, directory))
	compiled, err := filepath.Glob(filepath.Join(directory, "lib", "bundle.js.*"))
	require.NoError(t, err)
	require.Len(t, compiled, 1)
	fresh, err := os.ReadFile(compiled[0])
	require.NoError(t, err)
	assert.Equal(t, want, evaluate(t, directory), "with what the first run has compiled")
	kept, err := os.ReadFile(compiled[0])
	require.NoError(t, err)
	assert.Equal(t, fresh, kept)
	changed := bytes.Clone(kept)
	changed[len(changed)/2] ^= 1
	for _, damaged := range [][]byte{nil, kept[:len(kept)/2], changed} {
		require.NoError(t, os.WriteFile(compiled[0], damaged, 0o600))
		assert.Equal(t, want, evaluate(t, directory), "with damaged code")
		repaired, err := os.ReadFile(compiled[0])
		require.NoError(t, err)
		assert.Greater(t, len(repaired), 1000)
		assert.NotEqual(t, damaged, repaired)
	}
}

// written writes a package into a directory.
func written(t *testing.T, content files) (directory string) {
	t.Helper()
	directory = t.TempDir()
	for name, text := range content {
		path := filepath.Join(directory, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, text, 0o600))
	}
	return directory
}

// evaluate returns what the package in a directory exports, as JSON.
func evaluate(t *testing.T, directory string) string {
	t.Helper()
	output, err := exec.Command("node", "-p", fmt.Sprintf("JSON.stringify(require(%q))", directory)).CombinedOutput()
	require.NoError(t, err, string(output))
	return string(output)
}

func TestBundleRefusesWhatItCannotFind(t *testing.T) {
	content := npmPackage{"x@1.0.0",
		files{"package.json": []byte(`{"main": "index.js"}`), "index.js": []byte(`require("./ghost")`)}}
	_, err := content.pruned(&assembly.Description{})
	assert.EqualError(t, err, `index.js: Could not resolve "./ghost"`)
}
