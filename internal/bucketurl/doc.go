// Package bucketurl reads the URLs that say where recordings are: file:///folder and s3://bucket. The
// configuration is checked by it and source opens by it. It imports nothing of the project.
package bucketurl
