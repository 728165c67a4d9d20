// Package notify brings alerts to people: it takes what Alertmanager sends, and posts it to the robots of
// DingTalk, WeCom and Feishu in Chinese, English beside. An alert that is known can be put to rest, which
// makes a silence in Alertmanager. Where messages go comes from one file of settings and from nowhere else.
// It may import call and internal/strictyaml.
package notify
