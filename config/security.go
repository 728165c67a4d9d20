package config

import "strings"

// Security says who may use a server and how it is spoken to. Tokens come from files or the environment, never
// from flags, which everyone on the machine can read.
type Security struct {
	Token           string `key:"token" usage:"接口令牌（只能写在环境变量或配置文件） · token of the API; from the environment or the file alone"`
	TokenFile       string `key:"token_file" usage:"接口令牌文件，每行一个 · file with tokens of the API, one a line"`
	UploadTokenFile string `key:"upload_token_file" usage:"只能上传的令牌文件 · file with tokens that may upload and nothing else"`
	TLSCert         string `key:"tls_cert" usage:"服务证书文件 · file with the server's certificate"`
	TLSKey          string `key:"tls_key" usage:"服务私钥文件 · file with its key"`
	TLSClientCA     string `key:"tls_client_ca" usage:"客户端证书的签发者，持证者无需令牌 · file with who signs the certificates of clients; who shows one needs no token"`
	MetricsGuard    bool   `key:"metrics_guard" usage:"metrics_listen 上的指标也要令牌 · metrics on metrics_listen ask for a token too"`
	UploadTo        string `key:"upload_to" usage:"上传的录音存入哪个来源，空为数据目录 · source that uploads are stored in, empty for the data folder"`
}

// leastToken is the length from which a token cannot be guessed.
const leastToken = 16

func (s Security) validate(sources []Source, check func(ok bool, key, format string, args ...any)) {
	check(s.Token == "" || len(s.Token) >= leastToken, "token", "it is shorter than %d characters: openssl rand -hex 32 makes a good one", leastToken)
	check(s.Token == strings.TrimSpace(s.Token), "token", "it begins or ends with a space")
	check((s.TLSCert == "") == (s.TLSKey == ""), "tls_cert", "TLS takes tls_cert and tls_key")
	check(s.TLSClientCA == "" || s.TLSCert != "", "tls_client_ca", "certificates of clients take tls_cert and tls_key")
	if s.UploadTo == "" {
		return
	}
	for _, source := range sources {
		if source.Name == s.UploadTo {
			check(source.When == "settled" || source.When == "sidecar", "upload_to", "source %s waits for another sign than uploads bring", s.UploadTo)
			check(source.MoveDone == "" && source.MoveFailed == "", "upload_to",
				"source %s moves recordings, and what is uploaded must stay where its ID finds it: give uploads a source of their own", s.UploadTo)
			return
		}
	}
	check(false, "upload_to", "no source is called %q", s.UploadTo)
}
