package score

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// condition says when a rule applies. Exactly one of its parts is set.
type condition struct {
	scenarios  []string
	directions []string
	complaint  bool // the metadata say that the call is, or led to, a complaint
	lists      []string
	role       call.Role // who says one of lists
}

func readConditions(node strictyaml.Node) []condition {
	var conditions []condition
	for _, item := range node.List() {
		m := item.Mapping("scenario", "direction", "complaint", "says", "role")
		c := condition{scenarios: m.Get("scenario").Texts(), directions: m.Get("direction").Texts(), lists: m.Get("says").Texts()}
		c.complaint = m.Get("complaint").Bool()
		c.role = call.Role(cmp.Or(m.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(call.RoleCustomer)))
		set := 0
		for _, is := range []bool{len(c.scenarios) > 0, len(c.directions) > 0, c.complaint, len(c.lists) > 0} {
			if is {
				set++
			}
		}
		if set != 1 {
			item.Fault("wants exactly one of scenario, direction, complaint: true, says")
		}
		conditions = append(conditions, c)
	}
	return conditions
}

// holding is how far a condition holds, from not at all to surely.
type holding int

const (
	holdsNot holding = iota
	holdsMaybe
	holdsSurely
)

// holds tells whether c holds for a call, and what was heard that says so.
func (c condition) holds(v *view) (holding, []hit) {
	certain := slices.Contains(c.scenarios, v.rec.Scenario) ||
		slices.Contains(c.directions, v.rec.Direction) ||
		c.complaint && v.rec.Complaint != nil && *v.rec.Complaint
	if certain {
		return holdsSurely, nil
	}
	var weak []hit
	for _, h := range v.hits {
		if h.role != c.role || !slices.Contains(c.lists, h.List) {
			continue
		}
		if h.provesSaid() {
			return holdsSurely, []hit{h}
		}
		weak = append(weak, h)
	}
	if len(weak) > 0 {
		return holdsMaybe, weak
	}
	return holdsNot, nil
}

// applies tells whether a rule applies to a call.
func (r *rule) applies(v *view) (holding, []hit) {
	for _, c := range r.unless {
		if h, _ := c.holds(v); h == holdsSurely {
			return holdsNot, nil
		}
	}
	if len(r.when) == 0 {
		return holdsSurely, nil
	}
	best, because := holdsNot, []hit(nil)
	for _, c := range r.when {
		if h, hits := c.holds(v); h > best {
			best, because = h, hits
		}
	}
	return best, because
}
