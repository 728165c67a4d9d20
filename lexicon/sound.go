package lexicon

import (
	"strings"
	"sync"

	pinyin "github.com/mozillazg/go-pinyin"
)

// sound is one reading of a character, without its tone. Equal syllables sound the same; equal near
// classes are what a recogniser, or a speaker of a southern dialect, mixes up.
type sound struct {
	syllable, near uint16
	initial, final uint16 // of the near class; initial 0 stands for none
}

// Symbols of the near classes begin above the ASCII characters and the symbol for everything unpronounced.
const (
	symbolOther      = 128
	firstNearSymbol  = 129
	maxReadings      = 2
	firstHan, endHan = 0x4E00, 0xA000
)

// phonetics knows the readings of characters.
type phonetics struct {
	readings [endHan - firstHan][]sound
	pairs    *pairs
	voices   []voice // by the number of the readings, without traits

	classes, initials, finals int // how many numbers there are for each
}

// readingOverrides are characters whose first readings in the dictionary are not what is spoken on the phone.
var readingOverrides = map[rune]string{
	'嗯': "en", '哦': "o", '噢': "o", '诶': "ei", '欸': "ei", '的': "de,di", '地': "di,de", '得': "de,dei", '了': "le,liao",
	'着': "zhe,zhao", '还': "hai,huan", '没': "mei", '么': "me", '那': "na", '哪': "na", '不': "bu", '呢': "ne", '吗': "ma",
	'行': "xing,hang", '都': "dou,du", '重': "zhong,chong", '长': "chang,zhang", '给': "gei", '会': "hui", '一': "yi,yao",
	'差': "cha,chai", '解': "jie", '家': "jia", '说': "shuo", '大': "da", '石': "shi", '什': "shen", '和': "he", '上': "shang",
}

// heteronyms are the characters that are read in two ways in everyday speech, beside those of readingOverrides. The
// dictionary has second readings of many others (排, 吧, 台), which only names and old texts use: they would make what
// was heard well sound like something else.
const heteronyms = "便参藏曾朝称乘重传单弹当倒提调度发分佛否干更观冠咖合横哄吓划晃会几系夹假间将降角校结尽劲禁卷觉卡看壳空拉累量凉落率绿论埋脉蔓闷蒙模磨" +
	"宁弄泡屏铺强切曲任撒塞散扫色沙扇少省折舍识似熟数属说缩宿挑帖通吐为鲜相血削兴行要应殷晕扎炸粘涨正只中种转钻载咱脏着作乐柏薄刨剥堡奔辟扁泊簸膊伯车臭处揣创打逮待担石澹得"

// phoneticTable is compiled once from go-pinyin's dictionary.
var phoneticTable = sync.OnceValue(func() *phonetics {
	p := &phonetics{}
	ids := numbering{map[string]uint16{}, map[string]uint16{}, map[string]uint16{"": 0}, map[string]uint16{}}
	for r := rune(firstHan); r < endHan; r++ { // in order, so that each sound has the same number always
		if tones, known := pinyin.PinyinDict[int(r)]; known {
			if override, ok := readingOverrides[r]; ok {
				tones = override
			}
			if !strings.ContainsRune(heteronyms, r) && readingOverrides[r] == "" {
				tones, _, _ = strings.Cut(tones, ",")
			}
			p.readings[r-firstHan] = parseReadings(tones, ids)
		}
	}
	p.pairs = newPairs(&p.readings)
	p.voices = make([]voice, len(p.pairs.all))
	for id, sounds := range p.pairs.all {
		p.voices[id].read(sounds, uint16(id))
	}
	p.classes, p.initials, p.finals = firstNearSymbol+len(ids.classes), len(ids.initials), len(ids.finals)
	return p
})

// numbering gives the pieces of readings their numbers.
type numbering struct{ syllables, classes, initials, finals map[string]uint16 }

func parseReadings(tones string, ids numbering) []sound {
	var sounds []sound
	for tone := range strings.SplitSeq(tones, ",") {
		plain := stripTone(tone)
		if plain == "" {
			continue
		}
		class := nearClass(plain)
		initial, final := splitSyllable(class)
		s := sound{
			syllable: 1 + number(ids.syllables, plain), near: firstNearSymbol + number(ids.classes, class),
			initial: number(ids.initials, initial), final: number(ids.finals, final),
		}
		if !hasSound(sounds, s) && len(sounds) < maxReadings {
			sounds = append(sounds, s)
		}
	}
	return sounds
}

func number(table map[string]uint16, key string) uint16 {
	n, ok := table[key]
	if !ok {
		n = uint16(len(table))
		table[key] = n
	}
	return n
}

func hasSound(sounds []sound, s sound) bool {
	for _, known := range sounds {
		if known == s {
			return true
		}
	}
	return false
}

// toneless maps each letter with a tone mark to the letter without.
var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m", "\u0300", "", "\u0301", "", "\u0304", "", "\u030c", "",
)

func stripTone(s string) string { return toneless.Replace(strings.TrimSpace(s)) }

// hasF are the syllables with f and what they are mixed up with in dialects that have no f, or no h.
var hasF = map[string]string{
	"fa": "hua", "fan": "huan", "fang": "huang", "fei": "hui", "fen": "hun", "feng": "hong", "fo": "huo", "fou": "hou", "fu": "hu",
}

// nearClass maps a syllable to the common form of all that are mixed up with it: n/l/r, z/zh, c/ch,
// s/sh, f/h, in/ing, en/eng, an/ang.
func nearClass(syllable string) string {
	if h, ok := hasF[syllable]; ok {
		syllable = h
	}
	switch {
	case len(syllable) < 2:
		return syllable
	case strings.HasPrefix(syllable, "zh"), strings.HasPrefix(syllable, "ch"), strings.HasPrefix(syllable, "sh"):
		syllable = syllable[:1] + syllable[2:]
	case (syllable[0] == 'n' || syllable[0] == 'r') && strings.ContainsAny(syllable[1:], "aeiouv"):
		syllable = "l" + syllable[1:]
	}
	for _, final := range []string{"ang", "eng", "ing"} {
		if strings.HasSuffix(syllable, final) {
			return strings.TrimSuffix(syllable, "g")
		}
	}
	return syllable
}

// similar reports whether the main readings of v and w share what they begin or what they end with, near
// classes taken as one.
func (v *voice) similar(w *voice) bool {
	return v.id != 0 && w.id != 0 && (v.initial != 0 && v.initial == w.initial || v.final == w.final)
}

// splitSyllable divides a near class into initial and final.
func splitSyllable(class string) (initial, final string) {
	at := strings.IndexAny(class, "aeiouv")
	if at < 0 {
		return class, ""
	}
	return class[:at], class[at:]
}

// of returns the readings of r, none for what is not pronounced.
func (p *phonetics) of(r rune) []sound {
	if r < firstHan || r >= endHan {
		return nil
	}
	return p.readings[r-firstHan]
}

// symbol returns what stands for r in the search index: the near class of its main reading.
func (p *phonetics) symbol(r rune) uint16 {
	if sounds := p.of(r); len(sounds) > 0 {
		return sounds[0].near
	}
	if r < symbolOther {
		return uint16(r)
	}
	return symbolOther
}

// voice is all that matching asks about a character. Of one with a single reading both are the same.
type voice struct {
	near           either // the near classes, or the symbol that stands for what is not pronounced
	syllables      either // 0 for what is not pronounced
	id             uint16 // of the readings, 0 for none
	initial, final uint16 // of the main reading's near class, when there is an id
	traits         traits
}

// traits are what a character is apart from how it is read.
type traits uint8

const (
	traitCommon  traits = 1 << iota // a common word of one character
	traitMeaning                    // it may turn the meaning round, so an edit must leave it alone
	traitFolds                      // it may make numbers of the numerals beside it
)

func (v *voice) turns() bool { return v.traits&traitMeaning != 0 }

// either holds what is known of two readings.
type either [2]uint16

// meets reports whether a and b have one in common.
func (a either) meets(b either) bool {
	return a[0] == b[0] || a[0] == b[1] || a[1] == b[0] || a[1] == b[1]
}

func (p *phonetics) voice(r rune) voice {
	v := voice{}
	if strings.ContainsRune(monosyllables, r) {
		v.traits |= traitCommon
	}
	if touchesMeaning(r) {
		v.traits |= traitMeaning
	}
	if mayFold(r) {
		v.traits |= traitFolds
	}
	symbol := p.symbol(r)
	v.near = either{symbol, symbol}
	v.read(p.of(r), p.pairs.id(r))
	return v
}

// read makes v that of a character with those readings, if there are any.
func (v *voice) read(sounds []sound, id uint16) {
	if len(sounds) == 0 {
		return
	}
	first, last := sounds[0], sounds[len(sounds)-1]
	v.near, v.syllables, v.id = either{first.near, last.near}, either{first.syllable, last.syllable}, id
	v.initial, v.final = first.initial, first.final
}

// Pinyin returns how text is read: syllables without tones, what is not pronounced as it is.
func Pinyin(text string) string {
	args := pinyin.NewArgs()
	var b strings.Builder
	pronounced := false
	for _, r := range Simplify(text) {
		reading, _, _ := strings.Cut(readingOverrides[r], ",")
		if reading == "" {
			if all := pinyin.SinglePinyin(r, args); len(all) > 0 {
				reading = all[0]
			}
		}
		if b.Len() > 0 && (pronounced || reading != "") {
			b.WriteByte(' ')
		}
		if pronounced = reading != ""; !pronounced {
			reading = string(r)
		}
		b.WriteString(reading)
	}
	return b.String()
}
