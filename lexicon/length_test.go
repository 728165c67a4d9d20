package lexicon_test

import (
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/lexicon"
)

func TestLengths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]time.Duration{
		"请稍等两分钟":        {2 * time.Minute},
		"请稍等2分钟":        {2 * time.Minute},
		"请您等待１０分钟":      {10 * time.Minute},
		"大概需要十分钟左右":     {10 * time.Minute},
		"需要二十五秒":        {25 * time.Second},
		"要一百二十秒":        {2 * time.Minute},
		"等一两分钟":         {2 * time.Minute},
		"等三五分钟":         {5 * time.Minute},
		"两到三分钟":         {3 * time.Minute},
		"2-3分钟":         {3 * time.Minute},
		"十几秒":           {20 * time.Second},
		"半分钟就好":         {30 * time.Second},
		"半个小时":          {30 * time.Minute},
		"一个半小时":         {90 * time.Minute},
		"两分半钟":          {150 * time.Second},
		"一刻钟":           {15 * time.Minute},
		"請稍等兩分鐘":        {2 * time.Minute},
		"先等一分钟，再等三十秒":   {time.Minute, 30 * time.Second},
		"十分抱歉，请稍等":      nil,
		"请您稍等一下":        nil,
		"几分钟":           nil,
		"请您稍等一会儿，我马上就来": nil,
		"您的电费是两百三十五块钱":  nil,
		"二三十分钟":         {30 * time.Minute},
		"请等二十三分钟":       {23 * time.Minute},
		"十十分钟":          nil,
		"九九九九九九九九九九九九分钟等着": nil,
	} {
		var got []time.Duration
		for _, l := range lexicon.Lengths(text) {
			got = append(got, l.Duration)
			if runes := []rune(text); l.Start < 0 || l.End > len(runes) || l.Start >= l.End {
				t.Errorf("%s: got a place %d-%d", text, l.Start, l.End)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: got %v, want %v", text, got, want)
			}
		}
	}
}

func FuzzLengths(f *testing.F) {
	f.Add("请稍等一两分钟，半小时")
	f.Fuzz(func(t *testing.T, text string) {
		runes := len([]rune(text))
		for _, l := range lexicon.Lengths(text) {
			if l.Start < 0 || l.Start >= l.End || l.End > runes || l.Duration < 0 {
				t.Errorf("%q: got %+v", text, l)
			}
		}
	})
}
