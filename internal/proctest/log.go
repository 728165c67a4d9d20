package proctest

import (
	"bytes"
	"sync"
)

// Log keeps what a program says while that may be read. Its zero value is ready for use.
type Log struct {
	mutex sync.Mutex
	said  bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.said.Write(p)
}

// String returns all that was said.
func (l *Log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.said.String()
}
