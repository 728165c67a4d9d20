package eval

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
	"github.com/zhijian-qa/zhijian/score"
)

// The words that stand for outcomes, parties, yes and no, besides their names.
var (
	outcomeWords = map[string]score.Outcome{
		"符合": score.OutcomePass, "合格": score.OutcomePass, "违反": score.OutcomeFail, "不合格": score.OutcomeFail,
		"不适用": score.OutcomeNotApplicable, "待复核": score.OutcomeReview,
	}
	roleWords = map[string]call.Role{"坐席": call.RoleAgent, "客户": call.RoleCustomer, "未知": call.RoleUnknown}
	boolWords = map[string]bool{"true": true, "false": false, "yes": true, "no": false, "是": true, "否": false}
)

func outcomes() []string {
	return []string{string(score.OutcomePass), string(score.OutcomeFail), string(score.OutcomeNotApplicable), string(score.OutcomeReview)}
}

func roles() []string {
	return []string{string(call.RoleAgent), string(call.RoleCustomer), string(call.RoleUnknown)}
}

// outcome reads an outcome in English or Chinese.
func (r *reader) outcome(at Place, word string) (score.Outcome, bool) {
	return choose(r, at, "结论 outcome", word, outcomes(), outcomeWords)
}

func (r *reader) role(at Place, word string) (call.Role, bool) {
	return choose(r, at, "说话人 role", word, roles(), roleWords)
}

// choose returns which of known, or of other words for them, word is.
func choose[T ~string](r *reader, at Place, what, word string, known []string, other map[string]T) (T, bool) {
	word = plain(word)
	if meant, ok := other[word]; ok {
		return meant, true
	}
	lower := strings.ToLower(word)
	for _, k := range known {
		if lower == k {
			return T(k), true
		}
	}
	r.fault(at, "未知的%s%s", what, quoted(word)+hint(lower, known))
	return "", false
}

// plain returns text as half width and without spaces around it: people type １：２３ too.
func plain(text string) string { return strings.TrimSpace(norm.NFKC.String(text)) }

// plainWord is what may be quoted in a message: nothing of it can be a name, a number or what was said.
var plainWord = regexp.MustCompile(`^[A-Za-z_.\-]+[A-Za-z0-9_.\-]*$`)

// quoted returns word in quotation marks after a space, nothing where it may be personal data.
func quoted(word string) string {
	if len(word) > longWord || !plainWord.MatchString(word) {
		return ""
	}
	return fmt.Sprintf(" %q", word)
}

// hint names the word that was meant, or all that are known when none is like it.
func hint(word string, known []string) string {
	if h := strictyaml.Hint(word, known); h != "" {
		return h
	}
	const shown = 24
	list := strings.Join(known[:min(len(known), shown)], ", ")
	if len(known) > shown {
		list += ", …"
	}
	return "; 可用 known: " + list
}

// millis reads a time in whole milliseconds.
func (r *reader) millis(at Place, text string) (call.Millis, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.fault(at, "须为整毫秒数 a time is a whole number of milliseconds")
		return 0, false
	}
	return r.inRange(at, call.Millis(n))
}

// clock reads a time in seconds, as minutes and seconds, or as hours, minutes and seconds.
func (r *reader) clock(at Place, text string) (call.Millis, bool) {
	seconds, ok := 0.0, true
	parts := strings.Split(plain(text), ":")
	for i, part := range parts {
		value, err := strconv.ParseFloat(part, 64)
		whole := i == len(parts)-1 || value == math.Trunc(value)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) || !whole || i > 0 && (value < 0 || value >= 60) || len(parts) > 3 {
			ok = false
			break
		}
		seconds = seconds*60 + value
	}
	if !ok {
		r.fault(at, "时间须为秒数或 分:秒，如 83.25 或 1:23.25 a time is seconds, or minutes:seconds, as in 83.25 or 1:23.25")
		return 0, false
	}
	if seconds > longest.Seconds() {
		return r.inRange(at, longest+1)
	}
	return r.inRange(at, call.Millis(math.Round(seconds*1000)))
}

func (r *reader) inRange(at Place, m call.Millis) (call.Millis, bool) {
	switch {
	case m < 0:
		r.fault(at, "时间为负 a time is negative")
	case m > longest:
		r.fault(at, "时间超过 100 小时 a time is beyond 100 hours")
	default:
		return m, true
	}
	return 0, false
}

// span joins two times.
func (r *reader) span(at Place, start, end call.Millis) (call.Span, bool) {
	if end <= start {
		r.fault(at, "结束不晚于开始 the end is not after the start")
		return call.Span{}, false
	}
	return call.Span{Start: start, End: end}, true
}

// number reads a finite number.
func (r *reader) number(at Place, text string) (float64, bool) {
	value, err := strconv.ParseFloat(plain(text), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		r.fault(at, "不是数字 it is not a number")
		return 0, false
	}
	return value, true
}

// share reads a finite number, or one in percent, as spreadsheet programs save it.
func (r *reader) share(at Place, text string) (float64, bool) {
	number, percent := strings.CutSuffix(plain(text), "%")
	value, ok := r.number(at, number)
	if percent {
		value /= 100
	}
	return value, ok
}

// total reads a score.
func (r *reader) total(at Place, text string) (float64, bool) {
	value, ok := r.number(at, text)
	if ok && (value < 0 || value > 100) {
		r.fault(at, "总分须在 0 与 100 之间（百分制，与报告相同） a score is from 0 to 100, as reports show it")
		return 0, false
	}
	return value, ok
}

func (r *reader) yes(at Place, text string) (value, ok bool) {
	value, ok = boolWords[strings.ToLower(plain(text))]
	if !ok {
		r.fault(at, "须为 是/否 或 true/false it is neither true nor false")
	}
	return value, ok
}

// name checks that a text is one that a name can be.
func (r *reader) name(at Place, text string) (string, bool) {
	text = strings.TrimSpace(text)
	if text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, control) {
		r.fault(at, "名称为空或含控制字符 a name is empty or holds control characters")
		return "", false
	}
	return text, true
}

func control(r rune) bool { return r < ' ' || r == 0x7f }

// text checks what was said.
func (r *reader) text(at Place, text string) (string, bool) {
	if strings.ContainsFunc(text, func(c rune) bool { return control(c) && c != '\n' && c != '\r' && c != '\t' }) {
		r.fault(at, "文字含控制字符 a text holds control characters")
		return "", false
	}
	return text, true
}

// twice records key at its first place and a fault where it stands again.
func (r *reader) checkTwice(seen map[string]Place, key string, at Place, what string) {
	if key != "" {
		twice(r, seen, key, at, what)
	}
}

func twice[K comparable](r *reader, seen map[K]Place, key K, at Place, what string) {
	if first, again := seen[key]; again {
		r.fault(at, "%s重复，已在第 %d 行 stands twice: also on line %d", what+" ", first.Line, first.Line)
		return
	}
	seen[key] = at
}
