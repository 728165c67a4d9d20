package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// What was erased cannot be read out of the file any more, nor out of its journal.
func TestSQLiteErasedIsOverwritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zhijian.db")
	s := open(t, path)
	for n := range 30 {
		rec := storetest.Sample(n)
		rec.Recording.Customer = "13912345678"
		if n == 7 {
			rec.Recording.Customer, rec.Recording.Path = "13800138000", "/calls/极罕见的文件名.wav"
		}
		decideSample(t, s, rec)
	}
	secrets := []string{"13800138000", "极罕见的文件名"}
	holds := func() (found []string) {
		for _, file := range []string{path, path + "-wal"} {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if bytes.Contains(data, []byte(secret)) {
					found = append(found, filepath.Base(file)+": "+secret)
				}
			}
		}
		return found
	}
	if len(holds()) == 0 {
		t.Fatal("the secrets were never there: this test shows nothing")
	}
	why := store.Erasure{Reason: store.ErasedOnRequest, By: "李四"}
	if n, err := s.Erase(t.Context(), []string{storetest.Hash(7)}, why); err != nil || n != 1 {
		t.Fatalf("got %d, %v", n, err)
	}
	if left := holds(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func TestErasuresAreNeverChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, location string) {
		s := open(t, location)
		decideSample(t, s, storetest.Sample(1))
		decideSample(t, s, storetest.Sample(2))
		if _, err := s.Erase(t.Context(), []string{storetest.Hash(1)}, store.Erasure{Reason: store.ErasedOnRequest, By: "李四"}); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"UPDATE erasures SET note = ''", "DELETE FROM erasures", "DELETE FROM decisions"} {
			if _, err := raw(t, location).ExecContext(t.Context(), statement); err == nil {
				t.Errorf("%s is not refused", statement)
			}
		}
	})
}
