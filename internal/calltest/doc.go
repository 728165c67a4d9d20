// Package calltest reads calls written as short scripts: the examples in scorecards and the calls of
// tests. It may import call.
//
//	# a comment
//	duration 60.0                  length of the recording; default: the end of the last line plus 0.5 s
//	scenario complaint             metadata: agent, agent_name, team, customer, direction, scenario,
//	complaint yes                  started_at, complaint, satisfaction, settled, resolved, rings, answer_delay, hung_up_by
//	level agent -18                level of a party's speech in dBFS
//	health customer bad silent     state of a channel; default: both ok
//	mono                           one channel only: every line's role is unknown
//	0.5-3.9 agent: 您好，很高兴为您服务
//	0.5-3.9 agent -12dB: 您好          at this level in dBFS; with one such line the transcript has levels,
//	                               and the others lie at -25
//	4.2-9.0 customer: 我家停电了
//	agent: 请问您的地址是？           without times: follows after a short pause, at 4 characters a second
//	silence 12                     nobody speaks for 12 s before the next line without times
//	agent(0.4): 您号                 recognised with confidence 0.4; default 0.9
//	12-14 agent: [?]               speech that was not recognised
//	14-16 agent removed hallucination:credit: 字幕志愿者
//
// A line is one utterance, and its words are its characters at even distances.
package calltest
