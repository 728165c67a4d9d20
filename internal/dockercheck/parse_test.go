package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	stages, err := parse(`# a comment
FROM debian:testing-slim AS build
RUN apt-get update \
    # inside
    && true
COPY go.mod go.sum ./

FROM debian:testing-slim
COPY --from=build /a /b
HEALTHCHECK --interval=15s CMD ["zhijian", "health"]
ENTRYPOINT ["zhijian"]
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range stages {
		got = append(got, s.from+" "+s.name)
		for _, step := range s.steps {
			got = append(got, step.instruction+"|"+strings.Join(strings.Fields(step.rest), " "))
		}
	}
	want := []string{
		"debian:testing-slim build", "RUN|apt-get update && true", "COPY|go.mod go.sum ./",
		"debian:testing-slim ", "COPY|/a /b", `HEALTHCHECK|CMD ["zhijian", "health"]`, `ENTRYPOINT|["zhijian"]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
	if stages[1].steps[0].flags["from"] != "build" || stages[1].steps[1].flags["interval"] != "15s" {
		t.Errorf("flags %v", stages[1].steps)
	}
	for _, bad := range []string{"", "RUN x", "FROM a\nADD x y", "FROM a b"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// The project's own Dockerfile is understood, runs as nobody in particular and says how it is.
func TestOwnDockerfile(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	stages, err := parse(string(file))
	if err != nil {
		t.Fatal(err)
	}
	img := &image{}
	b := &builder{}
	for _, step := range stages[len(stages)-1].steps {
		switch step.instruction {
		case "USER", "VOLUME", "HEALTHCHECK", "ENTRYPOINT":
			if err := b.do(t.Context(), img, step); err != nil {
				t.Fatal(err)
			}
		}
	}
	if img.user != "10001:10001" || len(img.health) == 0 || len(img.volumes) != 2 || len(img.entrypoint) == 0 {
		t.Errorf("got %+v", img)
	}
}
