package callgen

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

//go:embed sentences.txt
var sentences string

// Random makes a call of about the given length from a pool of domain sentences: turns of one to
// three sentences, short pauses, a backchannel or an interruption now and then. It plants no faults.
func Random(ctx context.Context, seed uint64, minutes float64) (*Call, error) {
	made, err := Make(ctx, RandomScript(seed, minutes))
	if err != nil {
		return nil, fmt.Errorf("random call %d: %w", seed, err)
	}
	return made, nil
}

// RandomScript returns the script of a random call.
func RandomScript(seed uint64, minutes float64) *Script {
	const charsPerSecond = 4.2
	random := rand.New(rand.NewPCG(seed, 2))
	s := &Script{
		Name: fmt.Sprintf("random-%d", seed), Title: "随机通话",
		Agent:    randomParty(random, "9001", "Annie", "f2", "linda", "m3"),
		Customer: randomParty(random, "13800000000", "m1", "belinda", "Andy", "f5"),
		Sound:    Sound{Seed: seed}.withDefaults(),
	}
	pool := pools()
	length := 0.0
	for role := call.RoleAgent; length < minutes*60; role = role.Other() {
		for range 1 + random.IntN(3) {
			text := pool[role][random.IntN(len(pool[role]))]
			s.Events = append(s.Events, Event{Role: role, Text: text})
			length += float64(len([]rune(text)))/charsPerSecond + 0.7
		}
		if last := s.Events[len(s.Events)-1]; len([]rune(last.Text)) > 18 && random.IntN(3) == 0 {
			s.Events = append(s.Events, Event{Role: role.Other(), Text: "嗯。", Placing: PlaceAt, Offset: 1500, Backchannel: true})
		}
	}
	return s
}

func randomParty(random *rand.Rand, id string, voices ...string) Party {
	return Party{
		ID: id, Voice: voices[random.IntN(len(voices))], Rate: 150 + random.IntN(51), Pitch: 35 + random.IntN(36),
		Level: -16 - 8*random.Float64(),
	}
}

// pools returns the sentences of each party.
func pools() map[call.Role][]string {
	pool := make(map[call.Role][]string)
	for line := range strings.Lines(sentences) {
		role, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		pool[call.Role(role)] = append(pool[call.Role(role)], text)
	}
	return pool
}

// Sentences returns what role says in random calls.
func Sentences(role call.Role) []string { return pools()[role] }
