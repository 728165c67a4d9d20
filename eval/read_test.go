package eval_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
)

// everything is what each of the forms below says.
func everything() []eval.Labels {
	score, yes, no := 86.5, true, false
	return []eval.Labels{{
		Call: "call_03.wav", Score: &score, Unchecked: true,
		Rules:    []eval.Rule{{ID: "greeting.opening", Outcome: pass}, {ID: "forbidden.vague", Outcome: review}},
		Measures: []eval.Measure{{Name: "agent_talk_ratio", Value: 0.37}, {Name: "talk_ms.agent", Value: 24000}},
		Interruptions: []eval.Interruption{
			{By: call.RoleAgent, Start: 30_120, Yielded: &yes}, {By: call.RoleCustomer, Start: 50_000},
		},
		Silences:   []eval.Silence{{Span: call.Span{Start: 40_000, End: 47_000}, Announced: &no, WaitingFor: call.RoleAgent}},
		Utterances: []eval.Utterance{{Role: call.RoleAgent, Span: call.Span{Start: 500, End: 3900}, Text: "您好，请讲"}},
	}}
}

const (
	asJSON = `{
  "call": "call_03.wav", "file": "x", "checked": false, "note": "随便", "score": 86.5,
  "rules": [
    {"rule": "greeting.opening", "name": "开场问候", "outcome": "pass"},
    {"rule": "forbidden.vague", "outcome": "待复核", "note": "听不清"}
  ],
  "measures": {"agent_talk_ratio": 0.37, "talk_ms": {"agent": 24000, "customer": null}},
  "interruptions": [{"by": "agent", "start_ms": 30120, "yielded": true, "text": "不用"}, {"by": "客户", "start_ms": 50000}],
  "silences": [{"start_ms": 40000, "end_ms": 47000, "announced": false, "waiting_for": "agent"}],
  "utterances": [{"role": "agent", "start_ms": 500, "end_ms": 3900, "text": "您好，请讲"}]
}`
	asRows = `call,kind,name,value,role,start,end,text,note
call_03.wav,checked,,no,,,,,
call_03.wav,score,,86.5,,,,,
call_03.wav,rule,greeting.opening,pass,,,,,开场问候
call_03.wav,rule,forbidden.vague,review,,,,,
call_03.wav,measure,agent_talk_ratio,0.37,,,,,
call_03.wav,measure,talk_ms.agent,24000,,,,,
call_03.wav,interruption,,yes,agent,30.12,,,
call_03.wav,interruption,,,customer,0:50,,,
call_03.wav,silence,,no,agent,40,0:47.0,,
call_03.wav,utterance,,,agent,0.5,3.9,"您好，请讲",
`
	asChineseRows = `通话;类别;项目;结论;说话人;开始;结束;文字
call_03.wav;已核对;;否;;;;
call_03.wav;总分;;86.5;;;;

call_03.wav;规则;greeting.opening;符合;;;;
call_03.wav;规则;forbidden.vague;待复核;;;;
call_03.wav;指标;agent_talk_ratio;0.37;;;;
call_03.wav;指标;talk_ms.agent;24000;;;;
call_03.wav;抢话;;是;坐席;30.12;;
call_03.wav;抢话;;;客户;50;;
call_03.wav;沉默;;否;坐席;40;47;
call_03.wav;话语;;;坐席;0.5;3.9;您好，请讲
`
)

// Places are not part of what a file says.
var noPlaces = cmpopts.IgnoreTypes(eval.Place{})

func TestEveryFormSaysTheSame(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, text string }{
		{"JSON", "l.json", asJSON},
		{"a list", "l.json", "[" + asJSON + "]"},
		{"JSON under another name", "labels", " \n" + asJSON},
		{"a byte-order mark", "l.json", "\ufeff" + asJSON},
		{"rules as an object", "l.json", asJSON[:strings.Index(asJSON, `"rules"`)] +
			`"rules": {"greeting.opening": "PASS", "forbidden.vague": "review", "left.out": null}` + asJSON[strings.Index(asJSON, `],
  "measures"`)+1:]},
		{"CSV", "l.csv", asRows},
		{"CSV as Excel saves it", "l.csv", "\ufeff" + strings.ReplaceAll(asRows, "\n", "\r\n")},
		{"CSV by tabs", "l.txt", strings.ReplaceAll(asRows, ",", "\t")},
		{"Chinese CSV", "l.CSV", asChineseRows},
		{"full width and percent", "l.csv", strings.NewReplacer("0.37", "37%", "86.5", "８６．５", "0:50", "0：50", ",pass", ",ＰＡＳＳ").Replace(asRows)},
	} {
		got, err := eval.Read(tt.file, []byte(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(everything(), got, noPlaces); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestARowForEachCall(t *testing.T) {
	t.Parallel()
	text := "通话,总分,agent_talk_ratio,greeting.opening,forbidden.vague,备注,已核对\n" +
		"call_01.wav,90,0.31,符合,违反,好,是\ncall_02.wav,,,不合格,,,否\n,,,,,,\n"
	got, err := eval.Read("sheet.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	ninety := 90.0
	want := []eval.Labels{
		{
			Call: "call_01.wav", Score: &ninety, Measures: []eval.Measure{{Name: "agent_talk_ratio", Value: 0.31}},
			Rules: []eval.Rule{{ID: "greeting.opening", Outcome: pass}, {ID: "forbidden.vague", Outcome: fail}},
		},
		{Call: "call_02.wav", Unchecked: true, Rules: []eval.Rule{{ID: "greeting.opening", Outcome: fail}}},
	}
	if diff := cmp.Diff(want, got, noPlaces); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if at := got[0].Rules[0].At.String(); at != "sheet.csv:1:24" {
		t.Errorf("the place of a rule is %s, want that of its heading", at)
	}
}

func TestAListThatIsEmptyIsNotOneLeftOut(t *testing.T) {
	t.Parallel()
	for file, text := range map[string]string{
		"l.json": `{"call": "x", "silences": [], "interruptions": null, "score": null}`,
		"l.csv":  "call,kind,value\nx,silence,none\n", "m.csv": "call,kind,value\nx,沉默,无\n",
	} {
		got, err := eval.Read(file, []byte(text))
		if err != nil || len(got) != 1 || got[0].Silences == nil || len(got[0].Silences) != 0 || got[0].Interruptions != nil || got[0].Score != nil {
			t.Errorf("%s: got %+v, %v; want silences that are none, and nothing else", file, got, err)
		}
	}
}

func TestFaultsAreNamedAllAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{"an unknown key", "l.json", "{\"call\": \"x\",\n  \"rulez\": []}", []string{`2:3: 未知的键 unknown key "rulez", did you mean "rules"?`}},
		{
			"an unknown key that may be a name", "l.json", `{"call": "x", "score": 1, "王芳13800138000": 1}`,
			[]string{"1:27: 未知的键 unknown key; 可用 known: call, file, note"},
		},
		{
			"several", "l.json", `{"score": 101, "rules": [{"rule": "a", "outcom": "pass"}, {"rule": "b", "outcome": "fial"}], "silences": {}}`,
			[]string{
				`1:1: 缺少 "call" is missing`, "1:11: 总分须在 0 与 100 之间", `1:26: 缺少 "outcome" is missing`,
				`1:40: 未知的键 unknown key "outcom", did you mean "outcome"?`, `1:84: 未知的结论 outcome "fial", did you mean "fail"?`, "1:106: 此处须为列表 [ ]",
			},
		},
		{"an outcome far from all", "l.json", `{"call": "x", "rules": {"a": "好"}}`, []string{"1:30: 未知的结论 outcome; 可用 known: pass, fail, not_applicable, review"}},
		{"the same key twice", "l.json", "{\"call\": \"x\", \"score\": 1,\n\"score\": 2}", []string{"2:1: 键 key 重复，已在第 1 行 stands twice: also on line 1"}},
		{"the same rule twice", "l.json", "{\"call\": \"x\", \"rules\": [{\"rule\": \"a\", \"outcome\": \"pass\"},\n{\"rule\": \"a\", \"outcome\": \"fail\"}]}", []string{"2:10: 规则 rule 重复，已在第 1 行"}},
		{"the same call twice", "l.json", "{\"call\": \"x\", \"score\": 1}\n{\"call\": \"x\", \"score\": 2}", []string{"2:1: 通话 call 重复，已在第 1 行"}},
		{"the same utterance twice", "l.json", `{"call": "x", "utterances": [{"role":"agent","start_ms":1,"end_ms":2,"text":"a"},{"role":"agent","start_ms":1,"end_ms":2,"text":"b"}]}`, []string{"话语 utterance 重复"}},
		{"a negative time", "l.json", `{"call": "x", "silences": [{"start_ms": -1, "end_ms": 2}]}`, []string{"1:41: 时间为负 a time is negative"}},
		{"reversed times", "l.json", `{"call": "x", "silences": [{"start_ms": 9, "end_ms": 9}]}`, []string{"1:28: 结束不晚于开始"}},
		{"seconds for milliseconds", "l.json", `{"call": "x", "silences": [{"start_ms": 9.5, "end_ms": 1e9}]}`, []string{"1:41: 须为整毫秒数", "1:56: 须为整毫秒数"}},
		{"a time without end", "l.json", `{"call": "x", "silences": [{"start_ms": 9, "end_ms": 99999999999}]}`, []string{"时间超过 100 小时"}},
		{"NaN", "l.json", `{"call": "x", "score": NaN}`, []string{"1:24: JSON 里没有 NaN 和 Infinity"}},
		{"minus infinity", "l.json", `{"call": "x", "score": -Infinity}`, []string{"JSON 里没有 NaN 和 Infinity"}},
		{"a number too large", "l.json", `{"call": "x", "measures": {"a": 1e999}}`, []string{"1:33: 不是数字"}},
		{"a text for a number", "l.json", `{"call": "x", "score": "86"}`, []string{"1:24: 此处须为不带引号的数字"}},
		{"a number for a text", "l.json", `{"call": 7, "score": 86}`, []string{"1:10: 此处须为带引号的文字"}},
		{"yes for true", "l.json", `{"call": "x", "checked": "yes", "score": 86}`, []string{"1:26: 须为 true 或 false"}},
		{"a comma too many", "l.json", "{\"call\": \"x\",\n \"score\": 86,\n}", []string{"3:1: 不是 JSON：此处有多余或缺少的逗号"}},
		{"an end too early", "l.json", `{"call": "x", "rules": [`, []string{"1:25: JSON 没有写完"}},
		{"nested too deep", "l.json", strings.Repeat("[", 100), []string{"嵌套过深"}},
		{"NUL", "l.json", "{\"call\":\x00\"x\"}", []string{"1:9: 含有 NUL 字符"}},
		{"NUL in a text", "l.json", `{"call": "x\u0000", "score": 1}`, []string{"1:10: 名称为空或含控制字符"}},
		{"GBK", "l.csv", "call,kind\n\xcd\xa8\xbb\xb0,\xd7\xdc\xb7\xd6\n", []string{"2:2: 不是 UTF-8 文本（可能是 GBK） the text is not UTF-8, perhaps GBK. 请另存为 UTF-8；Excel：另存为 → “CSV UTF-8（逗号分隔）”"}},
		{"UTF-16", "l.csv", "\xff\xfec\x00a\x00", []string{"1:1: 这是 UTF-16 文本"}},
		{"an empty file", "l.json", " \n", []string{"1:1: 文件是空的"}},
		{"no calls", "l.json", "[]", []string{"1:1: 没有标注任何通话"}},
		{"headings alone", "l.csv", "call,kind\n", []string{"1:1: 没有标注任何通话"}},
		{"a call without labels", "l.json", `{"call": "x"}`, []string{"1:1: 没有任何标注"}},
		{"not an object", "l.json", `7`, []string{"1:1: 此处须为对象 { }"}},
		{"no heading call", "l.csv", "kind,value\nscore,7\n", []string{"1:1: 第一行须为列名，其中要有 call（通话）"}},
		{"an unknown column", "l.csv", "call,kind,valeu\nx,score,7\n", []string{`1:11: 未知的列 unknown column "valeu", did you mean "value"?`}},
		{"the same column twice", "l.csv", "call,kind,通话\nx,score,7\n", []string{"1:11: 列 column 重复"}},
		{"an unknown kind", "l.csv", "call,kind,value\nx,silense,none\n", []string{`2:3: 未知的类别 kind "silense", did you mean "silence"?`}},
		{"a field beyond the heading", "l.csv", "call,kind,value\nx,score,7,8\n", []string{"2:11: 此列没有列名"}},
		{"no call", "l.csv", "call,kind,value\n,score,7\n", []string{`2:1: 缺少 "call"（通话） is missing`}},
		{"an open quote", "l.csv", "call,kind,value\nx,score,\"7\ny,score,8\n", []string{"2:1: 引号不成对"}},
		{"times that are none", "l.csv", "call,kind,start,end\nx,silence,1:75,abc\n", []string{"2:11: 时间须为秒数或 分:秒", "2:16: 时间须为秒数或 分:秒"}},
		{"times that are NaN", "l.csv", "call,kind,start,end\nx,silence,NaN,Inf\n", []string{"2:11: 时间须为秒数", "2:15: 时间须为秒数"}},
		{"a negative time in CSV", "l.csv", "call,kind,start,end\nx,silence,-1,2\n", []string{"2:11: 时间为负"}},
		{"the same score twice", "l.csv", "call,kind,value\nx,score,7\nx,score,8\n", []string{"3:1: 总分重复"}},
		{"none, and one", "l.csv", "call,kind,value,start,end\nx,silence,no,1,2\nx,silence,none,,\n", []string{"3:1: 既写了“无”，又有内容"}},
		{"one, and none", "l.csv", "call,kind,value,start,end\nx,silence,none,,\nx,silence,no,1,2\n", []string{"3:1: 既写了“无”，又有内容"}},
		{"a sheet with a call twice", "l.csv", "call,score\nx,7\nx,8\n", []string{"3:1: 通话 call 重复"}},
		{"a sheet with an outcome misspelt", "l.csv", "call,a.b\nx,pas\n", []string{`2:3: 未知的结论 outcome "pas", did you mean "pass"?`}},
		{"a score in percent", "l.csv", "call,总分\nx,86%\n", []string{"2:3: 不是数字"}},
		{"a sheet with a mark out of range", "l.csv", "call,总分\nx,120\n", []string{"2:3: 总分须在 0 与 100 之间"}},
	} {
		_, err := eval.Read(tt.file, []byte(tt.text))
		var faults *eval.Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: got %v, want faults", tt.name, err)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != len(tt.want) {
			t.Errorf("%s: got %d faults, want %d:\n%v", tt.name, len(lines), len(tt.want), err)
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(lines[i], tt.file+":") || !strings.Contains(lines[i], want) {
				t.Errorf("%s: got %q, want %q", tt.name, lines[i], want)
			}
		}
	}
}

func TestFaultsQuoteNothingThatWasSaid(t *testing.T) {
	t.Parallel()
	const private = "王芳13800138000"
	for file, text := range map[string]string{
		"l.json": `{"` + private + `": 1, "call": "x", "score": "` + private + `", "rules": {"a": "` + private + `"}, "measures": {"` + private + `": "x"},
			"utterances": [{"role": "` + private + `", "start_ms": "` + private + `", "end_ms": 3, "text": 7}], "silences": "` + private + `"}`,
		"l.csv": "call,kind,value,role,start,end,text," + private + "\nx," + private + "\n" + strings.Repeat("x,utterance,,"+private+","+private+","+private+",\u0001,\n", 60),
		"m.csv": "call,a\nx," + private + "\n" + private + "\n",
		"n.csv": "call,kind\nx,\"" + private + "\n",
	} {
		_, err := eval.Read(file, []byte(text))
		if err == nil {
			t.Errorf("%s: no faults", file)
			continue
		}
		if message := err.Error(); strings.Contains(message, "王") || strings.Contains(message, "1380") {
			t.Errorf("%s: %s", file, message)
		}
		if n := strings.Count(err.Error(), "\n"); n > 51 {
			t.Errorf("%s: %d lines of faults", file, n)
		}
	}
}

// TestLargeFilesAreReadOnce reads files of a size that a quadratic reader would not finish with.
func TestLargeFilesAreReadOnce(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var one, rows strings.Builder
	one.WriteString(`{"call": "x", "silences": [{"start_ms": 0, "end_ms": 1}`)
	rows.WriteString("call,kind,name,value\n")
	for i := range n {
		fmt.Fprintf(&one, `,{"start_ms": %d, "end_ms": %d}`, i+1, i+2)
		fmt.Fprintf(&rows, "c%d,rule,a.b,pass\n", i)
	}
	one.WriteString("]}")
	for file, text := range map[string]string{"one-line.json": one.String(), "calls.csv": rows.String(), "wide.csv": "call" + strings.Repeat(",", n) + "\nx\n"} {
		labels, err := eval.Read(file, []byte(text))
		if want := map[string]int{"one-line.json": 1, "calls.csv": n}[file]; len(labels) != want && err == nil || want == 0 != (err != nil) {
			t.Errorf("%s: %d calls, %v; want %d", file, len(labels), err, want)
		}
	}
}

// FuzzRead reads anything: it gives labels that hold what it promises, or faults with places, and never both
// nothing and no fault.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		asJSON, asRows, asChineseRows, "call,score,a.b\nx,7,pass\n", "[[[", `{"call":"x","score":NaN}`, "\ufeff", "\xff\xfe", "a\x00b",
		`{"call":"x","utterances":[{"role":"agent","start_ms":5,"end_ms":1,"text":""}]}`, "call\tkind\nx\t\"", `{"a":{"a":{"a":{"a":{}}}}}`, `{]`, `[}`, `"`, "-",
	} {
		f.Add("l.json", []byte(text))
		f.Add("l.csv", []byte(text))
		f.Add("l", []byte(text))
	}
	f.Fuzz(func(t *testing.T, file string, data []byte) {
		labels, err := eval.Read(file, data)
		var faults *eval.Faults
		if errors.As(err, &faults) {
			for _, fault := range faults.All() {
				if fault.Message == "" || fault.Line < 0 || fault.Column < 0 {
					t.Errorf("a fault without a place: %+v", fault)
				}
			}
			return
		}
		if err != nil || len(labels) == 0 {
			t.Fatalf("%d labels, %v", len(labels), err)
		}
		for _, l := range labels {
			if l.Call == "" || l.Empty() {
				t.Errorf("labels of nothing: %+v", l)
			}
			for _, s := range l.Silences {
				if s.Start < 0 || s.Empty() {
					t.Errorf("a silence at %v", s.Span)
				}
			}
			for _, u := range l.Utterances {
				if u.Start < 0 || u.Span.Empty() || u.Role == "" {
					t.Errorf("an utterance of %q at %v", u.Role, u.Span)
				}
			}
			for _, r := range l.Rules {
				if r.ID == "" || r.Outcome == "" {
					t.Errorf("a rule without a name or an outcome: %+v", r)
				}
			}
		}
		eval.Evaluate([]eval.Labelled{{Labels: labels[0], Record: record("x", fail)}})
	})
}
