package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
	"github.com/zhijian-qa/zhijian/worker"
)

// handed is a batch as it is handed over. Paths are bytes: not all are UTF-8.
type handed struct {
	Settings map[string]string `json:"settings"` // given to the command, by key
	Items    []handedItem      `json:"items"`
	Failures []handedFailure   `json:"failures"`
	Paths    [][]byte          `json:"paths"`
	Started  time.Time         `json:"started"`
}

type handedItem struct {
	Path     []byte        `json:"path"`
	Metadata call.Metadata `json:"metadata"`
	Said     call.Metadata `json:"said"`
}

type handedFailure struct {
	Path      []byte    `json:"path"`
	Code      string    `json:"code"`
	Message   string    `json:"message"`
	StartedAt time.Time `json:"started_at,omitzero"`
}

// event is what the server says of one recording, or at the end.
type event struct {
	Item    int    `json:"item"` // its index
	ID      string `json:"id,omitempty"`
	Fresh   bool   `json:"fresh,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	End     bool   `json:"end,omitempty"` // of all; Message says why there is no more, empty when all is done
}

// resultKeys are the settings that decide what a result is.
var resultKeys = append([]string{
	"model", "models_dir", "weights", "vad", "language", "beam", "temperature_step", "window_patience", "hot_words", "punctuation", "agent_channel",
	"fix_swapped", "max_hours", "decode_timeout", "scorecard", "lexicons",
}, config.LimitKeys()...)

// given returns the settings of results that the command was given, names of files made absolute.
func (e Env) given() map[string]string {
	given := e.Config.Given(resultKeys...)
	for key, value := range given {
		given[key] = wholePaths(value)
	}
	return given
}

// wholePaths makes the lines of text that name files absolute.
func wholePaths(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if _, err := os.Stat(line); err == nil && line != "" {
			lines[i] = absolute([]string{line})[0]
		}
	}
	return strings.Join(lines, "\n")
}

// differing returns those of given that are set otherwise here.
func (e Env) differing(given map[string]string) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(resultKeys, key) || wholePaths(e.Config.Text(key)) != given[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// handover works on what is handed over and says of each recording what became of it. It ends with stop.
func (s *service) handover(stop context.Context) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handling.Add(1)
		defer s.handling.Done()
		var h handed
		if err := json.NewDecoder(r.Body).Decode(&h); err != nil {
			web.Refuse(http.StatusBadRequest, call.NewFault("invalid", err.Error(), nil)).ServeHTTP(w, r)
			return
		}
		if keys := s.env.differing(h.Settings); len(keys) > 0 {
			web.Refuse(http.StatusConflict, call.NewFault("conflict", "serve runs on this data folder with other settings: "+strings.Join(keys, ", "), nil)).ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(stop, cancel)()
		b, index := h.batch()
		enc, flush := json.NewEncoder(w), http.NewResponseController(w).Flush
		say := func(e event) { _ = errors.Join(enc.Encode(e), flush()) } // who asked may have gone: then ctx ends
		err := b.run(ctx, s.store, s.crew.Run, func(done worker.Done) { say(eventOf(done, index)) })
		end := event{End: true}
		if err != nil {
			end.Message = err.Error()
		}
		if stop.Err() != nil {
			end.Message = "serve is stopping"
		}
		say(end)
	})
}

func (h handed) batch() (b batch, index map[string]int) {
	b.Started, index = h.Started, map[string]int{}
	for i, item := range h.Items {
		b.Items = append(b.Items, source.Item{Path: string(item.Path), Metadata: item.Metadata, Said: item.Said})
		index[string(item.Path)] = i
	}
	for _, f := range h.Failures {
		b.Failures = append(b.Failures, call.Failure{Path: string(f.Path), Code: f.Code, Message: f.Message, StartedAt: f.StartedAt})
	}
	for _, path := range h.Paths {
		b.Paths = append(b.Paths, string(path))
	}
	return b, index
}

func eventOf(done worker.Done, index map[string]int) event {
	e := event{Item: index[done.Item.Path], ID: done.Record.Recording.ID, Fresh: done.Fresh}
	if done.Err != nil {
		e.ID, e.Code, e.Message = "", call.FaultCode(done.Err), done.Err.Error()
	}
	return e
}

func handOf(b batch, settings map[string]string) handed {
	h := handed{Settings: settings, Started: b.Started}
	for _, item := range b.Items {
		h.Items = append(h.Items, handedItem{[]byte(item.Path), item.Metadata, item.Said})
	}
	for _, f := range b.Failures {
		h.Failures = append(h.Failures, handedFailure{[]byte(f.Path), f.Code, f.Message, f.StartedAt})
	}
	for _, path := range b.Paths {
		h.Paths = append(h.Paths, []byte(path))
	}
	return h
}

// openHandover returns work that the server on this data folder does, once that has started. When none answers, the
// error is busy: the folder is in use by another command.
func (e Env) openHandover(ctx context.Context, c *closers, busy error) (work, *store.Store, error) {
	client, isStarting, err := e.findServer(ctx)
	if err != nil {
		return nil, nil, busy
	}
	if err := e.awaitServer(ctx, client, isStarting); err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, e.storeLocation())
	if err != nil {
		return nil, nil, err
	}
	c.add(st.Close)
	e.say("serve 正在使用这个数据目录：交给它处理", "serve is running on this data folder: handing over to it")
	return func(ctx context.Context, b batch, report func(worker.Done)) error {
		return e.follow(ctx, client, st, b, report)
	}, st, nil
}

// findServer returns a client of the server that owns the data folder, and whether that still starts.
func (e Env) findServer(ctx context.Context) (client *http.Client, isStarting bool, err error) {
	client = web.SocketClient(filepath.Join(e.Config.DataDir, socketName))
	response, err := askServer(ctx, client, http.MethodGet, "/healthz", nil)
	if err != nil {
		return nil, false, err
	}
	said, err := io.ReadAll(io.LimitReader(response.Body, int64(len(starting))))
	return client, string(said) == starting, errors.Join(err, response.Body.Close())
}

// awaitServer waits for a server that still starts and says so.
func (e Env) awaitServer(ctx context.Context, client *http.Client, isStarting bool) error {
	if !isStarting {
		return nil
	}
	e.say("serve 还在启动（载入模型、连接数据库）：等它就绪", "serve is still starting (loading its model, reaching its database): waiting for it")
	response, err := askServer(ctx, client, http.MethodGet, openedPath, nil)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// askServer asks the server at the socket. An answer that is no success is an error with what it says.
func askServer(ctx context.Context, client *http.Client, method, path string, body any) (*http.Response, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	asked, err := http.NewRequestWithContext(ctx, method, "http://serve"+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	response, err := client.Do(asked)
	if err != nil {
		return nil, fmt.Errorf("ask serve: %w", err)
	}
	if response.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16))
		_ = response.Body.Close()
		return nil, errors.New(cmp.Or(web.Refusal(said), response.Status))
	}
	return response, nil
}

// follow hands b over and reports what the server says, with the results as the store has them.
func (e Env) follow(ctx context.Context, client *http.Client, st *store.Store, b batch, report func(worker.Done)) error {
	response, err := askServer(ctx, client, http.MethodPost, "/score", handOf(b, e.given()))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	for decoder := json.NewDecoder(response.Body); ; {
		var said event
		if err := decoder.Decode(&said); err != nil {
			return fmt.Errorf("serve ended before all was done; the same command goes on where it stopped: %w", err)
		}
		switch {
		case said.End && said.Message != "":
			return fmt.Errorf("%s; the same command goes on where it stopped", said.Message)
		case said.End:
			return nil
		case said.Item < 0 || said.Item >= len(b.Items):
			return errors.New("serve speaks of a recording that was not handed over: are both of the same version?")
		}
		done := worker.Done{Item: b.Items[said.Item], Fresh: said.Fresh}
		if said.Code != "" {
			done.Err = call.NewFault(said.Code, said.Message, nil)
		} else if done.Record, err = st.FindCall(ctx, said.ID); err != nil {
			return err
		}
		report(done)
	}
}
