package config

import "time"

// Alerts are the settings of metrics and alerts, argued in docs/alerts.md. They are keys of the file like any
// other; what is secret stands in the file that AlertFile names.
type Alerts struct {
	AlertFile   string        `key:"alerts" usage:"告警设置文件：机器人、令牌、链接 · file of alert settings: robots, token, links"`
	AlertKeep   time.Duration `key:"alert_keep" default:"24h" usage:"已结束的日、周、月在最后一通录音到来后还告警多久 · how long a window that is over still alerts after its last call came"`
	AlertSeries int           `key:"alert_series" default:"10000" usage:"带坐席或班组的每个指标最多几条序列 · most series of a metric that has agents or teams"`
	AlertRest   time.Duration `key:"alert_rest" usage:"告警暂停多久，空为告警设置中的 rest · how long an alert rests, empty for rest of the alert settings"`
}

const (
	leastKeep  = time.Minute
	mostKeep   = 90 * 24 * time.Hour
	mostSeries = 1_000_000
	mostRest   = 30 * 24 * time.Hour
)

func (a Alerts) validate(check func(ok bool, key, format string, args ...any)) {
	check(a.AlertKeep >= leastKeep && a.AlertKeep <= mostKeep, "alert_keep", "%s is not in 1m…2160h", a.AlertKeep)
	check(a.AlertSeries >= 1 && a.AlertSeries <= mostSeries, "alert_series", "%d is not in 1…%d", a.AlertSeries, mostSeries)
	check(a.AlertRest == 0 || a.AlertRest >= time.Minute && a.AlertRest <= mostRest, "alert_rest", "%s is not in 1m…720h", a.AlertRest)
}
