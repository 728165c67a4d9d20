package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

const (
	mostAddress = 36          // runes
	mostRoom    = 5           // digits of a room after the house
	doorWords   = "号楼栋幢室户层座元" // what follows the numbers of an address
	roadWords   = "路街道巷弄村区镇乡园苑庄城厦寓里坊"
)

// addressCues come right before an address; addressEnds are words after which none goes on.
var (
	addressCues = []string{"地址是在", "地址是", "地址在", "地址为", "地址", "住址是", "住址", "家住在", "家住"}
	addressEnds = []string{"电话", "手机", "户号", "联系", "姓名", "我叫", "对吗", "是吗", "对不对", "对吧", "没错"}
)

// findAddresses finds addresses: after a cue a road or an estate and the number of a door, elsewhere as
// findDoors says.
func findAddresses(text []rune) []Personal {
	found := findDoors(text)
	for i := 0; i < len(text); i++ {
		for _, cue := range addressCues {
			if !hasAt(text, i, cue) {
				continue
			}
			start := skipColon(text, i+len([]rune(cue)))
			if end := addressEnd(text, start); end > start {
				found = append(found, Personal{Kind: PersonalAddress, Start: start, End: end})
				i = end - 1
			}
			break
		}
	}
	return joinPlaces(found)
}

// joinPlaces puts places that touch or overlap together, in order.
func joinPlaces(found []Personal) []Personal {
	slices.SortFunc(found, func(a, b Personal) int { return cmp.Compare(a.Start, b.Start) })
	kept := found[:0]
	for _, p := range found {
		if last := len(kept) - 1; last >= 0 && p.Start <= kept[last].End {
			kept[last].End = max(kept[last].End, p.End)
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// addressEnd returns the end of the address that begins at start, start when there is none.
func addressEnd(text []rune, start int) int {
	end, road := start, false
	for i := start; i < min(len(text), start+mostAddress); i++ {
		if strings.ContainsRune("。？！?!*", text[i]) || slices.ContainsFunc(addressEnds, func(word string) bool { return hasAt(text, i, word) }) {
			break
		}
		road = road || strings.ContainsRune(roadWords, text[i])
		if !strings.ContainsRune(doorWords, text[i]) || i == start {
			continue
		}
		if inAddressNumber(text[i-1]) || text[i] == '元' && text[i-1] == '单' || text[i] == '楼' && text[i-1] == '号' {
			end = i + 1
		}
	}
	if !road || end == start {
		return start
	}
	for room := 0; room < mostRoom && end < len(text) && inAddressNumber(text[end]); room++ {
		end++
	}
	return end
}

func inAddressNumber(r rune) bool {
	_, digit := spokenDigit(r)
	return digit || r == '十' || r == '百' || r < unicode.MaxASCII && unicode.IsLetter(r)
}
