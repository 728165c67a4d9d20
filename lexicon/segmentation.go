package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"math/bits"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// segmentationCode changes whenever segmenting does, so that what is kept is known to be old.
const segmentationCode = "2"

// segmentationRevision names what a segmentation depends on beside the text.
func segmentationRevision() string {
	hash := sha256.Sum256([]byte(segmentationCode + " " + DictionaryRevision() + " " + monosyllables))
	return hex.EncodeToString(hash[:])[:12]
}

// Segmented returns how the texts of tr fall into words: what is kept with it, when that was made by the
// dictionaries of today, else which characters fall apart, without where words end.
func (s *Set) Segmented(tr call.Transcript) *call.Segmentation {
	if kept := tr.Segmentation; kept != nil && kept.Revision == s.segmentation && fitsTexts(kept, tr.Utterances) {
		return kept
	}
	made := &call.Segmentation{Revision: s.segmentation, Strays: make([][]byte, len(tr.Utterances))}
	for i, u := range tr.Utterances {
		strays, n := s.strays(u.Text)
		made.Strays[i], made.Characters = strays, made.Characters+n
		for _, b := range strays {
			made.Stray += bits.OnesCount8(b)
		}
	}
	return made
}

// Segment returns how the texts of tr fall into words.
func (s *Set) Segment(tr call.Transcript) *call.Segmentation {
	tr.Segmentation = nil
	made := s.Segmented(tr)
	made.Ends = make([][]byte, len(tr.Utterances))
	for i, u := range tr.Utterances {
		ends := make([]byte, bitBytes(u.Text))
		at := 0
		for _, word := range s.segmenter.Cut(u.Text) {
			if at += utf8.RuneCountInString(word); at <= len(ends)*8 {
				ends[(at-1)/8] |= 1 << ((at - 1) % 8)
			}
		}
		made.Ends[i] = ends
	}
	return made
}

// bitBytes is how many bytes hold a bit for each rune of text.
func bitBytes(text string) int { return (utf8.RuneCountInString(text) + 7) / 8 }

// fitsTexts reports whether a segmentation can be that of the texts.
func fitsTexts(kept *call.Segmentation, utterances []call.Utterance) bool {
	if len(kept.Ends) != len(utterances) || len(kept.Strays) != len(utterances) {
		return false
	}
	for i, u := range utterances {
		if n := bitBytes(u.Text); len(kept.Ends[i]) != n || len(kept.Strays[i]) != n {
			return false
		}
	}
	return true
}
