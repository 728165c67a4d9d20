package queue

import (
	"errors"
	"io"
	"net"

	"github.com/nats-io/nats.go"
)

// IsAway reports whether Open failed because the cluster could not be reached or has no leader yet, not because it
// refused.
func IsAway(err error) bool {
	var broken *net.OpError
	if errors.As(err, &broken) && broken.Op == "remote error" { // an alert of TLS
		return false
	}
	var network net.Error
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.As(err, &network) ||
		errors.Is(err, io.EOF)
}
