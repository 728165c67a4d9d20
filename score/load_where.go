package score

import (
	"cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

func readWhere(node strictyaml.Node) where {
	if node.Missing() {
		return where{}
	}
	m := node.Mapping("first", "last", string(sideBefore), string(sideAfter), string(sideAround))
	if m.Has("first") && m.Has("last") {
		m.Fault("wants either \"first\" or \"last\"")
	}
	w := where{first: readReach(m.Get("first")), last: readReach(m.Get("last"))}
	set := 0
	for _, s := range []side{sideBefore, sideAfter, sideAround} {
		if m.Has(string(s)) {
			w.anchor = readAnchor(m.Get(string(s)), s)
			set++
		}
	}
	if set > 1 || set == 1 && (m.Has("first") || m.Has("last")) {
		m.Fault("wants one of first, last, before, after, around")
	}
	if set == 0 && !m.Has("first") && !m.Has("last") {
		m.Fault("wants either \"first\" or \"last\", or before, after, around")
	}
	return w
}

func readReach(node strictyaml.Node) *reach {
	if node.Missing() {
		return nil
	}
	m := node.Mapping("seconds", "turns", "percent")
	r := &reach{length: seconds(m.Get("seconds")), turns: readTurns(m)}
	if m.Has("percent") {
		if r.share = m.Get("percent").Float() / 100; r.share <= 0 || r.share > 1 {
			m.Get("percent").Fault("wants a percentage above 0, up to 100")
		}
	}
	if r.length == 0 && r.turns == 0 && r.share == 0 {
		m.Fault("wants seconds, turns or both")
	}
	return r
}

func readTurns(m strictyaml.Mapping) int {
	if !m.Has("turns") {
		return 0
	}
	return m.Get("turns").Int()
}

func readAnchor(node strictyaml.Node, s side) *anchor {
	m := node.Mapping("rule", "says", "role", "hit", "seconds", "turns")
	a := &anchor{side: s, nth: 1, lists: m.Get("says").Texts(), reach: reach{length: seconds(m.Get("seconds")), turns: readTurns(m)}}
	if m.Has("rule") {
		a.rule = m.Get("rule").Text()
	}
	a.role = call.Role(cmp.Or(m.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(call.RoleCustomer)))
	if (a.rule == "") == (len(a.lists) == 0) {
		m.Fault("wants either the ID of a rule or the lists that are said")
	}
	if m.Has("hit") {
		if a.nth = m.Get("hit").Int(); a.nth < 1 {
			m.Get("hit").Fault("hits count from 1")
			a.nth = 1
		}
	}
	if s == sideAround && a.reach == (reach{}) {
		m.Fault("wants seconds or turns: how far around")
	}
	return a
}
