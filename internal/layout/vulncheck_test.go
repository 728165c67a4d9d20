package layout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The script of make lint is held against a database of our own, which says that a function is vulnerable that
// bucketurl calls, and against one that cannot be reached.
func TestVulnerabilitiesAreFound(t *testing.T) {
	t.Parallel()
	database, err := filepath.Abs(filepath.Join("testdata", "vulndb"))
	if err != nil {
		t.Fatal(err)
	}
	tools, err := filepath.Abs(filepath.Join("..", "..", ".cache", "tools"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		database, pkg, want string
		found               bool
	}{
		{"file://" + database, "./internal/bucketurl", "GO-2000-0001", true},
		{"file://" + database, "./call", "no known vulnerability is called", false},
		{"http://127.0.0.1:1", "./call", "NOTHING WAS CHECKED", false},
	} {
		cmd := exec.CommandContext(t.Context(), filepath.Join("..", "..", "scripts", "vulncheck.sh"), test.pkg)
		cmd.Env = append(os.Environ(), "GOVULNDB="+test.database, "PATH="+tools+":"+os.Getenv("PATH"))
		said, err := cmd.CombinedOutput()
		if (err != nil) != test.found || !strings.Contains(string(said), test.want) {
			t.Errorf("%s with %s: %v, %s", test.pkg, test.database, err, said)
		}
	}
}
