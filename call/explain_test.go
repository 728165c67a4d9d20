package call_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestFaultText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lang, code, message, want string }{
		{"zh", "empty", "the file is empty", "文件是空的（0 字节）"},
		{"", "empty", "the file is empty", "文件是空的（0 字节）"},
		{"en", "empty", "the file is empty", "the file is empty"},
		{"en", "empty", "", "empty"},
		{"zh", "bad_value", "agent is not used", "有一项信息无法识别，未采用（agent is not used）"},
		{"zh", "internal", "", "程序内部出错"},
		{"zh", "something_new", "it is odd", "it is odd"},
		{"zh", "something_new", "", "something_new"},
	} {
		if got := call.FaultText(test.lang, test.code, test.message); got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.lang, test.code, got, test.want)
		}
	}
}

// TestEveryFaultHasAText holds the table against the codes in the sources: the constants of audio called
// Fault…, and what is given to NewFault elsewhere.
func TestEveryFaultHasAText(t *testing.T) {
	t.Parallel()
	codes := map[string]string{"cancelled": "call", "internal": "call"}
	for _, folder := range []string{"audio", "source", "transcribe", "worker", "store", "app"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				faultCodes(t, file, codes)
			}
		}
	}
	if len(codes) < 22 {
		t.Fatalf("found only the codes %v", codes)
	}
	for code, file := range codes {
		if text := call.FaultText("zh", code, "message"); text == "message" {
			t.Errorf("%s: the code %s has no Chinese text in faultTexts", file, code)
		}
	}
}

// faultCodes adds to codes those in file.
func faultCodes(t *testing.T, file string, codes map[string]string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	add := func(e ast.Expr) {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[code] = file
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.SelectorExpr); ok && name.Sel.Name == "NewFault" && len(n.Args) == 3 {
				add(n.Args[0])
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if strings.HasPrefix(name.Name, "Fault") && i < len(n.Values) {
					add(n.Values[i])
				}
			}
		}
		return true
	})
}
