package lexicon_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// checkMatches holds the matches in text against what must be true of all.
func checkMatches(t *testing.T, set *lexicon.Set, text string) {
	t.Helper()
	runes := []rune(text)
	for _, m := range set.Find(text) {
		if m.Start < 0 || m.Start >= m.End || m.End > len(runes) {
			t.Fatalf("got %+v in a text of %d runes", m, len(runes))
		}
		if got := string(runes[m.Start:m.End]); got != m.Text {
			t.Fatalf("got text %q, at its place stands %q", m.Text, got)
		}
		if m.Tier.Rank() < 0 || m.Distance < 0 || (m.Tier == lexicon.TierExact) != (m.Distance == 0) {
			t.Fatalf("got %+v", m)
		}
	}
}

const mine = `lists:
  - name: mine
    tiers: [exact, homophone, near_homophone, edit]
    edit_from: 5
    terms:
      - 供电营业厅
      - 免贵姓{name}
      - "工号{number}为您服务"
      - {term: 不能办理, not_after: [是不是], not_before: [吗], not_inside: [不能办理的话]}
      - 停电
  - name: strict
    tiers: [exact]
    terms: [供电营业厅, 四零三]
  - name: whole
    whole_words: always
    terms: [营业厅]
  - name: short
    short: [exact, homophone]
    whole_words: never
    terms: [停电]
`

func TestFindTiersSlotsAndExceptions(t *testing.T) {
	t.Parallel()
	set := load(t, mine)
	for _, tc := range []struct{ list, text, want string }{
		{"mine", "去供电营业厅办", "供电营业厅/exact"},
		{"mine", "去供店营业听办", "供店营业听/homophone"},
		{"mine", "去公店银业厅办", "公店银业厅/near_homophone"},
		{"mine", "去供电营造厅办", "供电营造厅/edit"},
		{"mine", "去供电大营业厅办", "供电大营业厅/edit"},
		{"mine", "去供电厅办", ""},
		{"mine", "去供電營業廳辦", "供電營業廳/exact"},
		{"mine", "供，电、营 业 厅", "供，电、营 业 厅/exact"},
		{"strict", "去供店营业听办", ""},
		{"strict", "房间号403", "403/exact"},
		{"strict", "房间号４０３", "４０３/exact"},
		{"strict", "房间号四零三", "四零三/exact"},
		{"mine", "免贵姓欧阳，请讲", "免贵姓欧阳/exact"},
		{"mine", "工号1024号为您服务", ""},
		{"mine", "工号一零二四为您服务", "工号一零二四为您服务/exact"},
		{"mine", "这个不能办理", "不能办理/exact"},
		{"mine", "是不是不能办理", ""},
		{"mine", "不能办理吗", ""},
		{"mine", "不能办理的话", ""},
		{"mine", "都能办理", ""},
		{"mine", "停店", ""},
		{"short", "停店", "停店/homophone"},
		{"whole", "去营业厅", "营业厅/exact"},
		{"mine", "", ""},
		{"mine", "。。。", ""},
	} {
		if got := found(set, tc.list, tc.text); got != tc.want {
			t.Errorf("%s in %q: got %q, want %q", tc.list, tc.text, got, tc.want)
		}
	}
}

// TestBuiltInListsInContext holds what phrases of the built-in lists mean where they stand.
func TestBuiltInListsInContext(t *testing.T) {
	t.Parallel()
	set := load(t)
	for _, tc := range []struct {
		list, text string
		want       bool
	}{
		{"backchannel", "行", true},
		{"backchannel", "行，行", true},
		{"backchannel", "您看行不行", false},
		{"backchannel", "对不对", false},
		{"backchannel", "不行", false},
		{"refusal", "不行，时间定好了", true},
		{"refusal", "我没说不行", false},
		{"refusal", "我不是说没办法", false},
		{"condescending", "你到底懂不懂", true},
		{"condescending", "懂不懂啊", true},
		{"condescending", "不知道您懂不懂", false},
		{"greeting", "这里是国家电网", false},
		{"greeting", "您好，国家电网", true},
	} {
		got := slices.ContainsFunc(set.Find(tc.text), func(m lexicon.Match) bool { return m.List == tc.list })
		if got != tc.want {
			t.Errorf("%s in %q: got %t", tc.list, tc.text, got)
		}
	}
}

func TestFindBadInput(t *testing.T) {
	t.Parallel()
	set := load(t, mine)
	for name, text := range map[string]string{
		"invalid UTF-8":     "\xff\xfe供电\x80营业厅不行\xc3",
		"NUL":               "供电\x00营业厅不\x00行",
		"surrogates":        "\xed\xa0\x80不行",
		"beyond the planes": "𠀀𠀁不行𪚥",
		"combining":         "e\u0301不行",
		"line breaks":       "供电\r\n营业厅\u2028不行",
		"only digits":       strings.Repeat("一二三", 100),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMatches(t, set, text)
		})
	}
	if got := found(set, "mine", "供电\x00营业厅"); got != "供电\x00营业厅/exact" {
		t.Errorf("got %q across a NUL", got)
	}
}

func TestFindLongText(t *testing.T) {
	t.Parallel()
	set := load(t)
	text := strings.Repeat("您好，不行，这个事情不归我们管。我是说对吗对吗对吗", 8000)
	began := time.Now()
	matches := set.Find(text)
	if len(matches) < 24000 {
		t.Errorf("got %d matches", len(matches))
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// TestFindMissesNothing holds the index against plain search for terms that are exact.
func TestFindMissesNothing(t *testing.T) {
	t.Parallel()
	g := rand.New(rand.NewPCG(1, 2))
	const alphabet = "停电供应不行没有办法可能银行会长重要"
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune([]rune(alphabet)[g.IntN(len([]rune(alphabet)))])
		}
		return b.String()
	}
	var terms []string
	yaml := "lists:\n"
	for i := range 60 {
		terms = append(terms, word(2+g.IntN(4)))
		yaml += "  - {name: l" + strings.Repeat("x", i) + ", tiers: [exact], whole_words: never, terms: [" + terms[i] + "]}\n"
	}
	set := load(t, yaml)
	for range 50 {
		text := word(40)
		got := map[string]bool{}
		for _, m := range set.Find(text) {
			got[m.List] = true
		}
		for i, term := range terms {
			if list := "l" + strings.Repeat("x", i); strings.Contains(text, term) != got[list] {
				t.Fatalf("%q in %q: got %t", term, text, got[list])
			}
		}
	}
}

func TestFindFromManyGoroutines(t *testing.T) {
	t.Parallel()
	set := load(t)
	const text = "您好，不行，这个事情不归我们管，可能吧"
	want := set.Find(text)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := set.Find(text); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	group.Wait()
}

func TestNearest(t *testing.T) {
	t.Parallel()
	set := load(t)
	for _, tc := range []struct {
		list, text string
		near       bool
	}{
		{"offer_help", "很高欣为您扶务", true},
		{"offer_help", "请问是什么时候开始的", false},
		{"greeting", "印好电力服务", true},
		{"greeting", "喂请讲", false},
		{"anything_else", "您应该找其他部门", false},
	} {
		miss, ok := set.Nearest(tc.list, tc.text)
		if near := ok && miss.Odds > -1; near != tc.near {
			t.Errorf("%s in %q: got %q for %q, odds %.1f", tc.list, tc.text, miss.Text, miss.Term, miss.Odds)
		}
		if ok && !strings.Contains(tc.text, miss.Text) {
			t.Errorf("got %q, which is not in %q", miss.Text, tc.text)
		}
	}
	if _, ok := set.Nearest("nowhere", "您好"); ok {
		t.Error("got a miss from a list that is not there")
	}
	if _, ok := set.Nearest("greeting", ""); ok {
		t.Error("got a miss in an empty text")
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"您好，工号一零二四为您服务", "不行\x00行不行\xff", "𠀀０１百分之百", strings.Repeat("对吗", 50)} {
		f.Add(seed)
	}
	set := load(f, mine)
	f.Fuzz(func(t *testing.T, text string) {
		checkMatches(t, set, text)
		if n := lexicon.Normalise(text); len(n.Offsets) != len([]rune(n.Text)) {
			t.Fatalf("got %d offsets for %q", len(n.Offsets), n.Text)
		}
		if miss, ok := set.Nearest("mine", text); ok && !strings.Contains(string([]rune(text)), miss.Text) {
			t.Fatalf("got %q", miss.Text)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	set := load(b)
	text := strings.Repeat("您好，请问您的地址是哪里？我家停电了，这个事情大概什么时候能修好，麻烦你们快一点。", 40)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		set.Find(text)
	}
}

func BenchmarkCut(b *testing.B) {
	segmenter, err := sharedSegmenter()
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("您好，请问您的地址是哪里？我家停电了，这个事情大概什么时候能修好，麻烦你们快一点。", 40)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		segmenter.Cut(text)
	}
}
