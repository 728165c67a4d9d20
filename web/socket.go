package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// longestSocket is the longest path that the address of a Unix socket may have, on all systems.
const longestSocket = 100

// unixPrefix marks the address of a Unix socket.
const unixPrefix = "unix:"

func listen(ctx context.Context, address string) (net.Listener, error) {
	path, ok := strings.CutPrefix(address, unixPrefix)
	if !ok {
		return new(net.ListenConfig).Listen(ctx, "tcp", address)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a killed process
		return nil, err
	}
	var listener net.Listener
	err := reachable(path, func(path string) (err error) {
		listener, err = new(net.ListenConfig).Listen(ctx, "unix", path)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listener, os.Chmod(path, 0o600)
}

// reachable calls use with a name of path that is short enough for the address of a socket.
func reachable(path string, use func(string) error) error {
	if len(path) <= longestSocket {
		return use(path)
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return use(filepath.Join(fmt.Sprintf("/proc/self/fd/%d", folder.Fd()), filepath.Base(path)))
}

// SocketClient returns a client whose requests all go to the Unix socket at path, whatever host they name.
func SocketClient(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (conn net.Conn, err error) {
			err = reachable(path, func(path string) (err error) {
				conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
				return err
			})
			return conn, err
		},
	}}
}
