package versus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// Batch is a set of calls on disk.
type Batch struct {
	Folder string // of the stereo files
	Calls  []Call
}

// Call is a generated call: its stereo file, each channel as a file, and what is said.
type Call struct {
	Stereo   string
	Channels [2]string
	Duration call.Millis
	Speech   call.Millis // of both parties, overlaps counted once
	Said     [2]string   // by channel
	InOrder  string      // by both, in the order of their start
}

// Size says how many calls are made, and how long: lengths are drawn between 1 and 10 minutes with a median
// of 4, and then scaled.
type Size struct {
	Calls int
	Scale float64
	Seed  uint64
}

// Minutes draws the length of a call: log-normal with median 4, cut at 1 and 10.
func (s Size) minutes(random *rand.Rand) float64 {
	return s.Scale * min(max(4*math.Exp(0.6*random.NormFloat64()), 1), 10)
}

// Make writes the calls of a size to folder, stereo and by channel, 8 kHz PCM.
func Make(ctx context.Context, folder string, size Size) (*Batch, error) {
	random := rand.New(rand.NewPCG(size.Seed, 31))
	b, err := newBatch(folder)
	if err != nil {
		return nil, err
	}
	var studio callgen.Studio
	for i := range size.Calls {
		made, err := studio.Make(ctx, callgen.RandomScript(size.Seed*1000+uint64(i), size.minutes(random)))
		if err != nil {
			return nil, fmt.Errorf("call %d: %w", i, err)
		}
		c, err := write(folder, fmt.Sprintf("call-%03d", i), made.Channels, made.Truth)
		if err != nil {
			return nil, fmt.Errorf("call %d: %w", i, err)
		}
		b.Calls = append(b.Calls, c)
	}
	return b, nil
}

func newBatch(folder string) (*Batch, error) {
	b := &Batch{Folder: filepath.Join(folder, "stereo")}
	if err := errors.Join(os.MkdirAll(b.Folder, 0o755), os.MkdirAll(filepath.Join(folder, "mono"), 0o755)); err != nil {
		return nil, fmt.Errorf("make folders: %w", err)
	}
	return b, nil
}

func write(folder, name string, channels [][]float32, truth callgen.Truth) (Call, error) {
	c := Call{
		Stereo: filepath.Join(folder, "stereo", name+".wav"), Duration: truth.Duration,
		Channels: [2]string{filepath.Join(folder, "mono", name+"-0.wav"), filepath.Join(folder, "mono", name+"-1.wav")},
	}
	err := writeWAV(c.Stereo, channels)
	for i, path := range c.Channels {
		err = errors.Join(err, writeWAV(path, channels[i:i+1]))
	}
	lines := slices.Clone(truth.Utterances)
	slices.SortStableFunc(lines, func(a, b callgen.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	for _, u := range lines {
		c.Said[channelOf(u.Role)] += u.Text
		c.InOrder += u.Text
	}
	var both []call.Span
	for _, spans := range truth.Speech {
		both = append(both, spans...)
	}
	c.Speech = call.Total(call.Merge(both, 0))
	return c, err
}

func channelOf(role call.Role) int {
	if role == call.RoleCustomer {
		return 1
	}
	return 0
}

func writeWAV(path string, channels [][]float32) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(audio.WriteWAV(file, callgen.Rate, channels), file.Close())
}

// Describe says how long the calls are and how much is spoken in them.
func (b *Batch) Describe() string {
	lengths := make([]float64, len(b.Calls))
	var total, speech, low, high float64
	low = 1
	for i, c := range b.Calls {
		lengths[i] = c.Duration.Seconds() / 60
		total += lengths[i]
		share := float64(c.Speech) / float64(c.Duration)
		speech, low, high = speech+c.Speech.Seconds()/60, min(low, share), max(high, share)
	}
	slices.Sort(lengths)
	return strings.TrimSpace(fmt.Sprintf("%d calls of %.1f to %.1f minutes, median %.1f, %.1f minutes in all; speech %.0f %% of the time (%.0f to %.0f %%)",
		len(lengths), lengths[0], lengths[len(lengths)-1], lengths[len(lengths)/2], total, 100*speech/total, 100*low, 100*high))
}

// Part returns a batch of the first n calls, as links in folder.
func (b *Batch) Part(folder string, n int) (*Batch, error) {
	part, err := newBatch(folder)
	if err != nil {
		return nil, err
	}
	for _, c := range b.Calls[:min(n, len(b.Calls))] {
		link := filepath.Join(part.Folder, filepath.Base(c.Stereo))
		if err := os.Link(c.Stereo, link); err != nil {
			return nil, err
		}
		c.Stereo = link
		part.Calls = append(part.Calls, c)
	}
	return part, nil
}

// Minutes returns the length of all calls.
func (b *Batch) Minutes() float64 {
	var total float64
	for _, c := range b.Calls {
		total += c.Duration.Seconds() / 60
	}
	return total
}

// One writes a single call of so many minutes to folder and returns its stereo file.
func One(ctx context.Context, folder string, seed uint64, minutes float64) (string, error) {
	var studio callgen.Studio
	made, err := studio.Make(ctx, callgen.RandomScript(seed*1000+999, minutes))
	if err != nil {
		return "", fmt.Errorf("make call: %w", err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	path := filepath.Join(folder, filepath.Base(folder)+".wav")
	return path, writeWAV(path, made.Channels)
}
