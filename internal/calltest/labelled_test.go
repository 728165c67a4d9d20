package calltest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
)

func TestLabelledCalls(t *testing.T) {
	t.Parallel()
	calls, err := calltest.ParseLabelled("# a set\n\n* repair | hello | shirk | complains\na: 您好。\nc: 又停了。\na: 找物业去。\n\n* billing | | |\nc: 喂。\n")
	if err != nil || len(calls) != 2 {
		t.Fatalf("got %d calls: %v", len(calls), err)
	}
	if said := calls[0].By(call.RoleAgent); !slices.Equal(said, []string{"您好。", "找物业去。"}) {
		t.Errorf("agent: %q", said)
	}
	if l := calls[0].Labels; !l["hello"] || !l["shirk"] || !l["complains"] || !l["repair"] || l["|"] || len(l) != 4 || len(calls[1].Labels) != 1 {
		t.Errorf("labels: %v, %v", l, calls[1].Labels)
	}
	for text, place := range map[string]string{"a: 您好。\n": "line 1", "* repair | |\n\na: 您好。\n": "line 3", "* repair | |\n您好。\n": "line 2"} {
		if _, err := calltest.ParseLabelled(text); err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: got %v, want %s", text, err, place)
		}
	}
}
