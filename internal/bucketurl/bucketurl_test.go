package bucketurl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/internal/bucketurl"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bucketurl.URL{
		"file:///srv/录音":                                     {Folder: "/srv/录音"},
		"file:///srv/rec/?prefix=2026%2F":                    {Folder: "/srv/rec", Prefix: "2026/"},
		"file://localhost/srv/../rec":                        {Folder: "/rec"},
		"s3://calls":                                         {Bucket: "calls"},
		"s3://calls?region=cn-north-1":                       {Bucket: "calls", Region: "cn-north-1"},
		"s3://calls?endpoint=http://m:9000/":                 {Bucket: "calls", Endpoint: "http://m:9000", PathStyle: true},
		"s3://calls/?profile=qa&prefix=in/a-":                {Bucket: "calls", Profile: "qa", Prefix: "in/a-"},
		"s3://calls?endpoint=https://m&use_path_style=false": {Bucket: "calls", Endpoint: "https://m"},
	} {
		got, err := bucketurl.Parse(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v, (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestWhatIsNoPlaceIsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/srv/rec":                              "no URL such as",
		"":                                      "no URL such as",
		"http://host/rec":                       "http:// is no known kind of store",
		"file://srv/rec":                        "three slashes",
		"file:///srv/a%00b":                     "cannot be used",
		"file:///srv?endpoint=x":                `unknown part "endpoint"; known: prefix`,
		"s3://":                                 "wants the name of a bucket",
		"s3://a..b":                             "wants the name of a bucket",
		"s3://calls/in/":                        "write ?prefix=",
		"s3://key:geheim@calls":                 "holds no user and no password",
		"s3://calls?endpoint=http://u:geheim@h": "holds no user and no password",
		"s3://calls?endpoint=ftp://h":           "no address such as",
		"s3://calls?endpoint=http://h/x":        "ends with the host",
		"s3://calls?prefix=../x":                "prefix: it is no beginning",
		"s3://calls?prefix=a&prefix=b":          "stands there 2 times",
		"s3://calls?secret=geheim":              `unknown part "secret"`,
		"s3://calls?use_path_style=perhaps":     "neither true nor false",
		"s3://calls?prefix=a;b":                 "cannot be read",
		"s3://ca%zzlls:geheim":                  "no URL such as",
	} {
		_, err := bucketurl.Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: got %v, want %q and no secret", text, err, want)
		}
	}
}

func TestNamesAndNetworks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"file:///srv/录音": "录音", "file:///": "recordings", "s3://calls?prefix=in/2026/": "calls-2026", "file:///srv/a b": "a-b",
	} {
		if u, err := bucketurl.Parse(text); err != nil || u.Name() != want {
			t.Errorf("%s: got %q, %v, want %q", text, u.Name(), err, want)
		}
	}
	for text, want := range map[string]bool{
		"s3://calls": false, "s3://calls?endpoint=http://127.0.0.1:9": false, "s3://calls?endpoint=http://minio:9000": true,
		"s3://calls?endpoint=https://minio:9000": false, "file:///srv": false, "s3://calls?endpoint=http://[::1]:9": false,
	} {
		if u, err := bucketurl.Parse(text); err != nil || u.Plain() != want {
			t.Errorf("%s: got %t, %v, want %t", text, u.Plain(), err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("s3://calls?endpoint=http://h:9000&prefix=a/")
	f.Add("file:///srv/../../x?prefix=..%2F")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := bucketurl.Parse(text)
		if err != nil {
			return
		}
		if (u.Folder == "") == (u.Bucket == "") || strings.Contains("/"+u.Prefix+"/", "/../") || !bucketurl.GoodName(u.Name()) {
			t.Errorf("%q gave %+v", text, u)
		}
	})
}

func FuzzCleanKey(f *testing.F) {
	f.Add("a/b.wav")
	f.Add("../a")
	f.Fuzz(func(t *testing.T, key string) {
		if bucketurl.CleanKey(key) && (strings.HasPrefix(key, "/") || strings.Contains("/"+key+"/", "/../") || strings.ContainsAny(key, "\\\x00\n")) {
			t.Errorf("%q is taken for clean", key)
		}
	})
}
