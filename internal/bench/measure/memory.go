package measure

import (
	"sync"
	"time"
)

// interval is how often a process is looked at. The kernel keeps the peak, so only what happens after the last look
// is missed.
const interval = 10 * time.Millisecond

// Memory watches how much memory the Node.js processes below another process take.
type Memory struct {
	// Peak is the most that a single process has held, in bytes; zero where the system does not tell.
	Peak int64
}

// Watch begins to look at the descendants of a process, and returns a function that ends it.
func (m *Memory) Watch(process int) (end func()) {
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for tick := time.Tick(interval); ; {
			for _, held := range nodePeaks(process) {
				m.Peak = max(m.Peak, held)
			}
			select {
			case <-stop:
				return
			case <-tick:
			}
		}
	})
	return func() {
		close(stop)
		done.Wait()
	}
}
