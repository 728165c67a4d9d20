package storetest

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

// File names in GBK are no UTF-8. Each stays what it is.
func namesInGBK(t *testing.T, s *store.Store) {
	first, second := Sample(1), Sample(2)
	first.Recording.Path, second.Recording.Path = "/\xc2\xbc\xd2\xf4/\xb2\xe2.wav", "/\xc2\xbc\xd2\xf4/\xca\xd4.wav" // 录音/测, 录音/试
	must(t, s, first)
	must(t, s, second)
	got := paths(t, s, store.CallFilter{})
	slices.Sort(got)
	wantEqual(t, got, []string{first.Recording.Path, second.Recording.Path})
	wantEqual(t, paths(t, s, store.CallFilter{Paths: []string{"/\xc2\xbc\xd2\xf4"}}), got)
	for _, ref := range []string{"\xb2\xe2.wav", "\xb2\xe2", first.Recording.Path} {
		found, err := s.FindCall(t.Context(), ref)
		check(t, err)
		wantEqual(t, found.Recording.ID, first.Recording.ID)
	}
	seen, err := s.Paths(t.Context(), first.Recording.SHA256)
	check(t, err)
	wantEqual(t, seen, []string{first.Recording.Path})

	lost := "/\xb6\xaa.wav"
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: lost, Code: "empty", Message: "a\x00b " + lost}))
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: first.Recording.Path, Code: "empty"}))
	wantPaths(t, s, first.Recording.Path, lost)
	check(t, s.SaveResult(t.Context(), first))
	wantPaths(t, s, lost)
	n, err := s.EraseFailures(t.Context(), []call.Failure{{Path: lost}})
	check(t, err)
	wantEqual(t, n, 1)
}
