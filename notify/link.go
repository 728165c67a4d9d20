package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// linkLife is how long a link in a message works: as long as somebody may come back to the message.
const linkLife = 7 * 24 * time.Hour

// errLink says that a link is not one that this server gave out, or is too old.
var errLink = errors.New("the link has expired or is not whole")

// links returns what can be done about an alert, empty when links are not set up.
func (b *Bridge) links(a Alert) string {
	if b.settings.PublicURL == "" {
		return ""
	}
	var links []string
	if b.calls != nil && a.Labels["agent"] != "" && a.Labels["rule"] != "" {
		links = append(links, "[查看通话 calls]("+b.link("calls", a.Labels)+")")
	}
	if b.settings.Alertmanager != "" {
		links = append(links, "[已知悉，暂停提醒 rest]("+b.link("rest", a.Labels)+")")
	}
	return strings.Join(links, " · ")
}

// link returns a signed address: what it does, for which alert, until when.
func (b *Bridge) link(action string, labels map[string]string) string {
	data, _ := json.Marshal(labels) // a map of texts always can be
	alert, until := base64.RawURLEncoding.EncodeToString(data), strconv.FormatInt(b.now().Add(linkLife).Unix(), 10)
	query := url.Values{"alert": {alert}, "until": {until}, "sign": {b.signLink(action, alert, until)}}
	return b.settings.PublicURL + "/alerts/" + action + "?" + query.Encode()
}

func (b *Bridge) signLink(action, alert, until string) string {
	mac := hmac.New(sha256.New, []byte(b.settings.LinkSecret))
	mac.Write([]byte(action + "\n" + alert + "\n" + until))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// openLink returns the labels of the alert that a link is for.
func (b *Bridge) openLink(action string, values url.Values) (map[string]string, error) {
	alert, until := values.Get("alert"), values.Get("until")
	if b.settings.LinkSecret == "" || !hmac.Equal([]byte(values.Get("sign")), []byte(b.signLink(action, alert, until))) {
		return nil, errLink
	}
	if end, err := strconv.ParseInt(until, 10, 64); err != nil || b.now().Unix() > end {
		return nil, errLink
	}
	data, err := base64.RawURLEncoding.DecodeString(alert)
	if err != nil {
		return nil, errLink
	}
	var labels map[string]string
	if err := json.Unmarshal(data, &labels); err != nil || len(labels) == 0 {
		return nil, errLink
	}
	return labels, nil
}
