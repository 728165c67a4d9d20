package config

import (
	"net"
	"net/url"
	"strings"
	"time"
)

// Service holds the settings of serve and worker. They are keys of the file like any other.
type Service struct {
	Listen        string `key:"listen" default:"127.0.0.1:8090" usage:"服务地址 · address of the API"`
	MetricsListen string `key:"metrics_listen" usage:"指标与健康检查的地址，空为与 listen 相同 · address of metrics and health, empty for that of listen"`

	Queue         string        `key:"queue" usage:"任务队列：空为进程内，或 nats://… · work queue: empty for one in this process, or nats://…"`
	QueueStream   string        `key:"queue_stream" default:"ZHIJIAN" usage:"队列流名称，同一集群上的两套系统要不同 · name of the stream; two installations on one cluster need two"`
	QueueReplicas int           `key:"queue_replicas" default:"1" usage:"集群保存的份数 · copies that a cluster of queues keeps"`
	QueueCreds    string        `key:"queue_credentials" usage:"NATS 凭据文件 · file with a NATS credential"`
	QueueCA       string        `key:"queue_ca" usage:"队列服务器证书的签发者 · file with who signed the queue's certificates"`
	QueueCert     string        `key:"queue_cert" usage:"本机证书文件 · file with this client's certificate"`
	QueueKey      string        `key:"queue_key" usage:"本机私钥文件 · file with its key"`
	QueuePlain    bool          `key:"queue_plain" usage:"与别的机器上的队列也不加密 · speak to a queue on another machine without TLS, too"`
	AckWait       time.Duration `key:"ack_wait" default:"30s" usage:"工作进程多久没有消息，通话就交给别人 · a call goes to another worker when its own has not been heard of for"`
	MaxAttempts   int           `key:"max_attempts" default:"5" usage:"一通电话最多做几次，之后搁置 · a call is begun at most so often, then set aside"`
	LongMB        float64       `key:"long_mb" default:"20" usage:"不小于此（MB）的录音走慢车道 · recordings from this size on (MB) go by the long lane"`
	StartTimeout  time.Duration `key:"start_timeout" default:"2m" usage:"启动时最多等数据库和队列多久 · how long to wait at the start for a database and a queue that cannot be reached"`
	DrainTimeout  time.Duration `key:"drain_timeout" default:"25s" usage:"停止时最多等多久，没做完的交回 · how long stopping may take; what is not finished is handed back"`
	MinFreeMB     float64       `key:"min_free_mb" default:"500" usage:"磁盘剩余少于此（MB）即报未就绪 · not ready when the disk has less free space (MB)"`
}

func (s Service) validate(check func(ok bool, key, format string, args ...any)) {
	check(isAddress(s.Listen), "listen", "%q is no address such as 127.0.0.1:8090", s.Listen)
	check(s.MetricsListen == "" || isAddress(s.MetricsListen), "metrics_listen", "%q is no address such as 127.0.0.1:9090", s.MetricsListen)
	check(s.Queue == "" || isQueue(s.Queue), "queue", "this is neither empty nor a list of URLs such as nats://host:4222")
	check(s.QueueStream != "" && !strings.ContainsAny(s.QueueStream, " .*>/\\\t\n"), "queue_stream", "%q is no name without spaces and dots", s.QueueStream)
	check(s.QueueReplicas >= 1 && s.QueueReplicas <= 5, "queue_replicas", "%d is not in 1…5", s.QueueReplicas)
	check((s.QueueCert == "") == (s.QueueKey == ""), "queue_cert", "a certificate takes queue_cert and queue_key")
	check(s.AckWait >= time.Second && s.AckWait <= time.Hour, "ack_wait", "%s is not in 1s…1h", s.AckWait)
	check(s.MaxAttempts >= 1 && s.MaxAttempts <= 1000, "max_attempts", "%d is not in 1…1000", s.MaxAttempts)
	check(s.LongMB > 0, "long_mb", "%g is not above 0", s.LongMB)
	check(s.StartTimeout >= 0 && s.StartTimeout <= time.Hour, "start_timeout", "%s is not in 0…1h", s.StartTimeout)
	check(s.DrainTimeout > 0 && s.DrainTimeout <= time.Hour, "drain_timeout", "%s is not in 0…1h", s.DrainTimeout)
	check(s.MinFreeMB >= 0, "min_free_mb", "%g is below 0", s.MinFreeMB)
}

func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	return err == nil && port != ""
}

// isQueue reports whether text is a list of URLs of NATS servers. Messages about it never quote it: it may hold a
// password.
func isQueue(text string) bool {
	for one := range strings.SplitSeq(text, ",") {
		parsed, err := url.Parse(strings.TrimSpace(one))
		if err != nil || parsed.Host == "" || parsed.Scheme != "nats" && parsed.Scheme != "tls" && parsed.Scheme != "ws" && parsed.Scheme != "wss" {
			return false
		}
	}
	return true
}
