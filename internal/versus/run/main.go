// Command run measures bin/zhijian against whisper-cli and prints the tables of docs/performance.md.
//
//	go run ./internal/versus/run                       # full size: more than an hour on two cores
//	go run ./internal/versus/run -calls 4 -scale 0.3   # the same, smaller
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/internal/versus"
	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/models"
)

type settings struct {
	size    versus.Size
	shape   string
	cores   int
	program string
	peer    string
	silero  string
	own     bool
	best    bool
	ways    string  // a regular expression on the names of the peer's ways
	packed  bool    // the peer with the packed model too
	long    float64 // minutes of the long call
	text    bool    // error rates under noise, no times
	stereo  bool    // with (c)
	again   bool    // our program once more at the end
	part    int     // calls for the growth with the workers
}

func main() {
	var s settings
	flag.IntVar(&s.size.Calls, "calls", 24, "calls")
	flag.Float64Var(&s.size.Scale, "scale", 1, "scale of their lengths: 1 is 1 to 10 minutes")
	flag.Uint64Var(&s.size.Seed, "seed", 1, "seed of the calls")
	flag.StringVar(&s.shape, "shape", "base", "the demo model in the shape of tiny, base or small")
	flag.IntVar(&s.cores, "cores", runtime.NumCPU(), "workers, and threads or processes of the peer")
	flag.StringVar(&s.program, "program", "bin/zhijian", "the program, built")
	flag.StringVar(&s.peer, "peer", ".cache/peers/whisper-cli", "whisper-cli (scripts/setup.sh peers)")
	flag.StringVar(&s.silero, "silero", "", "Silero model for the peer's --vad (default: the one that zhijian models pull "+silero+" got, else that in ../shared/models)")
	flag.BoolVar(&s.own, "own", false, "also the peer with its own decoding (beam search)")
	flag.BoolVar(&s.best, "best", false, "only the peer at its best: on a busy machine its threads wait for each other")
	flag.StringVar(&s.ways, "ways", "", "only the peer's ways whose names match this regular expression, such as 'as typed'")
	flag.BoolVar(&s.packed, "packed", false, "also the peer with the model file packed to "+models.Packed+", as the program packs it on load")
	flag.Float64Var(&s.long, "long", 60, "minutes of the long call that a short one is beside")
	flag.BoolVar(&s.text, "text", false, "error rates of the demo model under noise instead of times")
	flag.BoolVar(&s.stereo, "stereo", true, "with (c), the peer on the stereo files")
	flag.BoolVar(&s.again, "again", true, "our program once more at the end: how much the machine has changed")
	flag.IntVar(&s.part, "part", 5, "calls for the growth from one worker to all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if s.silero = sileroAt(s.silero); s.silero == "" {
		fmt.Printf("(b) is left out: there is no Silero model; get one by zhijian models pull %s, or name a file by -silero\n", silero)
	}
	measure := run
	if s.text {
		measure = text
	}
	if err := measure(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

// silero is the catalogue's name of the model that finds speech for the peer.
const silero = "silero-v6.2.0"

// sileroAt returns the file of that model: the one that is named, else the usual one. It is "" when there is none.
func sileroAt(named string) string {
	if named == "" {
		named = usualSilero()
	}
	if _, err := os.Stat(named); err != nil {
		return ""
	}
	return named
}

// usualSilero returns where zhijian models pull put the model, else where the shared folder has it.
func usualSilero() string {
	if c, err := config.Load(pflag.NewFlagSet("versus", pflag.ContinueOnError), os.LookupEnv); err == nil {
		if pulled, err := models.ResolveVAD(silero, c.ModelsDir); err == nil {
			return pulled.Path
		}
	}
	return "../shared/models/ggml-" + silero + ".bin"
}

func run(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "zhijian-versus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	model := filepath.Join(folder, s.shape+".bin")
	if err := makeModel(model, s.shape); err != nil {
		return err
	}
	batch, err := versus.Make(ctx, folder, s.size)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d cores, %s; %s; model %s, %d MB\n%s\n\n", processor(), s.cores, version(ctx, s.program), version(ctx, s.peer),
		s.shape, size(model)>>20, batch.Describe())
	ours := versus.Ours{Program: s.program, Model: model}
	all, state, err := compare(ctx, s, batch, ours)
	if err != nil {
		return err
	}
	own(s, batch, all, float64(size(model))/(1<<20), state)
	if err := growth(ctx, s, batch, ours, folder); err != nil {
		return err
	}
	return latency(ctx, s, ours, folder)
}

// text prints the character error rates of the demo model, in our program and in the peers, under noise.
func text(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "zhijian-versus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	weights, err := models.Resolve("", "")
	if err != nil {
		return err
	}
	model := filepath.Join(folder, "demo.bin")
	if err := os.WriteFile(model, weights.Bytes, 0o600); err != nil {
		return err
	}
	fmt.Printf("%d calls of about 2 minutes, seed %d, model %s\n\n| condition | characters | zhijian | (a) each channel | (b) --vad | (c) --diarize |\n|---|---|---|---|---|---|\n",
		s.size.Calls, s.size.Seed, weights)
	for i, c := range versus.Conditions() {
		batch, err := versus.MakeUnder(ctx, filepath.Join(folder, fmt.Sprint(i)), s.size.Calls, s.size.Seed, c)
		if err != nil {
			return err
		}
		ours, err := versus.Ours{Program: s.program, Model: model}.Run(ctx, batch, s.cores)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %.1f %% |", c.Name, ours.Errors.Of, ours.Errors.Rate()*100)
		for _, way := range versus.Ways(s.cores, s.silero, false) {
			if way.Processes != s.cores { // the threads change the time only
				continue
			}
			result, err := versus.Peer{Program: s.peer, Model: model}.Run(ctx, batch, way)
			if err != nil {
				return err
			}
			fmt.Printf(" %.1f %% |", result.Errors.Rate()*100)
		}
		fmt.Println()
	}
	return nil
}

// compare prints the table of our program and the peers, and returns ours and what libwhisper says one state takes.
func compare(ctx context.Context, s settings, batch *versus.Batch, ours versus.Ours) (all versus.Result, stateMB float64, err error) {
	if all, err = ours.Run(ctx, batch, s.cores); err != nil {
		return all, 0, err
	}
	fmt.Printf("%s\n%s\n", versus.Head, all.Row(all))
	ways, err := s.chosen()
	if err != nil {
		return all, 0, err
	}
	for _, way := range ways {
		result, err := versus.Peer{Program: s.peer, Model: ours.Model}.Run(ctx, batch, way)
		if err != nil {
			return all, 0, err
		}
		fmt.Println(result.Row(all))
		stateMB = result.StateMB
	}
	if s.packed {
		if err := comparePacked(ctx, versus.Peer{Program: s.peer, Model: ours.Model}, batch, all, ways); err != nil {
			return all, 0, err
		}
	}
	if s.again { // how much the machine itself has changed
		again, err := ours.Run(ctx, batch, s.cores)
		if err != nil {
			return all, 0, err
		}
		again.Name += ", again"
		fmt.Println(again.Row(all))
	}
	return all, stateMB, nil
}

// chosen returns the ways to call the peer that the flags ask for.
func (s settings) chosen() ([]versus.Way, error) {
	named, err := regexp.Compile(s.ways)
	if err != nil {
		return nil, fmt.Errorf("read -ways: %w", err)
	}
	return slices.DeleteFunc(versus.Ways(s.cores, s.silero, s.own), func(w versus.Way) bool {
		return s.best && w.Processes == 1 || w.Stereo && !s.stereo || !named.MatchString(w.Name)
	}), nil
}

// comparePacked prints the rows of the peer with its model packed as the program packs it, to be set beside all.
func comparePacked(ctx context.Context, peer versus.Peer, batch *versus.Batch, all versus.Result, ways []versus.Way) error {
	weights, err := models.Weights{Path: peer.Model}.Pack()
	if err != nil {
		return err
	}
	peer.Model = strings.TrimSuffix(peer.Model, ".bin") + "-" + models.Packed + ".bin"
	if err := os.WriteFile(peer.Model, weights, 0o600); err != nil {
		return err
	}
	for _, way := range ways {
		result, err := peer.Run(ctx, batch, way)
		if err != nil {
			return err
		}
		result.Name += ", " + models.Packed
		fmt.Println(result.Row(all))
	}
	return nil
}

// own prints what concerns our program alone.
func own(s settings, batch *versus.Batch, all versus.Result, weights, state float64) {
	hours := all.Wall.Hours()
	fmt.Printf("\ncalls per hour %.0f; times real time %.1f, per core %.1f\n",
		float64(len(batch.Calls))/hours, batch.Minutes()/60/hours, batch.Minutes()/60/hours/float64(s.cores))
	fmt.Printf("inside whisper_full: %.1f %% of the time of %d workers\n", share(all), s.cores)
	fmt.Printf("peak memory %.0f MB with %d workers; weights %.0f MB and %d states of %.0f MB, beyond these %.0f MB\n",
		all.PeakMB, s.cores, weights, s.cores, state, all.PeakMB-weights-float64(s.cores)*state)
}

// growth prints how much faster a part of the batch is with each worker more.
func growth(ctx context.Context, s settings, batch *versus.Batch, ours versus.Ours, folder string) error {
	if s.part <= 0 {
		return nil
	}
	part, err := batch.Part(filepath.Join(folder, "part"), s.part)
	if err != nil {
		return err
	}
	var one versus.Result
	for workers := 1; workers <= s.cores; workers++ {
		result, err := ours.Run(ctx, part, workers)
		if err != nil {
			return err
		}
		if workers == 1 {
			one = result
		}
		fmt.Printf("%d calls, %d workers: %.1f s, %.2f times as fast as one; inside whisper_full %.1f %%; peak %.0f MB\n",
			len(part.Calls), workers, result.Wall.Seconds(), one.Wall.Seconds()/result.Wall.Seconds(), share(result), result.PeakMB)
	}
	return nil
}

func share(r versus.Result) float64 { return 100 * float64(r.EngineMS) / float64(max(r.PoolMS, 1)) }

// latency prints how long a short call takes alone and beside a long one, with all workers and with one.
func latency(ctx context.Context, s settings, ours versus.Ours, folder string) error {
	if s.long <= 0 {
		return nil
	}
	long, err := versus.One(ctx, filepath.Join(folder, "long"), s.size.Seed, s.long)
	if err != nil {
		return err
	}
	short, err := versus.One(ctx, filepath.Join(folder, "short"), s.size.Seed+1, 0.5)
	if err != nil {
		return err
	}
	for _, workers := range []int{s.cores, 1} {
		alone, beside, err := ours.Latency(ctx, long, short, workers)
		if err != nil {
			return err
		}
		fmt.Printf("a call of half a minute, %d workers: %.1f s alone, %.1f s beside a call of %.0f minutes: %.2f times\n",
			workers, alone.Seconds(), beside.Seconds(), s.long, beside.Seconds()/alone.Seconds())
	}
	return nil
}

func makeModel(path, name string) error {
	shape, known := widen.Shapes()[name]
	if !known {
		return fmt.Errorf("there is no shape %q", name)
	}
	weights, err := models.Resolve("", "")
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	return errors.Join(widen.Write(w, weights.Bytes, shape), w.Flush(), file.Close())
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// version returns the first line of what a program says of itself.
func version(ctx context.Context, program string) string {
	for _, argument := range []string{"version", "--version"} {
		out, err := exec.CommandContext(ctx, program, argument).Output()
		if line, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n")); err == nil && len(line) > 0 {
			return filepath.Base(program) + " " + string(line)
		}
	}
	return filepath.Base(program)
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return strings.Trim(name, " \t:\n")
		}
	}
	return runtime.GOARCH
}
