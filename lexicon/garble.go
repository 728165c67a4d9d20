package lexicon

import (
	"strings"
	"unicode"
)

// monosyllables are the common words of one character: alone they say nothing against a text.
const monosyllables = "的了是我您你他她它们在有没不就都也还给跟和与或到去来要会能请好吗呢吧啊呀嗯哦喂这那个一二两三四五六七八九十零百千万几多少" +
	"说看等问再先帮把被让对里上下后前中外内为从向往用将可又才很太真更最想应该得着过时月年日天号点分元块度次户家楼门村路" +
	"人事话电费表灯线修换装开关买卖交查找打接报派办填做写记坐走住拿送收退改停回听讲叫谁什么怎哪咱嘛哎行快慢早晚大小高低新老坏难长短" +
	"比按以及而但因所如若只已经正别非且各每某另由归完成称姓同于则待急钱字算越爱怕病转喊寄摸挂发出站跳碰闸空现跑进起见知道它此"

// Stray returns how much of a text falls apart: the share of its Chinese characters that belong to no word of
// several characters and are no common word of one. What a recogniser misheard falls apart more than what
// people say. n is the number of Chinese characters.
func (s *Set) Stray(text string) (stray, n int) {
	for _, word := range s.segmenter.cutPlain(text) {
		runes := []rune(word)
		if !unicode.Is(unicode.Han, runes[0]) {
			continue
		}
		n += len(runes)
		if len(runes) == 1 && !strings.ContainsRune(monosyllables, runes[0]) {
			stray++
		}
	}
	return stray, n
}

// StrayRunes tells of each rune of a text whether it is a character that falls apart.
func (s *Set) StrayRunes(text string) []bool {
	given := []rune(text)
	stray := make([]bool, len(given))
	at := 0
	for _, word := range s.segmenter.cutPlain(text) {
		runes := []rune(word)
		for at < len(given) && !isSpelled(given[at], runes[0]) {
			at++
		}
		if at < len(given) && len(runes) == 1 {
			stray[at] = unicode.Is(unicode.Han, runes[0]) && !strings.ContainsRune(monosyllables, runes[0])
		}
		at += len(runes)
	}
	return stray
}

// isSpelled reports whether jieba's character stands for that of the text.
func isSpelled(given, cut rune) bool { return given == cut || Simplify(string(given)) == string(cut) }

// strayUnits is StrayRunes for the units of a text.
func (s *searched) strayUnits(set *Set, text []rune) []bool {
	if s.stray == nil {
		runes := set.StrayRunes(string(text))
		s.stray = make([]bool, len(s.text))
		for j, u := range s.text {
			s.stray[j] = runes[u.at]
		}
	}
	return s.stray
}
