package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/logging"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/bucketurl"
)

const (
	answerLimit = time.Minute // until a store's answer begins
	stallLimit  = time.Minute // without a byte of an object
	listPage    = 1000        // keys a request: S3's limit
)

// objects is a backend of an object store, through gocloud.dev/blob.
type objects struct {
	bucket *blob.Bucket
	name   string // s3://bucket
	report func(Problem)
}

// openObjects reads the settings and the keys; the store is asked nothing yet.
func openObjects(ctx context.Context, u bucketurl.URL, cfg BucketConfig, report func(Problem)) (*objects, error) {
	loaded, err := config.LoadDefaultConfig(ctx, awsOptions(u, cfg.Credentials)...)
	if err != nil {
		return nil, fmt.Errorf("read access keys: %w", withoutPath(err))
	}
	if loaded.Region == "" && u.Endpoint == "" {
		return nil, fmt.Errorf("%w: the URL names neither a region nor an endpoint", call.ErrInvalid)
	}
	loaded.Credentials = keys{loaded.Credentials}
	if u.Endpoint != "" {
		if _, err := loaded.Credentials.Retrieve(ctx); err != nil { // from files and the environment alone
			return nil, err
		}
	}
	loaded.Region = cmp.Or(loaded.Region, "us-east-1") // compatible stores take any, as long as it is signed
	client := s3.NewFromConfig(loaded, func(o *s3.Options) {
		o.UsePathStyle = u.PathStyle
		if u.Endpoint != "" {
			o.BaseEndpoint = aws.String(u.Endpoint)
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired // older stores know no others
		}
	})
	bucket, err := s3blob.OpenBucket(ctx, client, u.Bucket, &s3blob.Options{RequestChecksumCalculation: client.Options().RequestChecksumCalculation})
	if err != nil {
		return nil, err
	}
	return &objects{bucket: bucket, name: "s3://" + u.Bucket, report: report}, nil
}

func awsOptions(u bucketurl.URL, credentials string) []func(*config.LoadOptions) error {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = answerLimit })
	options := []func(*config.LoadOptions) error{config.WithHTTPClient(client), config.WithLogger(logging.Nop{})} // errors say it
	if credentials != "" {
		options = append(options, config.WithSharedCredentialsFiles([]string{credentials}), config.WithSharedConfigFiles([]string{}))
		if u.Profile == "" {
			options = append(options, config.WithSharedConfigProfile("default")) // the file is meant, whatever the environment says
		}
	}
	if u.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(u.Profile))
	}
	if u.Region != "" {
		options = append(options, config.WithRegion(u.Region))
	}
	if u.Endpoint != "" { // not Amazon's: there is no machine to ask for keys
		options = append(options, config.WithEC2IMDSClientEnableState(imds.ClientDisabled))
	}
	return options
}

func (s *objects) list(ctx context.Context, prefix string, yield func(Object) error) error {
	options := &blob.ListOptions{Prefix: prefix}
	for token := blob.FirstPageToken; token != nil; {
		page, next, err := s.bucket.ListPage(ctx, token, listPage, options)
		if err != nil {
			return plainly(err)
		}
		for _, o := range page {
			if !bucketurl.CleanKey(o.Key) {
				s.refuse(o.Key)
				continue
			}
			if err := yield(Object{Key: o.Key, Version: etag(o), Size: o.Size, ModTime: o.ModTime}); err != nil {
				return err
			}
		}
		token = next
	}
	return nil
}

// refuse reports a recording by a name that could lead elsewhere. Folders of a console, which end with a slash,
// are no recordings.
func (s *objects) refuse(key string) {
	if IsAudio(key) {
		s.report(Problem{Path: s.name + "/" + strings.ToValidUTF8(key, "\ufffd"), Err: call.NewFault(faultBadName,
			"the recording's name has empty parts, parts that lead elsewhere, or characters that cannot be printed", nil)})
	}
}

// etag is what a store calls a version of an object.
func etag(o *blob.ListObject) string {
	var object types.Object
	if o.As(&object) && object.ETag != nil {
		return strings.Trim(*object.ETag, `"`)
	}
	return fmt.Sprintf("%d-%d", o.Size, o.ModTime.UnixMilli())
}

// fetch copies the object into a new folder below dir, under a name of our own.
func (s *objects) fetch(ctx context.Context, o Object, dir string, limit int64) (_ fetched, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	reader, err := s.bucket.NewReader(ctx, o.Key, nil)
	if err != nil {
		return fetched{}, objectFault(err)
	}
	defer reader.Close()
	var head s3.GetObjectOutput
	isS3 := reader.As(&head)
	switch {
	case isS3 && o.Version != "" && strings.Trim(aws.ToString(head.ETag), `"`) != o.Version:
		return fetched{}, call.NewFault(faultChanged, "the recording has changed since it was found", nil)
	case reader.Size() > limit:
		return fetched{}, call.TooLarge(limit)
	}
	folder, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return fetched{}, withoutPath(err)
	}
	release := func() error { return os.RemoveAll(folder) }
	file := filepath.Join(folder, "recording"+strings.ToLower(filepath.Ext(o.Key)))
	if err := copyTo(file, watched(reader, stop), limit, reader.Size()); err != nil {
		return fetched{}, errors.Join(cmp.Or(context.Cause(ctx), err), release())
	}
	return fetched{file: file, said: decodeHeaders(head.Metadata), release: release}, nil
}

// decodeHeaders reads the values of an object's metadata. They travel in headers, which hold ASCII alone: clients
// write other characters as %E5%BC%A0 or =?UTF-8?B?…?=.
func decodeHeaders(headers map[string]string) map[string]string {
	decoded := map[string]string{}
	for key, value := range headers {
		if text, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
			value = text
		}
		if text, err := url.PathUnescape(value); err == nil && utf8.ValidString(text) {
			value = text
		}
		decoded[strings.ReplaceAll(key, "-", "_")] = value
	}
	return decoded
}

// copyTo writes all of r, which should be size bytes and must not be more than limit, into a new file.
func copyTo(name string, r io.Reader, limit, size int64) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return withoutPath(err)
	}
	n, err := io.Copy(file, io.LimitReader(r, limit+1))
	switch closing := file.Close(); {
	case err != nil:
		return withoutPath(err)
	case n > limit:
		return call.TooLarge(limit)
	case size >= 0 && n != size:
		return fmt.Errorf("the store gave %d bytes of %d: %w", n, size, io.ErrUnexpectedEOF)
	default:
		return withoutPath(closing)
	}
}

// watched gives up a reader that brings nothing for a while: a store that hangs must not hold a worker.
func watched(r io.Reader, stop context.CancelCauseFunc) io.Reader {
	timer := time.AfterFunc(stallLimit, func() { stop(fmt.Errorf("the store brought nothing for %s", stallLimit)) })
	return readerFunc(func(p []byte) (int, error) {
		n, err := r.Read(p)
		if err != nil {
			timer.Stop()
		} else {
			timer.Reset(stallLimit)
		}
		return n, err
	})
}

type readerFunc func([]byte) (int, error)

// Read implements io.Reader.
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (s *objects) read(ctx context.Context, key string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit+stallLimit)
	defer cancel()
	reader, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		if gcerrors.Code(err) == gcerrors.NotFound {
			return nil, call.ErrNotFound
		}
		return nil, err
	}
	defer reader.Close()
	return readLimited(reader, limit)
}

// move copies and deletes: object stores rename nothing. Killed between, it finds the copy and only deletes.
func (s *objects) move(ctx context.Context, o Object, key string) error {
	if key == "" {
		return s.remove(ctx, o.Key)
	}
	there, err := s.version(ctx, key)
	switch {
	case err != nil:
		return err
	case there == "" || o.Version == "":
	case there == o.Version:
		return s.removeVersion(ctx, o)
	default:
		key = beside(key, o.Version)
	}
	err = s.bucket.Copy(ctx, key, o.Key, &blob.CopyOptions{BeforeCopy: func(as func(any) bool) error {
		var input *s3.CopyObjectInput
		if o.Version != "" && as(&input) {
			input.CopySourceIfMatch = aws.String(`"` + o.Version + `"`)
		}
		return nil
	}})
	switch gcerrors.Code(err) {
	case gcerrors.OK:
	case gcerrors.NotFound, gcerrors.FailedPrecondition: // moved already, or another recording by now
		return nil
	default:
		return err
	}
	return s.remove(ctx, o.Key)
}

// version returns the version of the object under key, "" when there is none.
func (s *objects) version(ctx context.Context, key string) (string, error) {
	about, err := s.bucket.Attributes(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return strings.Trim(about.ETag, `"`), nil
}

// removeVersion deletes o unless another object has taken its name.
func (s *objects) removeVersion(ctx context.Context, o Object) error {
	if there, err := s.version(ctx, o.Key); err != nil || there != o.Version {
		return err
	}
	return s.remove(ctx, o.Key)
}

func (s *objects) remove(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}

func (s *objects) put(ctx context.Context, path, key string) error {
	file, err := os.Open(path)
	if err != nil {
		return withoutPath(err)
	}
	err = s.bucket.Upload(ctx, key, file, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return withoutPath(os.Remove(path))
}

// objectFault tells an object that is gone from a store that does not answer.
func objectFault(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return call.NewFault(faultNotFound, "the recording is not there any more", call.ErrNotFound)
	}
	return fmt.Errorf("fetch recording: %w", plainly(err))
}
