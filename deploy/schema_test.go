package deploy_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documents returns the YAML documents of a file as JSON values.
func documents(t *testing.T, file string) []any {
	t.Helper()
	return documentsIn(t, file, text(t, file))
}

// documentsIn returns the YAML documents of a text of a file.
func documentsIn(t *testing.T, file, text string) []any {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var all []any
	for {
		var document any
		err := decoder.Decode(&document)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		encoded, err := json.Marshal(document)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(encoded)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, value)
	}
	if len(all) == 0 {
		t.Fatalf("%s: no documents", file)
	}
	return all
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestComposeFileFitsItsSchema(t *testing.T) {
	t.Parallel()
	compose := schema(t, "compose.json")
	for _, document := range documents(t, "compose.yaml") {
		if err := compose.Validate(document); err != nil {
			t.Errorf("%#v", err)
		}
	}
	misspelt := documents(t, "compose.yaml")[0].(map[string]any)
	misspelt["services"].(map[string]any)["server"].(map[string]any)["comand"] = "serve"
	if compose.Validate(misspelt) == nil {
		t.Error("the schema takes a misspelt key")
	}
}

// What the compose file mounts and names is there, and what it needs is said where it is missing.
func TestComposeFileNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	whole := text(t, "compose.yaml")
	for _, found := range regexp.MustCompile(`- \./([^:]+):`).FindAllStringSubmatch(whole, -1) {
		if _, err := os.Stat(found[1]); err != nil {
			t.Errorf("%s is mounted: %v", found[1], err)
		}
	}
	document := documents(t, "compose.yaml")[0].(map[string]any)
	docs := text(t, "../docs/deploy.md")
	for name, secret := range document["secrets"].(map[string]any) {
		file := secret.(map[string]any)["file"].(string)
		if !strings.Contains(docs, "`"+filepath.Base(file)+"`") {
			t.Errorf("the secret %s (%s) is not in docs/deploy.md", name, file)
		}
	}
	for _, found := range regexp.MustCompile(`\$\{([A-Z0-9_]+):\?`).FindAllStringSubmatch(whole, -1) {
		if !strings.Contains(docs, "`"+found[1]+"`") {
			t.Errorf("the variable %s is not in docs/deploy.md", found[1])
		}
	}
	volumes := document["volumes"].(map[string]any)
	for service, s := range document["services"].(map[string]any) {
		list, _ := s.(map[string]any)["volumes"].([]any)
		for _, v := range list {
			name, isText := v.(string)
			if volume, _, _ := strings.Cut(name, ":"); isText && !strings.HasPrefix(volume, ".") && volumes[volume] == nil {
				if _, listed := volumes[volume]; !listed {
					t.Errorf("%s: there is no volume %s", service, volume)
				}
			}
		}
	}
}

func TestManifestsFitTheirSchemas(t *testing.T) {
	t.Parallel()
	kubernetes, keda := schema(t, "kubernetes.json"), schema(t, "scaledobject.json")
	kinds := map[string]int{}
	for _, file := range files(t, "kubernetes/*.yaml") {
		for _, document := range documents(t, file) {
			kind := fmt.Sprint(document.(map[string]any)["kind"])
			kinds[kind]++
			by := kubernetes
			if kind == "ScaledObject" {
				by = keda
			}
			if err := by.Validate(document); err != nil {
				t.Errorf("%s: %s: %#v", file, kind, err)
			}
		}
	}
	for _, kind := range []string{"StatefulSet", "Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget", "ScaledObject"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
	misspelt := documents(t, "kubernetes/30-workers.yaml")[0].(map[string]any)
	spec := misspelt["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
	spec["containers"].([]any)[0].(map[string]any)["redinessProbe"] = map[string]any{}
	if kubernetes.Validate(misspelt) == nil {
		t.Error("the schema takes a misspelt key")
	}
}

// The pod of docs/deploy.md that pulls the model is one that the network policies let out and the namespace takes,
// of the manifests' image.
func TestPodThatPullsTheModel(t *testing.T) {
	t.Parallel()
	docs := text(t, "../docs/deploy.md")
	_, block, found := strings.Cut(docs, "\n```yaml\n")
	if !found {
		t.Fatal("docs/deploy.md has no pod")
	}
	block, _, _ = strings.Cut(block, "```")
	pod := documentsIn(t, "docs/deploy.md", block)[0].(map[string]any)
	spec := pod["spec"].(map[string]any)
	if err := schema(t, "kubernetes.json#/$defs/io.k8s.api.core.v1.PodSpec").Validate(spec); err != nil {
		t.Errorf("%#v", err)
	}
	labels := pod["metadata"].(map[string]any)["labels"].(map[string]any)
	if labels["app.kubernetes.io/name"] != "zhijian" {
		t.Errorf("labels %v: the network policies let it reach nothing", labels)
	}
	if spec["securityContext"].(map[string]any)["runAsNonRoot"] != true {
		t.Error("runs as root")
	}
	for _, file := range []string{"kubernetes/20-server.yaml", "kubernetes/30-workers.yaml"} {
		if image := spec["containers"].([]any)[0].(map[string]any)["image"].(string); !strings.Contains(text(t, file), "image: "+image+" ") {
			t.Errorf("%s has another image than %s", file, image)
		}
	}
}

// Pods run as nobody in particular, on a read-only file system, and find the labels that others look for.
func TestPodsAreLockedDown(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "kubernetes/*.yaml") {
		for _, document := range documents(t, file) {
			object := document.(map[string]any)
			spec, _ := object["spec"].(map[string]any)
			template, ok := spec["template"].(map[string]any)
			if !ok {
				continue
			}
			pod := template["spec"].(map[string]any)
			if pod["securityContext"].(map[string]any)["runAsNonRoot"] != true {
				t.Errorf("%s: runs as root", file)
			}
			for _, c := range pod["containers"].([]any) {
				security := c.(map[string]any)["securityContext"].(map[string]any)
				if security["readOnlyRootFilesystem"] != true || security["allowPrivilegeEscalation"] != false {
					t.Errorf("%s: %v", file, security)
				}
			}
			labels := template["metadata"].(map[string]any)["labels"].(map[string]any)
			for name, value := range object["spec"].(map[string]any)["selector"].(map[string]any)["matchLabels"].(map[string]any) {
				if labels[name] != value {
					t.Errorf("%s: selects %s=%v, pods have %v", file, name, value, labels[name])
				}
			}
		}
	}
}

// The dashboard is one that Grafana reads: panels with their own IDs that do not lie on each other.
func TestDashboardHoldsTogether(t *testing.T) {
	t.Parallel()
	var dashboard struct {
		UID    string
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(text(t, "grafana/zhijian.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	taken, seen := map[[2]int]string{}, map[int]bool{}
	for _, p := range dashboard.Panels {
		if seen[p.ID] || p.Title == "" || p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %d %q of type %s with %d queries", p.ID, p.Title, p.Type, len(p.Targets))
		}
		seen[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%q lies on %q or beyond the edge", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}
