package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	tries      = 3                // of one message; after that Alertmanager tries again
	firstPause = time.Second      // before the second try; doubled before each other
	postLimit  = 10 * time.Second // of one try
	mostAnswer = 64 << 10         // bytes read of an answer
)

// sender posts the messages of one robot, no faster than its chat lets it.
type sender struct {
	robot Robot
	chat  chat
	pace  *pace
	b     *Bridge
}

// send posts a message. It gives up after a few tries, or at once when the robot may not send now.
func (s *sender) send(ctx context.Context, m Message) error {
	pause := firstPause
	for try := 1; ; try++ {
		if wait := s.pace.take(s.b.now()); wait > 0 {
			s.b.metrics.sent.WithLabelValues(s.robot.Name, "held").Inc()
			return &heldError{wait}
		}
		err := s.post(ctx, m)
		if err == nil {
			s.b.metrics.sent.WithLabelValues(s.robot.Name, "sent").Inc()
			return nil
		}
		s.b.log.Warn("message not sent", slog.String("robot", s.robot.Name), slog.Int("try", try), slog.String("error", err.Error()))
		if try == tries || ctx.Err() != nil {
			s.b.metrics.sent.WithLabelValues(s.robot.Name, "failed").Inc()
			return fmt.Errorf("send to robot %s: %w", s.robot.Name, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func (s *sender) post(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, postLimit)
	defer cancel()
	address, body, err := s.chat.post(s.robot, m.Title, m.text(s.chat.newline, s.chat.most), m.Grave, s.b.now())
	if err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("make request: %w", hideURL(err))
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := s.b.client.Do(request)
	if err != nil {
		return fmt.Errorf("reach chat: %w", hideURL(err))
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("read answer of chat: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the chat answered %s", response.Status)
	}
	return s.chat.check(answer)
}

// heldError says that a robot may not send for a while.
type heldError struct{ wait time.Duration }

func (e *heldError) Error() string {
	return fmt.Sprintf("the robot has sent as much as its chat allows: again in %s", e.wait.Round(time.Second))
}

// pace lets so many messages go in any minute. Tries that failed count: the chat counts them too.
type pace struct {
	mutex sync.Mutex
	most  int
	sent  []time.Time // within the last minute, oldest first
}

// take counts a message at now, or returns how long it must wait.
func (p *pace) take(now time.Time) time.Duration {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for len(p.sent) > 0 && now.Sub(p.sent[0]) >= time.Minute {
		p.sent = p.sent[1:]
	}
	if len(p.sent) >= p.most {
		return time.Minute - now.Sub(p.sent[0])
	}
	p.sent = append(p.sent, now)
	return 0
}
