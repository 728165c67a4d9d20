package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// monosyllables are the common words of one character: alone they say nothing against a text.
const monosyllables = "的了是我您你他她它们在有没不就都也还给跟和与或到去来要会能请好吗呢吧啊呀嗯哦喂这那个一二两三四五六七八九十零百千万几多少" +
	"说看等问再先帮把被让对里上下后前中外内为从向往用将可又才很太真更最想应该得着过时月年日天号点分元块度次户家楼门村路" +
	"人事话电费表灯线修换装开关买卖交查找打接报派办填做写记坐走住拿送收退改停回听讲叫谁什么怎哪咱嘛哎行快慢早晚大小高低新老坏难长短" +
	"比按以及而但因所如若只已经正别非且各每某另由归完成称姓同于则待急钱字算越爱怕病转喊寄摸挂发出站跳碰闸空现跑进起见知道它此" +
	"呗啥咋唉嘿哈哟俺仨俩甭噢诶嗐咧嘞噻"

// strays tells how a text falls apart: a bit for each of its runes from the lowest on, set for the Chinese
// characters that belong to no word of several characters and are no common word of one. What a recogniser
// misheard falls apart more than what people say. n is the number of Chinese characters.
func (s *Set) strays(text string) (strays []byte, n int) {
	strays = make([]byte, bitBytes(text))
	at := 0
	for _, word := range s.segmenter.cutPlain(text) {
		first, _ := utf8.DecodeRuneInString(word)
		length := utf8.RuneCountInString(word)
		if unicode.Is(unicode.Han, first) {
			n += length
			if length == 1 && at < len(strays)*8 && !strings.ContainsRune(monosyllables, first) {
				strays[at/8] |= 1 << (at % 8)
			}
		}
		at += length
	}
	return strays, n
}
