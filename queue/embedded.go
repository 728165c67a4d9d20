package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// embeddedStart is how long the queue of this process may take to read its files.
const embeddedStart = 30 * time.Second

// startEmbedded starts a server that nobody but this process can reach. One process may do so in a folder.
func startEmbedded(cfg Config) (*server.Server, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	srv, err := server.NewServer(&server.Options{
		ServerName: cfg.Name, DontListen: true, JetStream: true, StoreDir: cfg.Dir, NoSigs: true, NoSystemAccount: true,
	})
	if err != nil {
		return nil, err
	}
	srv.SetLoggerV2(serverLog{cfg.Log}, cfg.Log.Enabled(context.Background(), slog.LevelDebug), false, false)
	srv.Start()
	if !srv.ReadyForConnections(embeddedStart) {
		srv.Shutdown()
		return nil, errors.New("the queue in this process does not start")
	}
	return srv, nil
}

// serverLog hands what the server says on. It says nothing about messages.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) { l.say(slog.LevelDebug, format, v...) }
func (l serverLog) Warnf(format string, v ...any)   { l.say(slog.LevelWarn, format, v...) }
func (l serverLog) Errorf(format string, v ...any)  { l.say(slog.LevelError, format, v...) }
func (l serverLog) Fatalf(format string, v ...any)  { l.say(slog.LevelError, format, v...) }
func (l serverLog) Debugf(format string, v ...any)  { l.say(slog.LevelDebug, format, v...) }
func (l serverLog) Tracef(string, ...any)           {}

func (l serverLog) say(level slog.Level, format string, v ...any) {
	l.log.Log(context.Background(), level, "queue server", slog.String("says", fmt.Sprintf(format, v...)))
}
