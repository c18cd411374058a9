package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSourceMapIsCutOff(t *testing.T) {
	for _, test := range []struct{ script, want string }{
		{"a;\n//# sourceMappingURL=data:x", "a;\n"},
		{"a;\n//# sourceMappingURL=data:x\n", "a;\n"},
		{"a;\n//# sourceMappingURL=data:x\nb;\n", "a;\n//# sourceMappingURL=data:x\nb;\n"},
		{"a;\n", "a;\n"},
	} {
		assert.Equal(t, test.want, string(withoutSourceMap([]byte(test.script))))
	}
}

func TestArchiveFollowsFromItsFiles(t *testing.T) {
	content := npmPackage{"x@1.0.0",
		files{"package.json": []byte(`{}`), "LICENSE": []byte("text"), "lib/a.js": []byte("a;\n")}}
	first, second := filepath.Join(t.TempDir(), "1.tgz"), filepath.Join(t.TempDir(), "2.tgz")
	require.NoError(t, writeArchive(first, content))
	require.NoError(t, writeArchive(second, content))
	one, err := os.ReadFile(first)
	require.NoError(t, err)
	two, err := os.ReadFile(second)
	require.NoError(t, err)
	assert.Equal(t, one, two)

	compressed, err := gzip.NewReader(bytes.NewReader(one))
	require.NoError(t, err)
	assert.Equal(t, "x@1.0.0", compressed.Comment)
	header, err := tar.NewReader(compressed).Next()
	require.NoError(t, err)
	assert.Equal(t, "package/LICENSE 644 0 0 1985-10-26 08:15:00", fmt.Sprintf("%s %o %d %d %s",
		header.Name, header.Mode, header.Uid, header.Gid, header.ModTime.UTC().Format(time.DateTime)))

	back, err := readArchive(first)
	require.NoError(t, err)
	assert.Equal(t, content, back)
	assert.Empty(t, differences(back, content))
}

func TestDifferencesAreNamed(t *testing.T) {
	have := npmPackage{"x@1.0.0", files{"a": []byte("1"), "b": []byte("1")}}
	want := npmPackage{"x@2.0.0", files{"a": []byte("2"), "c": []byte("1")}}
	assert.Equal(t, []string{"it holds x@1.0.0, not x@2.0.0", "a differs", "c is missing", "b is superfluous"},
		differences(have, want))
}
