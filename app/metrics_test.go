package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// What a run of score counts stands in docs/metrics.md. What a server shows is held against it, both ways,
// where alerts are tested with the real program.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, found := range regexp.MustCompile("(?m)^\\| `(zhijian_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		documented[found[1]] = true
	}
	described := make(chan *prometheus.Desc, 100)
	scoredDay(t).Registerer.(*prometheus.Registry).Describe(described)
	close(described)
	name, registered := regexp.MustCompile(`fqName: "([^"]+)"`), 0
	for desc := range described {
		registered++
		if found := name.FindStringSubmatch(desc.String())[1]; !documented[found] {
			t.Errorf("%s is not in docs/metrics.md", found)
		}
	}
	if registered < 10 {
		t.Errorf("only %d metrics are registered", registered)
	}
}
