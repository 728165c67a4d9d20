package score_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestWhatAsksTheCustomerToSpeak(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	const start, end = "0.5-4 customer: 你好，我家里停电了。\n5-8 agent: ", "\n20-22 customer: 好的。"
	for said, want := range map[string]call.Role{
		"请问您的户号是多少":       call.RoleCustomer,
		"您家在哪个小区":         call.RoleCustomer,
		"您贵姓":             call.RoleCustomer,
		"您的地址是和平路三号对吧":    call.RoleCustomer,
		"您看这样可以吗":         call.RoleCustomer,
		"我跟您确认一下您住在和平路对吗": call.RoleCustomer,
		"好的请您报一下户号":       call.RoleCustomer,
		"麻烦您留一个联系电话":      call.RoleCustomer,
		"您请讲":             call.RoleCustomer,
		"您住几号楼":           call.RoleCustomer,
		"是您一家还是整栋楼都没有电呢":  call.RoleCustomer,
		"您是什么时候发现的":       call.RoleCustomer,
		"您好，您还在听吗？":       call.RoleCustomer,
		"这个月的电费一共两百元":     call.RoleAgent,
		"大概十几分钟师傅就到":      call.RoleAgent,
		"我看一下是什么原因":       call.RoleAgent,
		"正在查询呢":           call.RoleAgent,
		"我先看看有没有停电通知":     call.RoleAgent,
		"您说的情况我已经记录下来了":   call.RoleAgent,
		"好的": call.RoleAgent,
		"已经为您登记了，请您保持电话畅通": call.RoleAgent,
		"您在哪里？好的，我知道了":     call.RoleAgent,
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			silences := judge(t, s, start+said+end).Measures.Silences
			if len(silences) != 1 {
				t.Fatalf("got %+v", silences)
			}
			if got := silences[0]; got.WaitingFor != want {
				t.Errorf("waiting for the %s, want the %s (hold %+v)", got.WaitingFor, want, got.Hold)
			}
		})
	}
}
