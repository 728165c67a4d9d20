package loopback

import "net"

// Host reports whether host is localhost or a loopback address, without brackets. Any other name could be anything.
func Host(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
