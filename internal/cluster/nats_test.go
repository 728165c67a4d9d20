package cluster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// envNode turns the test binary into one server of a NATS cluster.
const envNode = "ZHIJIAN_TEST_NATS_NODE"

// node is what such a server is told.
type node struct {
	Name          string
	Port, Cluster int
	Routes        []string
	Dir           string
}

// serveNode is the process of one server. It ends when it is killed.
func serveNode(settings string) error {
	var n node
	if err := json.Unmarshal([]byte(settings), &n); err != nil {
		return err
	}
	opts := &server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Dir,
		Cluster: server.ClusterOpts{Name: "zhijian", Host: "127.0.0.1", Port: n.Cluster},
	}
	for _, route := range n.Routes {
		u, err := url.Parse(route)
		if err != nil {
			return err
		}
		opts.Routes = append(opts.Routes, u)
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		return err
	}
	srv.ConfigureLogger()
	srv.Start()
	srv.WaitForShutdown()
	return nil
}

// startNodes starts a cluster of three and returns its URL.
func startNodes(t *testing.T) (nodes []*process, location string) {
	t.Helper()
	const size = 3
	ports, err := proctest.FreePorts(2 * size)
	if err != nil {
		t.Fatal(err)
	}
	var routes, urls []string
	for i := range size {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[size+i]))
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
	}
	for i := range size {
		settings, err := json.Marshal(node{
			Name: fmt.Sprintf("n%d", i), Port: ports[i], Cluster: ports[size+i], Routes: routes, Dir: filepath.Join(t.TempDir(), "nats"),
		})
		if err != nil {
			t.Fatal(err)
		}
		p := &process{name: fmt.Sprintf("NATS node %d", i), make: func() *exec.Cmd {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), envNode+"="+string(settings))
			return cmd
		}}
		p.start(t)
		nodes = append(nodes, p)
	}
	return nodes, strings.Join(urls, ",")
}

// connect returns a connection that outlives single nodes.
func connect(t *testing.T, location string) jetstream.JetStream {
	t.Helper()
	var conn *nats.Conn
	wait(t, "the NATS cluster to answer", time.Minute, func() (ok bool) {
		var err error
		conn, err = nats.Connect(location, nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond))
		return err == nil
	})
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// whole reports whether all copies of the stream are up to date.
func whole(ctx context.Context, js jetstream.JetStream) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	stream, err := js.Stream(ctx, "ZHIJIAN")
	if err != nil {
		return false
	}
	cluster := stream.CachedInfo().Cluster
	if cluster == nil || cluster.Leader == "" || len(cluster.Replicas) != 2 {
		return false
	}
	for _, replica := range cluster.Replicas {
		if !replica.Current || replica.Offline {
			return false
		}
	}
	return true
}
