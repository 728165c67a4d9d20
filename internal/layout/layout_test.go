package layout_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/zhijian-qa/zhijian/"

// allowed lists, for every package, which of ours it may import. A package that is not here may not exist.
var allowed = map[string][]string{
	"call":   {},
	"config": {"internal/strictyaml", "internal/bucketurl"},
	"models": {},
	"queue":  {"internal/gather", "internal/loopback"},

	"audio":         {"call"},
	"lexicon":       {"call", "internal/strictyaml"},
	"lexicon/sense": {"call", "lexicon"},
	"source":        {"call", "internal/bucketurl"},

	"transcribe":         {"call", "audio"},
	"transcribe/whisper": {"call", "transcribe"},
	"score":              {"call", "lexicon", "lexicon/sense", "internal/calltest", "internal/strictyaml"},

	"store":  {"call", "score", "internal/gather", "internal/loopback"},
	"eval":   {"call", "score", "internal/strictyaml"},
	"report": {"call", "score", "store", "eval"},

	"monitor": {"call", "score", "store"},
	"notify":  {"call", "internal/strictyaml"},
	"worker":  {"call", "queue", "audio", "source", "transcribe", "score", "store"},
	"web":     {"call", "queue", "source", "score", "store", "report", "internal/bucketurl", "internal/loopback"},
	"app": {
		"call", "config", "models", "queue", "audio", "lexicon", "lexicon/sense", "source", "transcribe", "transcribe/whisper", "score", "store", "eval", "report", "worker", "web", "monitor", "notify",
	},
	"cmd/zhijian": {"app", "config", "models", "report"},

	"deploy": {},

	// Beside the floors: what only tests and the maintainers' tools use.
	"internal/layout":      {},
	"internal/calltest":    {"call"},
	"internal/strictyaml":  {},
	"internal/bucketurl":   {"internal/loopback"},
	"internal/loopback":    {},
	"internal/gather":      {},
	"internal/proctest":    {},
	"internal/pgtest":      {"internal/proctest"},
	"internal/shortcalls":  {},
	"internal/cluster":     {"store"},
	"internal/scale":       {"call", "queue", "source", "store", "worker"},
	"internal/s3test":      {"internal/proctest"},
	"internal/certtest":    {},
	"internal/promtest":    {"internal/proctest"},
	"internal/dockercheck": {},
	"internal/callgen":     {"call", "audio", "score", "eval", "source"},
	"internal/callgen/gen": {"internal/callgen"},
	"internal/scene":       {"call", "internal/callgen"},
	"internal/accuracy":    {"call", "audio", "lexicon", "score", "eval", "internal/callgen", "internal/scene"},
	"store/storetest":      {"call", "score", "store"},

	"internal/senses":         {"call", "lexicon", "lexicon/sense", "internal/calltest"},
	"internal/senses/run":     {"lexicon", "lexicon/sense", "internal/senses"},
	"internal/widen":          {},
	"internal/versus":         {"call", "audio", "eval", "internal/callgen", "internal/scene", "internal/proctest"},
	"internal/versus/run":     {"internal/versus", "internal/widen", "config", "models"},
	"models/demo/train/widen": {"internal/widen"},
}

// forTests may be imported by the tests of any package: the languages of the tests, and the real
// recogniser with its demo model, which no test of the path goes without, and the statistics of eval.
var forTests = []string{"internal/calltest", "internal/widen", "internal/callgen", "internal/scene", "internal/pgtest", "internal/promtest", "internal/s3test", "internal/certtest", "internal/proctest", "internal/shortcalls", "store/storetest", "models", "transcribe/whisper", "eval"}

// withC may say import "C".
var withC = []string{"transcribe/whisper"}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for file, imports := range goFiles(t) {
		name := filepath.ToSlash(filepath.Dir(file))
		found[name] = true
		rules, listed := allowed[name]
		if !listed {
			t.Errorf("%s: package %s is not in the table of packages", file, name)
			continue
		}
		test := strings.HasSuffix(file, "_test.go")
		for _, path := range imports {
			if path == "C" && !slices.Contains(withC, name) {
				t.Errorf(`%s: import "C" belongs in %v`, file, withC)
			}
			own, ours := strings.CutPrefix(path, module)
			if !ours || own == name || slices.Contains(rules, own) {
				continue
			}
			if test && (slices.Contains(forTests, own) || below(name, own)) {
				continue
			}
			t.Errorf("%s: %s may not import %s", file, name, own)
		}
	}
	for name := range allowed {
		if !found[name] {
			t.Errorf("package %s is in the table but not in the tree", name)
		}
	}
}

// below reports whether a test of package name may use package other: whatever name's own imports
// lead to, so that a test can go through the whole path below its package.
func below(name, other string) bool {
	for _, direct := range allowed[name] {
		if direct == other || below(direct, other) {
			return true
		}
	}
	return false
}

func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	files := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files[relative], err = importsOf(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func importsOf(path string) ([]string, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		imports = append(imports, name)
	}
	return imports, nil
}

func TestTableHasNoCycle(t *testing.T) {
	t.Parallel()
	for name := range maps.Keys(allowed) {
		if below(name, name) {
			t.Errorf("package %s leads back to itself", name)
		}
	}
}

// A package tells what it is for before anything else.
func TestEveryPackageHasADocFile(t *testing.T) {
	t.Parallel()
	for name := range allowed {
		folder := filepath.Join("..", "..", filepath.FromSlash(name))
		if _, err := os.Stat(filepath.Join(folder, "doc.go")); err != nil {
			if _, err := os.Stat(filepath.Join(folder, "main.go")); err != nil {
				t.Errorf("package %s has neither doc.go nor main.go", name)
			}
		}
	}
}
