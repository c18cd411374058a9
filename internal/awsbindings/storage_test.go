package awsbindings

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	goruntime "runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPackageCacheIsOffWhereItCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	t.Setenv(cacheVariable, "")
	for root, want := range map[string][][2]string{
		filepath.Join(t.TempDir(), "new"): nil,
		filepath.Join(file, "below"):      {{cacheVariable, "disabled"}},
	} {
		t.Setenv(cacheRootVariable, root)
		assert.Equal(t, want, packageCache(), root)
	}
	t.Setenv(cacheVariable, "enabled")
	t.Setenv(cacheRootVariable, filepath.Join(file, "below"))
	assert.Nil(t, packageCache(), "the user has decided")
}

func TestCacheRootIsThatOfTheRuntime(t *testing.T) {
	if goruntime.GOOS != "linux" {
		t.Skip("jsii keeps packages elsewhere on other systems, and only the path on Linux is tested")
	}
	t.Setenv(cacheRootVariable, "")
	t.Setenv("HOME", "/home/me")
	assert.Equal(t, "/home/me/.cache/aws/jsii/package-cache", cacheRoot())
	t.Setenv("HOME", "")
	t.Setenv("TMPDIR", "/scratch")
	assert.Equal(t, "/scratch/aws-jsii-package-cache", cacheRoot())
	t.Setenv(cacheRootVariable, "/cache")
	assert.Equal(t, "/cache", cacheRoot())
}

func TestExplainSaysWhatToSet(t *testing.T) {
	t.Setenv("TMPDIR", "/scratch")
	t.Setenv(cacheRootVariable, "/cache")
	const full = "no space left in /scratch or /cache: set TMPDIR to a directory that can be written and has 10 MB " +
		"of space, " +
		"and JSII_RUNTIME_PACKAGE_CACHE=disabled to need no other"
	for want, err := range map[string]error{
		full: errors.New("ENOSPC: no space left on device, write"),
		"cannot write to the temporary directory: mkdir /scratch/jsii-runtime.1: permission denied; " +
			"set TMPDIR to a directory that can be written and has 10 MB of space": &fs.PathError{Op: "mkdir",
			Path: "/scratch/jsii-runtime.1", Err: syscall.EACCES},
		"open /etc/other: permission denied": &fs.PathError{Op: "open", Path: "/etc/other", Err: syscall.EACCES},
	} {
		assert.EqualError(t, Explain(err), want)
	}
	assert.EqualError(t, Explain(&fs.PathError{Op: "write", Path: "/scratch/x", Err: syscall.ENOSPC}), full)
}
