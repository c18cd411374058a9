// Package writable reports directories that cannot be written before something less clear does.
package writable

import (
	"errors"
	"io/fs"
	"os"
)

// Directory makes a directory with its parents, and returns what keeps files from being made in it, without the path.
func Directory(path string) error {
	err := os.MkdirAll(path, 0o777)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(path, ".writable-"); err == nil {
			return errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if failed := new(fs.PathError); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
