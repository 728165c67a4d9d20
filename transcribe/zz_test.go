package transcribe_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

func han(s string) []rune {
	var o []rune
	for _, r := range s { if unicode.Is(unicode.Han, r) || unicode.IsDigit(r) { o = append(o, r) } }
	return o
}
func dist(a, b []rune) int {
	p := make([]int, len(b)+1)
	for j := range p { p[j] = j }
	for i := 1; i <= len(a); i++ {
		q := make([]int, len(b)+1); q[0] = i
		for j := 1; j <= len(b); j++ {
			c := p[j-1]; if a[i-1] != b[j-1] { c++ }
			q[j] = min(c, p[j]+1, q[j-1]+1)
		}
		p = q
	}
	return p[len(b)]
}

func TestZ(t *testing.T) {
	f, _ := os.Open("../models/demo/zh-demo-q8_0.bin.gz")
	z, _ := gzip.NewReader(f)
	b, err := io.ReadAll(z)
	if err != nil { t.Fatal(err) }
	m, err := whisper.LoadBytes(b, whisper.Config{})
	if err != nil { t.Fatal(err) }
	e, _ := m.NewEngine()
	cfg := transcribe.Config{}
	if s := os.Getenv("MARGIN"); s != "" { n, _ := strconv.Atoi(s); cfg.Margin = call.Millis(n) }
	if s := os.Getenv("WINDOW"); s != "" { n, _ := strconv.Atoi(s); cfg.Window = call.Millis(n) }
	if s := os.Getenv("BEAM"); s != "" { n, _ := strconv.Atoi(s); cfg.Options.Beam = n }
	if s := os.Getenv("NOFALL"); s != "" { cfg.Options.TemperatureStep = -1 }
	tr := transcribe.New(e, cfg)
	files, _ := filepath.Glob("../testdata/demo/*.wav")
	var n, d1, d2 int
	var tot transcribe.Stats
	var dur call.Millis
	for _, name := range files {
		af, err := audio.Open(context.Background(), name, audio.Config{})
		if err != nil { t.Fatal(err) }
		a, err := audio.Analyse(context.Background(), af, audio.VADConfig{})
		if err != nil { t.Fatal(err) }
		t0 := time.Now()
		c, st, err := tr.Call(context.Background(), af, a, []call.Role{call.RoleAgent, call.RoleCustomer})
		if err != nil { t.Fatal(err) }
		dur += af.Info().Duration
		tot.Windows += st.Windows; tot.Engine += st.Engine; tot.Retries += st.Retries; tot.Removed += st.Removed; tot.Sound += st.Sound
		var truth struct{ Utterances []struct{ Role call.Role; Start call.Millis `json:"start_ms"`; End call.Millis `json:"end_ms"`; Text string } }
		jb, _ := os.ReadFile(strings.TrimSuffix(name, ".wav") + ".truth.json")
		json.Unmarshal(jb, &truth)
		var cn, c1, c2 int
		for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
			var ref, hyp []rune
			bucket := map[int][]rune{}
			for _, u := range truth.Utterances { if u.Role == role { ref = append(ref, han(u.Text)...) } }
			for _, u := range c.By(role) {
				hyp = append(hyp, han(u.Text)...)
				for _, w := range u.Words {
					best, bi := call.Millis(1<<40), -1
					for i, x := range truth.Utterances { if x.Role == role {
						g := call.Span{Start: x.Start, End: x.End}.Gap(call.Span{Start: (w.Start + w.End) / 2, End: (w.Start + w.End) / 2})
						if g < best { best, bi = g, i }
					} }
					bucket[bi] = append(bucket[bi], han(w.Text)...)
				}
			}
			cn += len(ref); c1 += dist(ref, hyp)
			for i, u := range truth.Utterances { if u.Role == role {
				c2 += dist(han(u.Text), bucket[i])
				if os.Getenv("V") != "" { fmt.Printf("%s %6d-%6d %s\n      %s\n", role, u.Start, u.End, string(han(u.Text)), string(bucket[i])) }
			} }
		}
		fmt.Printf("%s chars %d cer %.1f%% placed %.1f%% windows %d retries %d removed %d sound %.0f speech %.0f dur %.0f engine %v wall %v\n", filepath.Base(name), cn, 100*float64(c1)/float64(cn), 100*float64(c2)/float64(cn), st.Windows, st.Retries, st.Removed, st.Sound.Seconds(), st.Speech.Seconds(), af.Info().Duration.Seconds(), st.Engine, time.Since(t0))
		for _, r := range c.Removed { fmt.Println("   removed", r) }
		n += cn; d1 += c1; d2 += c2
		af.Close()
	}
	fmt.Printf("ALL chars %d cer %.1f%% placed %.1f%% windows %d retries %d removed %d engine %v dur %.0f\n", n, 100*float64(d1)/float64(n), 100*float64(d2)/float64(n), tot.Windows, tot.Retries, tot.Removed, tot.Engine, dur.Seconds())
}
