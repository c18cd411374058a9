package awsbindings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"syscall"

	"securebaseline/internal/writable"
)

// Variables by which the runtime decides where npm packages are unpacked, and whether they stay for the next run.
const (
	cacheVariable     = "JSII_RUNTIME_PACKAGE_CACHE"
	cacheRootVariable = "JSII_RUNTIME_PACKAGE_CACHE_ROOT"
)

// packageCache turns the package cache off where it cannot be written, as in a container whose user has no home: the
// runtime itself fails there, and below /proc it never returns. Each run then unpacks the packages anew.
func packageCache() [][2]string {
	if os.Getenv(cacheVariable) != "" {
		return nil // the user has decided
	}
	if writable.Directory(cacheRoot()) == nil {
		return nil
	}
	return [][2]string{{cacheVariable, "disabled"}}
}

// cacheRoot is the directory of the package cache, by the rules of the runtime.
func cacheRoot() string {
	if root := os.Getenv(cacheRootVariable); root != "" {
		return root
	}
	home, cache := "HOME", []string{".cache", "aws", "jsii"}
	switch goruntime.GOOS {
	case "darwin":
		cache = []string{"Library", "Caches", "com.amazonaws.jsii"}
	case "windows":
		home, cache = "LOCALAPPDATA", []string{"AWS", "jsii"}
	}
	if base := os.Getenv(home); base != "" {
		return filepath.Join(base, filepath.Join(cache...), "package-cache")
	}
	return filepath.Join(os.TempDir(), "aws-jsii-package-cache")
}

// explainStorage says what to do about a temporary directory or a package cache that cannot be written. It reports
// whether the error is of that kind.
func explainStorage(err error) (string, bool) {
	const remedy = "set TMPDIR to a directory that can be written and has 10 MB of space"
	if errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "ENOSPC") {
		return fmt.Sprintf("no space left in %s or %s: %s, and %s=disabled to need no other", os.TempDir(), cacheRoot(),
			remedy, cacheVariable), true
	}
	if failed := new(fs.PathError); errors.As(err, &failed) && strings.HasPrefix(failed.Path, os.TempDir()) {
		return fmt.Sprintf("cannot write to the temporary directory: %v; %s", err, remedy), true
	}
	return "", false
}
