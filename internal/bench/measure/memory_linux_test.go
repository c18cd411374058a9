package measure

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryFindsNodeBelowOtherProcesses(t *testing.T) {
	node := filepath.Join(t.TempDir(), "node")
	require.NoError(t, os.WriteFile(node, []byte("#!/bin/sh\necho started\nread end\n"), 0o700))
	command := exec.Command("/bin/sh", "-c", node+"; true")
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	_, err = output.Read(make([]byte, 1))
	require.NoError(t, err)

	var memory Memory
	end := memory.Watch(command.Process.Pid)
	time.Sleep(2 * interval)
	end()
	assert.Greater(t, memory.Peak, int64(100e3))
	assert.Empty(t, nodePeaks(1<<30), "no such process")
	require.NoError(t, input.Close())
	require.NoError(t, command.Wait())
	assert.Empty(t, nodePeaks(command.Process.Pid))
}
