// Package source finds recordings and what is known about them: by folder, by file, or by a manifest
// (CSV or JSON lines); with metadata from the manifest, a sidecar file <recording>.json, or the
// file's name. Buckets are folders and object stores that are watched for what is new. It may import call and
// internal/bucketurl.
package source
