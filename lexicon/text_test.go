package lexicon_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

func TestSimplify(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"您好，很高興為您服務": "您好，很高兴为您服务",
		"電錶壞了":       "电表坏了",
		"妳好":         "你好",
		"abc 123":    "abc 123",
		"":           "",
		"a\xffb":     "a\uFFFDb",
	} {
		got := lexicon.Simplify(in)
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if len([]rune(got)) != len([]rune(in)) {
			t.Errorf("%q: got %d runes for %d", in, len([]rune(got)), len([]rune(in)))
		}
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"您好，请讲。":       "您好请讲",
		"工號１０２４":       "工号1024",
		"四零三号":         "403号",
		"幺三八零零幺三":      "1380013",
		"两三天":          "23天",
		"请您等一下":        "请您等一下",
		"ＯＫ，Ok":        "okok",
		"100%":         "100%",
		"百分之十八":        "18%",
		"百分之百":         "100%",
		"百分之18":        "18%",
		"一万二":          "12000",
		"三百五十块":        "350块",
		"一千零一":         "1001",
		"两万五千":         "25000",
		"三百五":          "350",
		"十八":           "18",
		"十分钟":          "10分钟",
		"十分抱歉":         "十分抱歉",
		"几十个":          "几十个",
		"二三十个":         "23十个",
		"万一停电":         "万一停电",
		"千万别动":         "千万别动",
		"一洞二四":         "1024",
		"工号洞幺拐":        "工号017",
		"路口拐弯":         "路口拐弯",
		"走三百米拐一个弯":     "走300米拐一个弯",
		"洞里":           "洞里",
		"一亿两千万":        "120000000",
		" \x00\t…\xff": "",
	} {
		n := lexicon.Normalise(in)
		if n.Text != want {
			t.Errorf("%q: got %q, want %q", in, n.Text, want)
		}
		if len(n.Offsets) != len([]rune(n.Text)) {
			t.Errorf("%q: got %d offsets for %q", in, len(n.Offsets), n.Text)
		}
	}
	if n := lexicon.Normalise("您，好"); n.Offsets[1] != 2 {
		t.Errorf("got offset %d for 好, want 2", n.Offsets[1])
	}
}

func TestSegmenterCut(t *testing.T) {
	t.Parallel()
	segmenter, err := sharedSegmenter()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"我家停电了":      "我家/停电/了",
		"大概可能性":      "大概/可能性",
		"供電營業廳":      "供电/营业厅",
		"":           "",
		"a\x00b":     "a/ /b",
		"停\xff\xfe电": "停/ / /电",
	} {
		if got := strings.Join(segmenter.Cut(in), "/"); strings.ReplaceAll(got, "/", "") != strings.ReplaceAll(want, "/", "") {
			t.Errorf("%q: got %q, want the text of %q", in, got, want)
		}
	}
	if got := strings.Join(segmenter.Cut("我家停电了"), "/"); got != "我家/停电/了" && got != "我/家/停电/了" {
		t.Errorf("got %q", got)
	}
}

func TestSegmenterMendsDamagedDictionaries(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, err := lexicon.NewSegmenter(folder)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	first.Close()
	if got := first.Cut("停电了"); len(got) != 3 {
		t.Errorf("got %q from a closed segmenter", got)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "dict-*", "*.utf8"))
	if err != nil || len(paths) != 5 {
		t.Fatalf("got dictionaries %v, %v", paths, err)
	}
	for _, path := range paths {
		if err := os.Truncate(path, 10); err != nil && !strings.HasSuffix(path, "user.dict.utf8") {
			t.Fatal(err)
		}
	}
	second, err := lexicon.NewSegmenter(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if got := strings.Join(second.Cut("停电了"), "/"); got != "停电/了" {
		t.Errorf("got %q", got)
	}
}

func TestSegmenterFolderCannotBeMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := lexicon.NewSegmenter(filepath.Join(file, "cache")); err == nil {
		t.Error("got no error for a folder inside a file")
	}
}

func TestSegmenterFromManyGoroutines(t *testing.T) {
	t.Parallel()
	segmenter, err := sharedSegmenter()
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if got := len(segmenter.Cut("这个事情不归我们管")); got < 3 {
					t.Errorf("got %d words", got)
				}
			}
		})
	}
	group.Wait()
}
