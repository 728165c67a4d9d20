package source

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// Object is one version of a recording in a bucket. It is all that a worker on another machine needs to fetch
// it, given the same settings.
type Object struct {
	Source   string        `json:"source"`            // the name of its bucket in the settings
	Key      string        `json:"key"`               // its name in the bucket, whole
	Version  string        `json:"version"`           // changes when its bytes do
	Size     int64         `json:"size"`              // bytes
	ModTime  time.Time     `json:"mod_time"`          // by the store's clock
	Metadata call.Metadata `json:"metadata,omitzero"` // what a manifest in the bucket says of it
}

// ID is the same for the same version of the same object, wherever it is asked for: 32 hexadecimal digits.
func (o Object) ID() string {
	digest := o.digest()
	return hex.EncodeToString(digest[:])
}

type digest [16]byte

func (o Object) digest() digest {
	hash := sha256.New()
	for _, part := range []string{o.Source, o.Key, o.Version} {
		_, _ = io.WriteString(hash, part+"\x00") // a hash takes everything
	}
	return digest(hash.Sum(nil)[:len(digest{})])
}
