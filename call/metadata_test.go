package call_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
)

// fullMetadata has a value in every field.
func fullMetadata() call.Metadata {
	yes, no, left, delay := true, false, 0, call.Millis(9000)
	return call.Metadata{
		Agent: "1024", AgentName: "王芳", Team: "一班", Customer: "13800001111",
		StartedAt: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC), Direction: "inbound", Scenario: "repair",
		AgentChannel: &left, Satisfaction: &yes, Complaint: &no, Settled: &yes, Resolved: &no,
		Rings: &left, AnswerDelay: &delay, HungUpBy: "agent",
	}
}

func otherMetadata() call.Metadata {
	yes, no, right, delay := true, false, 1, call.Millis(21_000)
	return call.Metadata{
		Agent: "2", AgentName: "李明", Team: "二班", Customer: "13900002222",
		StartedAt: time.Date(2026, 11, 21, 9, 30, 1, 0, time.UTC), Direction: "outbound", Scenario: "callback",
		AgentChannel: &right, Satisfaction: &no, Complaint: &yes, Settled: &no, Resolved: &yes,
		Rings: &right, AnswerDelay: &delay, HungUpBy: "customer",
	}
}

func TestMergeTreatsEveryField(t *testing.T) {
	t.Parallel()
	full, other := reflect.ValueOf(fullMetadata()), reflect.ValueOf(otherMetadata())
	for i := range full.NumField() {
		name := full.Type().Field(i).Name
		if full.Field(i).IsZero() || other.Field(i).IsZero() {
			t.Errorf("%s: the test has no value for it", name)
		}
		var kept, seen call.Metadata
		reflect.ValueOf(&kept).Elem().Field(i).Set(full.Field(i))
		reflect.ValueOf(&seen).Elem().Field(i).Set(other.Field(i))
		if merged, conflict := (call.Metadata{}).Merge(kept); len(conflict) > 0 || !cmp.Equal(merged, kept) {
			t.Errorf("%s: a gap became %+v, conflict %v", name, merged, conflict)
		}
		if merged, conflict := kept.Merge(call.Metadata{}); len(conflict) > 0 || !cmp.Equal(merged, kept) {
			t.Errorf("%s: an empty one changed it to %+v, conflict %v", name, merged, conflict)
		}
		if merged, conflict := kept.Merge(kept); len(conflict) > 0 || !cmp.Equal(merged, kept) {
			t.Errorf("%s: itself changed it to %+v, conflict %v", name, merged, conflict)
		}
		if merged, conflict := kept.Merge(seen); len(conflict) != 1 || !cmp.Equal(merged, kept) {
			t.Errorf("%s: a contradiction gave %+v, conflict %v", name, merged, conflict)
		}
	}
}

func TestMergeComparesTimesToTheMillisecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	kept := call.Metadata{StartedAt: at}
	for shift, want := range map[time.Duration]bool{0: false, 999 * time.Microsecond: false, time.Millisecond: true} {
		seen := call.Metadata{StartedAt: at.Add(shift).In(time.FixedZone("CST", 8*3600))}
		if _, conflict := kept.Merge(seen); (len(conflict) > 0) != want {
			t.Errorf("%v later: conflict %v, want %t", shift, conflict, want)
		}
	}
}

func TestMergeLeavesTheOriginalsAlone(t *testing.T) {
	t.Parallel()
	kept, seen := call.Metadata{Agent: "7"}, otherMetadata()
	merged, conflict := kept.Merge(seen)
	want := otherMetadata()
	want.Agent = "7"
	if diff := cmp.Diff(want, merged); diff != "" || len(conflict) == 0 {
		t.Errorf("conflict %v, merged (-want +got):\n%s", conflict, diff)
	}
	if !cmp.Equal(kept, call.Metadata{Agent: "7"}) || !cmp.Equal(seen, otherMetadata()) {
		t.Errorf("the originals changed: %+v, %+v", kept, seen)
	}
}
