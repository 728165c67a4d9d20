package notify

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// The kinds of robots.
const (
	DingTalk = "dingtalk"
	WeCom    = "wecom"
	Feishu   = "feishu"
)

// Settings say where alerts go. They hold secrets, so they stand in a file of their own.
type Settings struct {
	Token        string        // that Alertmanager must show
	PublicURL    string        // where people reach this server, for links; empty for none
	LinkSecret   string        // that links are signed with
	Alertmanager string        // its address, for alerts that are put to rest
	Rest         time.Duration // how long an alert rests. Defaults to 24 h.
	Robots       []Robot
}

// Robot is a robot of a group chat.
type Robot struct {
	Name   string // the last part of the path that Alertmanager posts to
	Kind   string // DingTalk, WeCom or Feishu
	URL    string // with the token or the key that the chat has given out
	Secret string // that messages are signed with; empty where the robot asks for none
}

const (
	leastToken  = 16 // characters
	longestRest = 30 * 24 * time.Hour
)

var robotName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// Load reads the file at path. It may be read by its owner and its group only, since it holds secrets. All
// faults come back in one error, each with its place; none of them quotes a value.
func Load(path string) (Settings, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read alert settings: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return Settings{}, fmt.Errorf("read alert settings: %w: everyone on this machine may read %s, which holds secrets: chmod o-rwx", call.ErrInvalid, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read alert settings: %w", err)
	}
	return Parse(path, data)
}

// Parse reads the content of a file of that name.
func Parse(file string, data []byte) (Settings, error) {
	var faults strictyaml.Faults
	root := strictyaml.Parse(file, data, &faults)
	if faults.Len() > 0 {
		return Settings{}, &faults
	}
	m := root.Mapping("token", "public_url", "link_secret", "alertmanager", "rest", "robots")
	s := Settings{
		Token: m.Need("token").Plain(), PublicURL: address(m.Get("public_url")), LinkSecret: secret(m.Get("link_secret")),
		Alertmanager: address(m.Get("alertmanager")), Rest: rest(m.Get("rest")),
	}
	if s.Token != "" && len(s.Token) < leastToken {
		m.Get("token").Fault("wants %d characters or more: take a random one", leastToken)
	}
	if s.PublicURL != "" && s.LinkSecret == "" {
		m.Fault("public_url needs link_secret: links are signed")
	}
	names := map[string]bool{}
	for _, node := range m.Need("robots").List() {
		robot := readRobot(node)
		if names[robot.Name] {
			node.Fault("there are two robots %q", robot.Name)
		}
		names[robot.Name] = true
		s.Robots = append(s.Robots, robot)
	}
	if err := faults.Err(); err != nil {
		return Settings{}, err
	}
	return s, nil
}

func readRobot(node strictyaml.Node) Robot {
	m := node.Mapping("name", "kind", "url", "secret")
	r := Robot{
		Name: m.Need("name").Plain(), Kind: m.Need("kind").OneOf(DingTalk, WeCom, Feishu), URL: address(m.Need("url")),
	}
	if m.Has("secret") {
		r.Secret = m.Get("secret").Plain()
	}
	if r.Name != "" && !robotName.MatchString(r.Name) {
		m.Get("name").Fault("a name has lower-case letters, digits, - and _")
	}
	if r.Kind == WeCom && r.Secret != "" {
		m.Get("secret").Fault("robots of WeCom have no secret: their key stands in the URL")
	}
	return r
}

// address returns a URL without its last slash, without quoting a bad one: it may hold a key.
func address(node strictyaml.Node) string {
	if node.Missing() {
		return ""
	}
	text := node.Plain()
	parsed, err := url.Parse(text)
	if text != "" && (err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http") {
		node.Fault("wants an address such as https://host/path")
		return ""
	}
	return strings.TrimRight(text, "/")
}

func secret(node strictyaml.Node) string {
	if node.Missing() {
		return ""
	}
	text := node.Plain()
	if len(text) < leastToken {
		node.Fault("wants %d characters or more: take a random one", leastToken)
	}
	return text
}

func rest(node strictyaml.Node) time.Duration {
	const byDefault = 24 * time.Hour
	if node.Missing() {
		return byDefault
	}
	length, err := time.ParseDuration(node.Plain())
	if err != nil || length < time.Minute || length > longestRest {
		node.Fault("wants a length of time from 1m to 720h")
		return byDefault
	}
	return length
}

// hideURL takes the address out of an error of net/http: it holds the robot's key.
func hideURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
