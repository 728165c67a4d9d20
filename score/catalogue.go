package score

import (
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// Name is what something is called in both languages.
type Name struct {
	Kind string // rule, section or reason
	ID   string
	ZH   string
	EN   string
}

// reasons are why a criterion does not apply, or is left to a person.
var reasons = map[string]text{
	call.ReasonLanguage:  {"不是中文通话，不评分", "the call is not in Chinese: it is not scored"},
	call.ReasonMono:      {"单声道录音，分不清坐席与客户", "one channel only: who spoke cannot be told"},
	call.ReasonDuplicate: {"两个声道内容相同，分不清坐席与客户", "both channels carry the same sound"},
	call.ReasonSilent:    {"声道无声", "the channel is silent"},
	call.ReasonNoSpeech:  {"没有语音", "nobody speaks"},
	call.ReasonTone:      {"只有提示音", "tones only"},
	reasonRolesUnknown:   {"分不清坐席与客户", "agent and customer cannot be told apart"},
	reasonTooShort:       {"说话太少，不作评判", "too little talk to judge"},
	reasonCondition:      {"本次通话不适用", "does not apply to this call"},
	reasonWeakCondition:  {"是否适用把握不足，请复核", "not sure that it applies: please review"},
	reasonWeakMatch:      {"听得不够清楚，请复核", "not heard clearly enough: please review"},
	reasonNearMiss:       {"有相近的说法，请复核", "something close to it was said: please review"},
	reasonMeaning:        {"像是这个意思，请复核", "seems to be meant so: please review"},
	reasonLittleSpeech:   {"这一段话太少，请复核", "too little speech in this part: please review"},
	reasonUnrecognised:   {"这一段有没识别出来的话，请复核", "some speech in this part was not recognised: please review"},
	reasonRemoved:        {"这一段有被剔除的识别结果，请复核", "recognised text in this part was removed: please review"},
	reasonLowConfidence:  {"这一段识别把握不足，请复核", "recognition in this part is unsure: please review"},
	reasonUncertain:      {"有拿不准的地方，请复核", "part of it is uncertain: please review"},
	reasonNoAnchor:       {"没有出现它所依据的话", "what it looks around was not said"},
	reasonNothingSaid:    {"客户没有说需要复述的内容", "the customer said nothing that must be repeated"},
	reasonNoLevels:       {"没有音量数据", "the levels are not known"},
	reasonNoMetadata:     {"元数据中没有", "the metadata do not tell"},
	reasonStaffNumber:    {"报的工号与元数据不同，请复核", "the staff number said is not that of the metadata: please review"},
	reasonManual:         {"由人工评判", "left to a person"},
}

// with adds the sentence of a reason to a note.
func (t text) with(reason string) text {
	r, known := reasons[reason]
	switch {
	case !known:
		return t
	case t.zh == "":
		return r
	}
	return text{zh: t.zh + "；" + r.zh, en: t.en + "; " + r.en}
}

// Catalogue returns the names of the rules and sections of the built-in scorecards, and of all reasons.
func Catalogue() ([]Name, error) {
	var names []Name
	for _, builtIn := range builtInNames() {
		card, err := LoadScorecard(builtIn)
		if err != nil {
			return nil, err
		}
		names = append(names, card.Names()...)
	}
	for _, id := range slices.Sorted(maps.Keys(reasons)) {
		names = append(names, Name{Kind: "reason", ID: id, ZH: reasons[id].zh, EN: reasons[id].en})
	}
	return names, nil
}

// Names returns the names of the scorecard's sections and rules.
func (c *Scorecard) Names() []Name {
	var names []Name
	for _, s := range c.sections {
		names = append(names, Name{Kind: "section", ID: s.id, ZH: s.zh, EN: s.en})
	}
	for _, r := range c.rules {
		names = append(names, Name{Kind: "rule", ID: r.id, ZH: r.zh, EN: r.en})
	}
	return names
}
