package versus

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/models"
)

func TestTimings(t *testing.T) {
	t.Parallel()
	var r Result
	r.timings([]byte(`whisper_init_state: kv self size  =    6.29 MB
whisper_init_state: compute buffer (decode) =   97.28 MB
whisper_print_timings:     fallbacks =   2 p /   1 h
whisper_print_timings:   encode time =  1550.76 ms /     2 runs (   775.38 ms per run)
whisper_print_timings:   decode time =   399.41 ms /   149 runs (     2.68 ms per run)
whisper_print_timings:   batchd time =     5.90 ms /     6 runs (     0.98 ms per run)
`))
	if r.Encoded != 2 || r.Computed != 60_000 || r.Tokens != 155 || r.Fallbacks != 3 || math.Abs(r.StateMB-103.57) > 0.001 {
		t.Errorf("got %+v", r)
	}
	r = Result{}
	r.work([]byte("msg=\"call transcribed\" encoded=3 computed_ms=15360 fallbacks=1 tokens=90 engine_ms=1200\nmsg=\"all calls done\" pool_ms=1300\n"))
	if r.Encoded != 3 || r.Computed != 15_360 || r.Tokens != 90 || r.Fallbacks != 1 || r.EngineMS != 1200 || r.PoolMS != 1300 {
		t.Errorf("got %+v", r)
	}
}

func TestWaysDealOutAllFiles(t *testing.T) {
	t.Parallel()
	if n := len(Ways(4, "silero.bin", true)); n != 12 {
		t.Errorf("%d ways with 4 cores, want 12", n)
	}
	if n := len(Ways(2, "", false)); n != 4 {
		t.Errorf("%d ways with 2 cores and no Silero model, want 4", n)
	}
	b := &Batch{Calls: []Call{{Stereo: "s", Channels: [2]string{"a", "b"}}}}
	if got := (Way{}).files(b); len(got) != 2 {
		t.Errorf("files %v", got)
	}
	if got := (Way{Stereo: true}).files(b); len(got) != 1 {
		t.Errorf("files %v", got)
	}
}

// TestOursIsMeasured builds the program and runs it over a batch as make bench does, on the narrow model.
func TestOursIsMeasured(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	b, err := Make(t.Context(), folder, Size{Calls: 2, Scale: 0.04, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(b.Describe())
	program, model := filepath.Join(folder, "bin", "zhijian"), filepath.Join(folder, "narrow.bin")
	if said, err := exec.Command("../../scripts/build.sh", "./cmd/zhijian", program).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	weights, err := models.Resolve("", "")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(model)
	if err != nil {
		t.Fatal(err)
	}
	if err := widen.Write(file, weights.Bytes, widen.Shape{Width: 128, Heads: 2, AudioLayers: 4, TextLayers: 3}); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Ours{Program: program, Model: model}.Run(t.Context(), b, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(got.Row(got))
	if got.Encoded < 2 || got.Computed < 10_000 || got.Tokens == 0 || got.EngineMS == 0 || got.PoolMS == 0 || got.PeakMB == 0 || got.CPU == 0 || got.Errors.Of == 0 {
		t.Errorf("got %+v, want every figure", got)
	}
	if got.Errors.Rate()*100 > 50 {
		t.Errorf("CER %.0f %%", got.Errors.Rate()*100)
	}
}
