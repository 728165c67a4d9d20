package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// docs/metrics.md lists the metrics of the program, all of them and no others.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, found := range regexp.MustCompile("(?m)^\\| `(zhijian_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, found[1])
	}
	described := make(chan *prometheus.Desc, 100)
	scoredDay(t).Registerer.(*prometheus.Registry).Describe(described)
	close(described)
	name := regexp.MustCompile(`fqName: "([^"]+)"`)
	var registered []string
	for desc := range described {
		registered = append(registered, name.FindStringSubmatch(desc.String())[1])
	}
	slices.Sort(documented)
	slices.Sort(registered)
	if !slices.Equal(documented, slices.Compact(registered)) {
		t.Errorf("documented %v\nregistered %v", documented, registered)
	}
}
