package lexicon

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostPlaceName = 24 // runes of a town, a road and an estate before the numbers
	lastDay       = 31
)

// doors are the numbers at the end of an address, as in 三十二号楼二单元四零三: numbers with what they
// count, and a room.
var doors = regexp.MustCompile(`(?:` + doorNumber + doorPart + `)+` + doorNumber + `?`)

const (
	doorNumber = `(?:[0-9０-９零〇一二两三四五六七八九十百幺洞]{1,8}|[A-Za-zＡ-Ｚ甲乙丙丁东西南北])`
	doorPart   = `(?:号楼|号院|号|栋|幢|楼|座|弄|巷|排|组|队|期|单元|层|室|户)`
)

var (
	doorParts = regexp.MustCompile(doorPart)
	doorRoom  = regexp.MustCompile(doorPart + `[0-9０-９零〇一二两三四五六七八九十百幺洞]{3,4}$`)
	doorHouse = regexp.MustCompile(`号楼|栋|幢|单元|室`)

	// placeEnds end the name of a road, an estate or a village that numbers may follow.
	placeEnds = []string{"路", "街", "道", "巷", "弄", "里", "坊", "胡同", "村", "屯", "庄", "寨", "小区", "社区", "花园", "家园", "园", "苑", "城", "府", "湾", "庭", "居", "厦", "寓", "广场", "院", "镇", "乡", "区", "宅", "郡", "邸"}
	// townEnds are those after which a lone 三号 is rather a day.
	townEnds = []string{"镇", "乡", "区", "城", "里", "道"}
	// plainPlaces name no place by themselves.
	plainPlaces = []string{"小区", "社区", "村", "村里", "路", "街道", "道", "里", "这里", "那里", "家里", "城里", "片区", "台区", "地区", "城区", "郊区", "园区", "景区", "这条路", "这条街", "镇", "乡", "院"}
)

// notInPlaces are characters that no name of a place goes across: what tends to stand before one in speech.
const notInPlaces = "的是在住去到请我你您他她它们这那个了吗呢吧啊嗯哦写送给叫姓有没跟从把被就也址址说找查"

// findDoors finds addresses without a cue: the numbers of a house and a room, with the name of the road
// or the estate before them when it was said. A lone number needs that name: 三号 alone is a day.
func findDoors(text []rune) []Personal {
	var found []Personal
	said := string(text)
	start, counted := 0, 0 // runes and bytes before the match
	for _, at := range doors.FindAllStringIndex(said, -1) {
		numbers := said[at[0]:at[1]]
		start += utf8.RuneCountInString(said[counted:at[0]])
		counted = at[0]
		end := start + utf8.RuneCountInString(numbers)
		parts := len(doorParts.FindAllString(numbers, -1))
		strong := doorHouse.MatchString(numbers) && (parts > 1 || doorRoom.MatchString(numbers))
		from := placeStart(text, start)
		if strong || namesPlace(string(text[from:start]), numbers) {
			found = append(found, Personal{Kind: PersonalAddress, Start: from, End: end})
		}
	}
	return found
}

// placeStart returns where the name of the place begins that ends at end.
func placeStart(text []rune, end int) int {
	start := end
	for start > 0 && end-start < mostPlaceName && unicode.Is(unicode.Han, text[start-1]) && !strings.ContainsRune(notInPlaces, text[start-1]) {
		start--
	}
	return start
}

// namesPlace reports whether name, right before numbers, is the name of a place.
func namesPlace(name, numbers string) bool {
	ends := func(suffix string) bool { return strings.HasSuffix(name, suffix) }
	if !slices.ContainsFunc(placeEnds, ends) || slices.Contains(plainPlaces, name) {
		return false
	}
	return !slices.ContainsFunc(townEnds, ends) || ends("小区") || ends("社区") || !isDay(numbers)
}

// isDay reports whether numbers may be a day of the month.
func isDay(numbers string) bool {
	day, ok := strings.CutSuffix(numbers, "号")
	if !ok {
		return false
	}
	value := 0
	for _, r := range day {
		digit, isDigit := spokenDigit(r)
		switch {
		case r == '十':
			value = max(1, value) * 10
		case r == '百':
			return false
		case isDigit && strings.ContainsRune(day, '十'):
			value += int(digit - '0')
		case isDigit:
			value = value*10 + int(digit-'0')
		}
	}
	return value <= lastDay
}
