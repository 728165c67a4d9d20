// Package certtest makes certificates for tests of TLS: an authority of a test's own and what it signs.
package certtest
