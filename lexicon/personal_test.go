package lexicon_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// masked is the labelled set: what is said, and what may leave the store.
var masked = []struct{ text, want string }{
	// Mobile numbers, written and spoken.
	{"我的电话是13800138000", "我的电话是138******00"},
	{"13800138000", "138******00"},
	{"我的手机号是138 0013 8000。", "我的手机号是138 **** **00。"},
	{"打138-0013-8000就行", "打138-****-**00就行"},
	{"您的电话是１３８００１３８０００，对吗？", "您的电话是１３８******００，对吗？"},
	{"+86 13800138000", "+86 1********00"},
	{"幺三八零零幺三八零零零", "幺三八******零零"},
	{"我的手机号码是幺三九幺二三四五六七八。", "我的手机号码是幺三九******七八。"},
	{"一三八，零零一三，八零零零", "一三八，****，**零零"},
	{"一三八、零零一三、八零零零", "一三八、****、**零零"},
	{"幺三八嗯零零幺三嗯八零零零", "幺三八嗯****嗯**零零"},
	{"洞幺", "洞幺"},
	{"电话幺三七洞洞幺三七洞洞三", "电话幺三七******洞三"},
	{"号码是幺三八零零幺三八零零零一共两个", "号码是幺三八******零零一共两个"},
	{"手机一五两六六六八八九九零，谢谢", "手机一五两******九零，谢谢"},
	{"138\n0013\n8000", "138\n****\n**00"},
	{"138。0013。8000。", "138。****。**00。"},
	// Heard with a digit missing or doubled.
	{"我的电话是1380013800", "我的电话是**********"},
	{"我的电话是138001380000", "我的电话是************"},
	{"幺三八零零幺三八零零", "**********"},
	{"幺三八零零幺三八", "********"},
	// Fixed numbers.
	{"座机是0512-87654321", "座机是051*-******21"},
	{"010 62345678", "010 ******78"},
	{"零二五八七六五四三二一", "零二五******二一"},
	{"家里电话是87654321", "家里电话是876***21"},
	{"联系方式6543210", "联系方式654**10"},
	// Identity numbers.
	{"身份证号320102199003071239", "身份证号******************"},
	{"11010519491231002X", "******************"},
	{"身份证号码是11010519491231002x。", "身份证号码是******************。"},
	{"三二零幺零二一九九零零三零七一二三九", "******************"},
	{"320102 19900307 1239", "****** ******** ****"},
	{"身份证是320102199003071238", "身份证是******************"},
	// Bank cards.
	{"卡号6222021234567890128", "卡号*******************"},
	{"6217 0012 3456 7893", "**** **** **** ****"},
	{"银行卡后面是622202123456", "银行卡后面是************"},
	// Electricity accounts.
	{"户号是3205187764", "户号是**********"},
	{"3205187764", "**********"},
	{"户号是三二零五幺八七七六四。", "户号是**********。"},
	{"我的户号，三二零五，幺八七，七六四", "我的户号，****，***，***"},
	{"客户编号3205187764001", "客户编号*************"},
	{"三二零五一八七七六四零零一", "*************"},
	{"户号是32051877", "户号是********"},
	{"户号32051877，电话13800138000", "户号********，电话138******00"},
	{"请您报一下户号，好的，320518776", "请您报一下户号，好的，*********"},
	// Names.
	{"我叫王小明", "我叫***"},
	{"我叫王小明，住在和平路八号", "我叫***，住在和平路八号"},
	{"我叫张伟的电话", "我叫**的电话"},
	{"我姓刘，电话就是这个", "我姓*，电话就是这个"},
	{"免贵姓欧阳", "免贵姓**"},
	{"姓名是李娜，对吗", "姓名是**，对吗"},
	{"姓名：赵磊", "姓名：**"},
	{"户主是陈建国", "户主是***"},
	{"刘先生，您好", "*先生，您好"},
	{"请问是欧阳女士吗", "请问是**女士吗"},
	{"我姓何，叫我何师傅就行", "我姓*，叫我何师傅就行"},
	// Addresses.
	{"我的地址是和平路三十二号楼二单元五零二", "我的地址是**************"},
	{"您的地址是幸福路十二号，对吗？", "您的地址是******，对吗？"},
	{"家住阳光花园三号楼二单元，电话13800138000", "家住**********，电话138******00"},
	{"地址：城东区人民街道88号", "地址：**********"},
	{"请问您的地址是哪里", "请问您的地址是哪里"},
	{"地址是对的，我记下来了", "地址是对的，我记下来了"},
	{"请到营业厅，地址请看短信", "请到营业厅，地址请看短信"},
	// What is nobody's secret.
	{"您好，工号1024为您服务", "您好，工号1024为您服务"},
	{"工号幺零二四号为您服务", "工号幺零二四号为您服务"},
	{"工号是95598001，请问有什么可以帮您", "工号是95598001，请问有什么可以帮您"},
	{"您的工单号是20261120000123，请记录", "您的工单号是20261120000123，请记录"},
	{"请拨打95598", "请拨打95598"},
	{"请拨打4008208820热线", "请拨打4008208820热线"},
	{"九五五九八供电服务热线", "九五五九八供电服务热线"},
	{"您的电费是一百二十三块五毛", "您的电费是一百二十三块五毛"},
	{"一共是12345678元", "一共是12345678元"},
	{"用电量是三百二十度", "用电量是三百二十度"},
	{"二零二六年十一月二十日", "二零二六年十一月二十日"},
	{"2026-11-20 09:05:12", "2026-11-20 09:05:12"},
	{"20261120", "20261120"},
	{"时间是八点半到九点四十五分", "时间是八点半到九点四十五分"},
	{"我要订三百个，两百个，一百个", "我要订三百个，两百个，一百个"},
	{"三号楼二单元五零二室", "三号楼二单元五零二室"},
	{"验证一下，二十四小时内到达", "验证一下，二十四小时内到达"},
	{"请问您贵姓？", "请问您贵姓？"},
	{"老百姓家里都用电", "老百姓家里都用电"},
	{"姓名和电话都需要", "姓名和电话都需要"},
	{"我叫你们赶紧派人来", "我叫你们赶紧派人来"},
	{"这位先生，请您稍等", "这位先生，请您稍等"},
	{"三个工作日，五个工作日，七个工作日", "三个工作日，五个工作日，七个工作日"},
	{"第一档每度五毛二，第二档加五分", "第一档每度五毛二，第二档加五分"},
	{"", ""},
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, test := range masked {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			got := lexicon.Mask(test.text)
			if got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if again := lexicon.Mask(got); again != got {
				t.Errorf("masked twice: got %q, want %q", again, got)
			}
		})
	}
}

func TestFindPersonalNamesTheKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want lexicon.Personal
	}{
		{"电话13800138000。", lexicon.Personal{Kind: lexicon.PersonalPhone, Start: 2, End: 13}},
		{"身份证320102199003071239", lexicon.Personal{Kind: lexicon.PersonalIdentity, Start: 3, End: 21}},
		{"6217 0012 3456 7893", lexicon.Personal{Kind: lexicon.PersonalBankCard, Start: 0, End: 19}},
		{"户号三二零五幺八七七六四，", lexicon.Personal{Kind: lexicon.PersonalAccount, Start: 2, End: 12}},
		{"我叫王小明。", lexicon.Personal{Kind: lexicon.PersonalName, Start: 2, End: 5}},
		{"幺三八零零幺三八零", lexicon.Personal{Kind: lexicon.PersonalNumber, Start: 0, End: 9}},
	}
	for _, test := range tests {
		found := lexicon.FindPersonal(test.text)
		if len(found) != 1 || found[0] != test.want {
			t.Errorf("%s: got %v, want %v", test.text, found, test.want)
		}
	}
}

func TestMaskAllFindsANumberBrokenByAPause(t *testing.T) {
	t.Parallel()
	got := lexicon.MaskAll([]string{"我的电话是幺三八", "零零幺三", "八零零零，谢谢", "您好"})
	want := []string{"我的电话是幺三八", "****", "**零零，谢谢", "您好"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := lexicon.MaskAll(nil); len(got) != 0 {
		t.Errorf("of nothing: got %q", got)
	}
	odd := []string{"a\nb", "13800138000"}
	if got := lexicon.MaskAll(odd); len(got) != len(odd) {
		t.Errorf("with a line break inside: got %d texts, want %d", len(got), len(odd))
	}
}

func TestFindPersonalAll(t *testing.T) {
	t.Parallel()
	got := lexicon.FindPersonalAll([]string{"我的电话是幺三八", "零零幺三", "八零零零，谢谢", "您好"})
	for i, want := range []int{3, 4, 4, 0} {
		n := 0
		for _, p := range got[i] {
			n += p.End - p.Start
		}
		if n != want {
			t.Errorf("text %d: got %v, want %d characters", i, got[i], want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, test := range masked {
		f.Add(test.text)
	}
	f.Add("\xff138\xfe0013800011010519491231002X")
	f.Fuzz(func(t *testing.T, text string) {
		got := lexicon.Mask(text)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q", text, got)
		}
		end := 0
		for _, p := range lexicon.FindPersonal(text) {
			if p.Start < end || p.End <= p.Start || p.End > utf8.RuneCountInString(text) {
				t.Errorf("%q: bad place %+v", text, p)
			}
			end = p.End
		}
		if parts := lexicon.MaskAll([]string{text, text}); len(parts) != 2 {
			t.Errorf("%q: got %d texts, want 2", text, len(parts))
		}
	})
}
