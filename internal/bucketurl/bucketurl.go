package bucketurl

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/internal/loopback"
)

// URL is where recordings are: a folder, or a bucket of an S3-compatible store.
type URL struct {
	Folder string // absolute; empty for a bucket

	Bucket    string
	Endpoint  string // http(s)://host[:port]; empty for the region's own
	Region    string // empty for the environment's, or us-east-1 with an endpoint
	Profile   string // of the credentials file, empty for the default one
	PathStyle bool   // the bucket's name stands in the path, as most compatible stores want it

	Prefix string // of the keys that are looked at
}

// Parse reads file:///folder[?prefix=…] or s3://bucket[?endpoint=…&region=…&prefix=…&profile=…&use_path_style=…].
// Its errors never quote the URL: someone may have written a password into it.
func Parse(text string) (URL, error) {
	parsed, err := url.Parse(text)
	if err != nil || !strings.Contains(text, "://") {
		return URL{}, errors.New("it is no URL such as file:///srv/recordings or s3://bucket?endpoint=https://host:9000")
	}
	query, err := url.ParseQuery(parsed.RawQuery)
	if err != nil || parsed.Fragment != "" {
		return URL{}, errors.New("what stands after ? or # cannot be read: write & and # inside a value as %26 and %23")
	}
	if parsed.User != nil {
		return URL{}, errors.New("a URL of recordings holds no user and no password: put them into a credentials file or the environment")
	}
	switch parsed.Scheme {
	case "file":
		return folder(parsed, query)
	case "s3":
		return bucket(parsed, query)
	}
	return URL{}, fmt.Errorf("%s:// is no known kind of store: file:// and s3:// are", parsed.Scheme)
}

func folder(parsed *url.URL, query url.Values) (URL, error) {
	if parsed.Host != "" && parsed.Host != "localhost" || !path.IsAbs(parsed.Path) {
		return URL{}, errors.New("a folder is written with three slashes and from the root on, as in file:///srv/recordings")
	}
	u := URL{Folder: filepath.Clean(parsed.Path)}
	if !plain(parsed.Path) {
		return URL{}, errors.New("the folder's name has characters that cannot be used")
	}
	return u, u.take(query, map[string]func(string) error{"prefix": u.setPrefix})
}

var bucketName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$`)

func bucket(parsed *url.URL, query url.Values) (URL, error) {
	u := URL{Bucket: parsed.Host}
	if !bucketName.MatchString(u.Bucket) || strings.Contains(u.Bucket, "..") {
		return URL{}, errors.New("s3:// wants the name of a bucket, as in s3://recordings")
	}
	if strings.Trim(parsed.Path, "/") != "" {
		return URL{}, errors.New("what stands after the bucket's name is not used: write ?prefix=…")
	}
	text := func(field *string) func(string) error {
		return func(value string) error {
			if value == "" || !plain(value) {
				return errors.New("it is empty or has characters that cannot be used")
			}
			*field = value
			return nil
		}
	}
	err := u.take(query, map[string]func(string) error{
		"prefix": u.setPrefix, "endpoint": u.setEndpoint,
		"region": text(&u.Region), "profile": text(&u.Profile), "use_path_style": u.setPathStyle,
	})
	u.PathStyle = u.PathStyle || u.Endpoint != "" && !query.Has("use_path_style")
	return u, err
}

// take hands each part of the query to who knows it.
func (u *URL) take(query url.Values, known map[string]func(string) error) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		set, ok := known[name]
		if !ok {
			return fmt.Errorf("unknown part %q; known: %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		if len(query[name]) != 1 {
			return fmt.Errorf("%s stands there %d times", name, len(query[name]))
		}
		if err := set(query.Get(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (u *URL) setPrefix(value string) error {
	if value != "" && !CleanKey(strings.TrimSuffix(value, "/")) {
		return errors.New("it is no beginning of a name such as calls/2026/")
	}
	u.Prefix = value
	return nil
}

func (u *URL) setEndpoint(value string) error {
	parsed, err := url.Parse(value)
	switch {
	case err != nil, parsed.Scheme != "http" && parsed.Scheme != "https", parsed.Hostname() == "":
		return errors.New("it is no address such as https://host:9000")
	case parsed.User != nil:
		return errors.New("it holds no user and no password: put them into a credentials file or the environment")
	case strings.Trim(parsed.Path, "/") != "", parsed.RawQuery != "", parsed.Fragment != "":
		return errors.New("it ends with the host and its port, as in https://host:9000")
	}
	u.Endpoint = parsed.Scheme + "://" + parsed.Host
	return nil
}

func (u *URL) setPathStyle(value string) (err error) {
	if u.PathStyle, err = strconv.ParseBool(value); err != nil {
		return errors.New("it is neither true nor false")
	}
	return nil
}

// Name is a name for the place, made of its last part, that can be the value of a label.
func (u URL) Name() string {
	name := u.Bucket
	if u.Folder != "" {
		name = filepath.Base(u.Folder)
	}
	if last := path.Base(u.Prefix); u.Prefix != "" && last != "." {
		name += "-" + last
	}
	name = strings.Map(func(r rune) rune {
		if inName(r) {
			return r
		}
		return '-'
	}, name)
	if !GoodName(name) {
		return "recordings"
	}
	return name
}

// GoodName reports whether name can name a source: letters, digits and - _ ., at most 64 bytes.
func GoodName(name string) bool {
	bad := func(r rune) bool { return !inName(r) }
	return name != "" && name[0] != '.' && len(name) <= 64 && utf8.ValidString(name) &&
		strings.ContainsFunc(name, alphanumeric) && !strings.ContainsFunc(name, bad)
}

func inName(r rune) bool { return alphanumeric(r) || strings.ContainsRune("-_.", r) }

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Plain reports whether what goes over the network to u can be read on the way: an endpoint without TLS on
// another machine.
func (u URL) Plain() bool {
	parsed, err := url.Parse(u.Endpoint)
	if err != nil || parsed.Scheme != "http" {
		return false
	}
	return !loopback.Host(parsed.Hostname())
}

// longestKey is S3's limit of an object's name, in bytes.
const longestKey = 1024

// CleanKey reports whether key is a plain relative path: no empty part, none that leads upwards, no
// backslash, nothing that cannot be printed.
func CleanKey(key string) bool {
	if key == "" || len(key) > longestKey || !plain(key) || strings.Contains(key, `\`) {
		return false
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
