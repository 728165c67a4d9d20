package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/zhijian-qa/zhijian/internal/promtest"
)

func TestPrometheusTakesTheRules(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"check", "rules", "prometheus/rules/quality.yml", "prometheus/rules/operations.yml"},
		{"check", "config", "prometheus/prometheus.yml"},
	} {
		if said, err := promtest.Run(t, ".", "promtool", args...); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, said)
		}
	}
}

func TestRulesFireWhenTheyShould(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "prometheus/tests/*.yml") {
		if said, err := promtest.Run(t, ".", "promtool", "test", "rules", file); err != nil {
			t.Errorf("%s: %v\n%s", file, err, said)
		}
	}
}

func TestAlertmanagerTakesItsConfiguration(t *testing.T) {
	t.Parallel()
	if said, err := promtest.Run(t, ".", "amtool", "check-config", "alertmanager/alertmanager.yml"); err != nil {
		t.Errorf("amtool: %v\n%s", err, said)
	}
	for labels, want := range map[string]string{
		"category=quality level=warning": "quality", "category=quality level=critical": "quality",
		"category=operations level=critical": "operations", "category=operations level=warning": "operations",
	} {
		args := append([]string{"config", "routes", "test", "--config.file=alertmanager/alertmanager.yml"}, strings.Fields(labels)...)
		if said, err := promtest.Run(t, ".", "amtool", args...); err != nil || !strings.HasSuffix("\n"+said, "\n"+want+"\n") {
			t.Errorf("%s goes to %q, want %s: %v", labels, said, want, err)
		}
	}
}

// ruleFile is what these tests read of a file of rules.
type ruleFile struct {
	Groups []struct {
		Rules []struct {
			Alert, Record, Expr string
			Labels, Annotations map[string]string
		}
	}
}

// testFile is what these tests read of a file of promtool's tests.
type testFile struct {
	Tests []struct {
		Rules []struct {
			Alert  string `yaml:"alertname"`
			Alerts []any  `yaml:"exp_alerts"`
		} `yaml:"alert_rule_test"`
	}
}

// Every alert is held by a test in which it fires and one in which it does not.
func TestEveryAlertIsTestedBothWays(t *testing.T) {
	t.Parallel()
	fires, rests := map[string]bool{}, map[string]bool{}
	for _, file := range files(t, "prometheus/tests/*.yml") {
		var tests testFile
		read(t, file, &tests)
		for _, test := range tests.Tests {
			for _, rule := range test.Rules {
				if len(rule.Alerts) > 0 {
					fires[rule.Alert] = true
				} else {
					rests[rule.Alert] = true
				}
			}
		}
	}
	for _, alert := range alerts(t) {
		if !fires[alert] || !rests[alert] {
			t.Errorf("%s: a test in which it fires: %t, in which it does not: %t", alert, fires[alert], rests[alert])
		}
	}
}

// Every alert says what it is in both languages, and has the labels that routes go by.
func TestAlertsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "prometheus/rules/*.yml") {
		var rules ruleFile
		read(t, file, &rules)
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if rule.Alert == "" {
					continue
				}
				for _, name := range []string{"title", "title_en", "summary", "summary_en"} {
					if rule.Annotations[name] == "" {
						t.Errorf("%s: no annotation %s", rule.Alert, name)
					}
				}
				if !slices.Contains([]string{"quality", "operations"}, rule.Labels["category"]) || !slices.Contains([]string{"warning", "critical"}, rule.Labels["level"]) {
					t.Errorf("%s: labels %v", rule.Alert, rule.Labels)
				}
			}
		}
	}
}

// What the rules, the dashboard and the manifests ask for are metrics that docs/metrics.md lists.
func TestOnlyMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, found := range regexp.MustCompile("(?m)^\\| `(zhijian_[a-z_]+)` \\| ([a-z]+)").FindAllStringSubmatch(text(t, "../docs/metrics.md"), -1) {
		documented[found[1]] = true
		if found[2] == "histogram" {
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				documented[found[1]+suffix] = true
			}
		}
	}
	sources := append(files(t, "prometheus/rules/*.yml"), files(t, "grafana/*.json")...)
	sources = append(sources, files(t, "kubernetes/*.yaml")...)
	for _, file := range sources {
		for _, name := range regexp.MustCompile(`zhijian_[a-z_]+`).FindAllString(text(t, file), -1) {
			if !documented[name] {
				t.Errorf("%s: %s is no metric of docs/metrics.md", file, name)
			}
		}
	}
}

// Every alert stands in docs/alerts.md.
func TestAlertsAreDocumented(t *testing.T) {
	t.Parallel()
	docs := text(t, "../docs/alerts.md")
	for _, alert := range alerts(t) {
		if !strings.Contains(docs, "`"+alert+"`") {
			t.Errorf("%s is not in docs/alerts.md", alert)
		}
	}
}

// alerts returns the names of all alerts.
func alerts(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, file := range files(t, "prometheus/rules/*.yml") {
		var rules ruleFile
		read(t, file, &rules)
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if rule.Alert != "" {
					names = append(names, rule.Alert)
				}
			}
		}
	}
	if len(names) == 0 {
		t.Fatal("there are no alerts")
	}
	return names
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: no files, %v", pattern, err)
	}
	return found
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
