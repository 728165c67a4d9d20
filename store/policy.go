package store

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Policy says how long calls are kept, by scenario and verdict. Its zero value keeps all for ever.
type Policy struct {
	keeps []keep
}

// keep is a line of a policy. What it doesn't name, it takes for any.
type keep struct {
	text     string
	scenario string
	verdict  score.Verdict
	years    int
	months   int
	days     int
}

var (
	ageForm = regexp.MustCompile(`^([1-9][0-9]{0,4})(y|mo|w|d|年|个月|周|天)$`)
	// verdicts are the words of a line that are no scenario.
	verdicts = map[string]score.Verdict{
		"pass": score.VerdictPass, "fail": score.VerdictFail, "review": score.VerdictReview,
		"合格": score.VerdictPass, "不合格": score.VerdictFail, "待复核": score.VerdictReview,
	}
)

// ParsePolicy reads lines such as "3y", "complaint: 5y", "pass: 12mo" and "complaint fail: 10y": a scenario, a
// verdict, both or neither, and an age in years (y, 年), months (mo, 个月), weeks (w, 周) or days (d, 天).
// scenario returns the name that calls have for the scenario that a line names. The error is a call.ErrInvalid.
func ParsePolicy(lines []string, scenario func(string) string) (Policy, error) {
	var policy Policy
	for _, line := range lines {
		k, err := parseKeep(line)
		if k.scenario != "" {
			k.scenario = scenario(k.scenario)
		}
		if err != nil {
			return Policy{}, fmt.Errorf("%w: keep %q: %w", call.ErrInvalid, line, err)
		}
		if slices.ContainsFunc(policy.keeps, func(other keep) bool { return other.scenario == k.scenario && other.verdict == k.verdict }) {
			return Policy{}, fmt.Errorf("%w: keep %q: an earlier line is about the same calls", call.ErrInvalid, line)
		}
		policy.keeps = append(policy.keeps, k)
	}
	return policy, nil
}

func parseKeep(line string) (keep, error) {
	k := keep{text: strings.TrimSpace(line)}
	which, age, named := strings.Cut(strings.ReplaceAll(line, "：", ":"), ":")
	if !named {
		which, age = "", which
	}
	for word := range strings.FieldsSeq(which) {
		switch verdict, known := verdicts[strings.ToLower(word)]; {
		case word == "*":
		case known && k.verdict == "":
			k.verdict = verdict
		case !known && k.scenario == "":
			k.scenario = word
		default:
			return keep{}, fmt.Errorf("one scenario and one verdict at most")
		}
	}
	parts := ageForm.FindStringSubmatch(strings.TrimSpace(age))
	if parts == nil {
		return keep{}, fmt.Errorf("wants an age such as 3y, 18mo, 26w or 90d")
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return keep{}, err
	}
	switch parts[2] {
	case "y", "年":
		k.years = n
	case "mo", "个月":
		k.months = n
	case "w", "周":
		k.days = 7 * n
	default:
		k.days = n
	}
	return k, nil
}

// Lines returns the lines of the policy.
func (p Policy) Lines() []string {
	lines := make([]string, len(p.keeps))
	for i, k := range p.keeps {
		lines[i] = k.text
	}
	return lines
}

// Empty reports whether the policy keeps all for ever.
func (p Policy) Empty() bool { return len(p.keeps) == 0 }

// cutoff returns the instant before which a line's calls are due. A month before the 31st is the last day of
// a shorter month.
func (k keep) cutoff(now time.Time) time.Time {
	at := now.AddDate(-k.years, -k.months, 0)
	if at.Day() != now.Day() {
		at = at.AddDate(0, 0, -at.Day())
	}
	return at.AddDate(0, 0, -k.days)
}

// named counts what a line names.
func (k keep) named() int {
	n := 0
	if k.scenario != "" {
		n++
	}
	if k.verdict != "" {
		n++
	}
	return n
}

// Due reports whether a call of that time, scenario and verdict has outlived its keeping, and by which
// line. The line that names most decides; of two that name as much, the one that keeps longer. A call that no
// line is about is never due.
func (p Policy) Due(at time.Time, scenario string, verdict score.Verdict, now time.Time) (line string, due bool) {
	var best *keep
	for i, k := range p.keeps {
		if k.scenario != "" && k.scenario != scenario || k.verdict != "" && k.verdict != verdict {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(k.named(), best.named()), best.cutoff(now).Compare(k.cutoff(now))) > 0 {
			best = &p.keeps[i]
		}
	}
	if best == nil || !at.Before(best.cutoff(now)) {
		return "", false
	}
	return best.text, true
}

// Latest returns the instant before which some line lets calls go.
func (p Policy) Latest(now time.Time) time.Time {
	var latest time.Time
	for _, k := range p.keeps {
		if at := k.cutoff(now); at.After(latest) {
			latest = at
		}
	}
	return latest
}

// General returns the instant before which the line about all calls lets them go; ok is false when there is
// no such line.
func (p Policy) General(now time.Time) (at time.Time, ok bool) {
	for _, k := range p.keeps {
		if k.named() == 0 {
			return k.cutoff(now), true
		}
	}
	return time.Time{}, false
}
