package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// segmentationCode changes whenever segmenting or Stray does, so that what is kept is known to be old.
const segmentationCode = "1"

// segmentationRevision names what a segmentation depends on beside the text.
func segmentationRevision() string {
	hash := sha256.Sum256([]byte(segmentationCode + " " + DictionaryRevision() + " " + monosyllables))
	return hex.EncodeToString(hash[:])[:12]
}

// Segmented returns how the texts of tr fall into words when that is kept with it and was made by the
// dictionaries of today, else nil.
func (s *Set) Segmented(tr call.Transcript) *call.Segmentation {
	if kept := tr.Segmentation; kept != nil && kept.Revision == s.segmentation && fitsTexts(kept, tr.Utterances) {
		return kept
	}
	return nil
}

// Segment returns how the texts of tr fall into words.
func (s *Set) Segment(tr call.Transcript) *call.Segmentation {
	made := &call.Segmentation{Revision: s.segmentation, Ends: make([][]byte, len(tr.Utterances))}
	for i, u := range tr.Utterances {
		ends := make([]byte, bitBytes(u.Text))
		at := 0
		for _, word := range s.segmenter.Cut(u.Text) {
			if at += utf8.RuneCountInString(word); at <= len(ends)*8 {
				ends[(at-1)/8] |= 1 << ((at - 1) % 8)
			}
		}
		made.Ends[i] = ends
		stray, n := s.Stray(u.Text)
		made.Stray, made.Characters = made.Stray+stray, made.Characters+n
	}
	return made
}

// bitBytes is how many bytes hold a bit for each rune of text.
func bitBytes(text string) int { return (utf8.RuneCountInString(text) + 7) / 8 }

// fitsTexts reports whether a segmentation can be that of the texts.
func fitsTexts(kept *call.Segmentation, utterances []call.Utterance) bool {
	if len(kept.Ends) != len(utterances) {
		return false
	}
	for i, u := range utterances {
		if len(kept.Ends[i]) != bitBytes(u.Text) {
			return false
		}
	}
	return true
}
