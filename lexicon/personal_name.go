package lexicon

import (
	"slices"
	"strings"
	"unicode"
)

// surnames are the common ones of a single character.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池麻苑迟邝于常洪"

// compoundSurnames are those of two characters.
var compoundSurnames = []string{"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "夏侯"}

// nameCues come right before a name, boundedCues right before one that something must end; nameTitles come
// right after one.
var (
	nameCues    = []string{"我叫", "姓名是", "姓名叫", "姓名", "名字是", "名字叫", "户主是", "户主叫", "户名是", "户名叫", "户名", "联系人是", "联系人叫", "免贵姓", "姓"}
	boundedCues = []string{"我是", "叫", "人是", "户主", "机主", "业主", "房东", "联系人", "开户人", "报修人", "收件人", "申请人", "经办人", "过户给", "过户到"}
	nameTitles  = []string{"先生", "女士", "小姐", "师傅", "大姐", "大哥", "阿姨", "叔叔", "大爷", "大妈", "同志", "经理", "主任", "老师"}
)

// notNames are common words that begin with a surname.
var notNames = []string{
	"马上", "方便", "方式", "方面", "方法", "方案", "方向", "时间", "安全", "安排", "安装", "安心", "高压", "高低", "高兴", "高峰", "黄色", "白天", "白色",
	"应该", "何时", "任何", "任务", "万一", "温度", "程序", "路上", "路灯", "路口", "路线", "金额", "关于", "关系", "关闭", "关注", "张口", "石头", "江苏", "江西",
	"安徽", "严重", "施工", "陈述", "陈旧", "牛奶", "水表", "常常", "常用", "于是", "包括", "包含", "计算", "单元", "单位", "单独", "连接", "解决", "解释",
	"古代", "古城", "明天", "明白", "麦当", "车间", "车上", "谷电", "宁可", "宁波", "尚未", "成功", "党员", "席位", "段时", "龙头", "史上", "毛病", "沙发", "华东",
	"查询", "顾客", "项目", "金融", "阳台", "阳光", "南方", "广东", "广西", "武汉", "康复", "柜台", "蓝色", "游戏", "辛苦", "管理", "管道", "左边", "左右", "章程",
}

// notInNames are characters that end a name: what tends to follow one in speech.
const notInNames = "的是在住我你您他她它就了吗呢吧啊呀哦嗯电话手户地家想要有没来去打报请先女师经老叫这那个和跟与也都已以对不还再给把被"

// findNames finds names that were said with a cue before them or a title after.
func findNames(text []rune) []Personal {
	var found []Personal
	for i := range text {
		for _, cue := range nameCues {
			if start := i + len([]rune(cue)); hasAt(text, i, cue) && !hasAt(text, i-1, "百姓") {
				found = appendName(found, nameAt(text, skipColon(text, start)))
				break
			}
		}
		for _, cue := range boundedCues {
			if name := nameAt(text, skipColon(text, i+len([]rune(cue)))); hasAt(text, i, cue) && name.End-name.Start > 1 && endsName(text, name) {
				found = appendName(found, name)
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
	if end == start || isWord(text, start) {
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

// nameBefore returns the name that ends right before a title at end: a surname, with the given name or
// alone. The longest counts.
func nameBefore(text []rune, end int) Personal {
	const longest, given = 4, 2
	for start := max(0, end-longest); start < end; start++ {
		length := surnameLength(text[:end], start)
		if length == 0 || end-start-length > given || isWord(text, start) || followsOn(text, start) {
			continue
		}
		whole := true
		for i := start + length; i < end; i++ {
			whole = whole && inName(text, i)
		}
		if whole {
			return Personal{Kind: PersonalName, Start: start, End: end}
		}
	}
	return Personal{}
}

// isWord reports whether a common word, and no name, begins at rune i.
func isWord(text []rune, i int) bool {
	return slices.ContainsFunc(notNames, func(word string) bool { return hasAt(text, i, word) })
}

// followsOn reports whether the character at rune i is the end of a word, as in 关于.
func followsOn(text []rune, i int) bool {
	return i > 0 && text[i] == '于' && strings.ContainsRune("关由对至属位基处低高终", text[i-1])
}

// wholeName is how many characters of a name are all of it: with fewer another could follow.
const wholeName = 3

// endsName reports whether nothing goes on after name that would make it a piece of something longer. What a whole
// name is may be told (户主王桂兰是我妈).
func endsName(text []rune, name Personal) bool {
	i := name.End
	return i >= len(text) || text[i] == '的' || unicode.IsPunct(text[i]) || unicode.IsSpace(text[i]) ||
		text[i] == '是' && i-name.Start >= wholeName
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
