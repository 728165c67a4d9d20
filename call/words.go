package call

import (
	"cmp"
	"strings"
)

// Scenario returns the name that recordings and rules have for a scenario, whatever language it is named in; one
// that is not known here stays as it is, in lower case.
func Scenario(text string) string {
	text = strings.ToLower(text)
	return cmp.Or(map[string]string{
		"报修": "repair", "故障报修": "repair", "咨询": "consultation", "投诉": "complaint", "回访": "callback",
	}[text], text)
}

// Direction is Scenario for who called whom: inbound or outbound.
func Direction(text string) string {
	text = strings.ToLower(text)
	return cmp.Or(map[string]string{"in": "inbound", "呼入": "inbound", "out": "outbound", "呼出": "outbound"}[text], text)
}

// PartyOf is Scenario for one of the parties: agent or customer.
func PartyOf(text string) string {
	text = strings.ToLower(text)
	return cmp.Or(map[string]string{"坐席": "agent", "客服": "agent", "客户": "customer", "用户": "customer"}[text], text)
}
