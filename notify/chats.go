package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// chat is how the robots of one product are spoken to.
type chat struct {
	// post returns the address to post to and the body, signed for the instant now.
	post func(r Robot, title, text string, grave bool, now time.Time) (address string, body any, err error)
	// code and said are the fields of an answer that tell what went wrong; code 0 is none.
	code, said string
	// most is the size in bytes of the longest text.
	most int
	// newline separates lines.
	newline string
	// everyMinute is how many messages a robot may send in a minute.
	everyMinute int
}

// chats are the products, by the kinds of robots. Limits and signatures are those that their makers publish:
// DingTalk https://open.dingtalk.com/document/robots/customize-robot-security-settings (20 messages a minute,
// HMAC-SHA256 of "timestamp\nsecret" in the query); WeCom https://developer.work.weixin.qq.com/document/path/91770
// (20 a minute, 4,096 bytes, the key in the URL); Feishu https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
// (100 a minute, 20 KB, HMAC-SHA256 of nothing under the key "timestamp\nsecret" in the body).
var chats = map[string]chat{
	DingTalk: {post: postDingTalk, code: "errcode", said: "errmsg", most: 18_000, newline: "\n\n", everyMinute: 20},
	WeCom:    {post: postWeCom, code: "errcode", said: "errmsg", most: 4000, newline: "\n", everyMinute: 20},
	Feishu:   {post: postFeishu, code: "code", said: "msg", most: 16_000, newline: "\n", everyMinute: 100},
}

func postDingTalk(r Robot, title, text string, _ bool, now time.Time) (string, any, error) {
	address, err := url.Parse(r.URL)
	if err != nil {
		return "", nil, fmt.Errorf("read address of robot %s: %w", r.Name, hideURL(err))
	}
	if r.Secret != "" {
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		query := address.Query()
		query.Set("timestamp", stamp)
		query.Set("sign", sign(r.Secret, stamp+"\n"+r.Secret))
		address.RawQuery = query.Encode()
	}
	return address.String(), map[string]any{
		"msgtype": "markdown", "markdown": map[string]string{"title": title, "text": text},
	}, nil
}

func postWeCom(r Robot, _, text string, _ bool, _ time.Time) (string, any, error) {
	return r.URL, map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": text}}, nil
}

func postFeishu(r Robot, title, text string, grave bool, now time.Time) (string, any, error) {
	colour := "orange"
	if grave {
		colour = "red"
	}
	body := map[string]any{"msg_type": "interactive", "card": map[string]any{
		"header":   map[string]any{"title": map[string]string{"tag": "plain_text", "content": title}, "template": colour},
		"elements": []any{map[string]string{"tag": "markdown", "content": text}},
	}}
	if r.Secret != "" {
		stamp := strconv.FormatInt(now.Unix(), 10)
		body["timestamp"], body["sign"] = stamp, sign(stamp+"\n"+r.Secret, "")
	}
	return r.URL, body, nil
}

// sign returns the HMAC-SHA256 of text under key, in base64.
func sign(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// refusal is the answer of a chat that did not take a message.
type refusal struct {
	code int64
	said string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("the chat refused the message: %s (%d)", r.said, r.code)
}

// check returns what the answer of a chat says against the message: all answer 200 and tell in the body.
func (c chat) check(answer []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(answer, &fields); err != nil {
		return fmt.Errorf("read answer of chat: %w", err)
	}
	var code int64
	if err := json.Unmarshal(fields[c.code], &code); err != nil {
		return fmt.Errorf("read answer of chat: no number %s: %w", c.code, err)
	}
	if code == 0 {
		return nil
	}
	var said string
	_ = json.Unmarshal(fields[c.said], &said) // the code tells enough
	return &refusal{code: code, said: plain(said)}
}
