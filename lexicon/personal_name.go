package lexicon

import (
	"strings"
	"unicode"
)

// surnames are the common ones of a single character.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池麻苑迟邝"

// compoundSurnames are those of two characters.
var compoundSurnames = []string{"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "夏侯"}

// nameCues come right before a name; nameTitles right after one.
var (
	nameCues   = []string{"我叫", "姓名是", "姓名叫", "姓名", "名字是", "名字叫", "户主是", "户主叫", "户名是", "户名叫", "户名", "联系人是", "联系人叫", "免贵姓", "姓"}
	nameTitles = []string{"先生", "女士", "小姐"}
)

// notInNames are characters that end a name: what tends to follow one in speech.
const notInNames = "的是在住我你您他她它就了吗呢吧啊呀哦嗯电话手户地家想要有没来去打报请先女师经老叫这那个和跟与也都已以对不还再给把被"

// findNames finds names that were said with a cue before or a title after them.
func findNames(text []rune) []Personal {
	var found []Personal
	for i := range text {
		for _, cue := range nameCues {
			if start := i + len([]rune(cue)); hasAt(text, i, cue) && !hasAt(text, i-1, "百姓") {
				found = appendName(found, nameAt(text, skipColon(text, start)))
				break
			}
		}
		for _, title := range nameTitles {
			if hasAt(text, i, title) {
				found = appendName(found, nameBefore(text, i))
			}
		}
	}
	return found
}

func appendName(found []Personal, name Personal) []Personal {
	if name.End == 0 {
		return found
	}
	return append(found, name)
}

func skipColon(text []rune, i int) int {
	for i < len(text) && strings.ContainsRune(":： ", text[i]) {
		i++
	}
	return i
}

// nameAt returns the name that starts at start: a surname and up to two characters. Its End is 0 when
// there is none.
func nameAt(text []rune, start int) Personal {
	end := start + surnameLength(text, start)
	if end == start {
		return Personal{}
	}
	for given := 0; given < 2 && end < len(text) && inName(text, end); given++ {
		end++
	}
	return Personal{Kind: PersonalName, Start: start, End: end}
}

// inName reports whether the character at rune i can belong to a name that has begun before it.
func inName(text []rune, i int) bool {
	return unicode.Is(unicode.Han, text[i]) && !strings.ContainsRune(notInNames, text[i]) && !hasAt(text, i, "小姐")
}

// nameBefore returns the name that ends right before a title at end: a surname alone.
func nameBefore(text []rune, end int) Personal {
	for _, length := range []int{2, 1} {
		if start := end - length; start >= 0 && surnameLength(text[:end], start) == length {
			return Personal{Kind: PersonalName, Start: start, End: end}
		}
	}
	return Personal{}
}

func surnameLength(text []rune, at int) int {
	for _, s := range compoundSurnames {
		if hasAt(text, at, s) {
			return 2
		}
	}
	if at < len(text) && strings.ContainsRune(surnames, text[at]) {
		return 1
	}
	return 0
}

// hasAt reports whether phrase stands in text at rune i.
func hasAt(text []rune, i int, phrase string) bool {
	for _, r := range phrase {
		if i < 0 || i >= len(text) || text[i] != r {
			return false
		}
		i++
	}
	return true
}
