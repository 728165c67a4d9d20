package lexicon

// searched is a text made ready for looking for phrases that are not quite there.
type searched struct {
	text  []unit
	sieve *sieve
	takes map[*slot][]bool
	doubt []float64 // of each unit, nats for its being misheard; nil when nothing is known
	*scratch
}

// scratch is memory that texts use one after another.
type scratch struct {
	cells   []cell
	costs   []elementCost
	laid    [2][]laid
	costsOf leastCosts
	rows    [2][]uint64 // by cost, the places where a part of a phrase may end at no more than that
	stack   [][]uint64  // the same by the length of the part, for candidates
}

// cell is the cost of a stretch of text, above, and where it starts.
type cell int64

const (
	costShift = 32
	noCell    = cell(1) << 60
)

func newCell(cost, start int) cell { return cell(cost)<<costShift | cell(start) }

func (c cell) plus(cost int) cell { return c + cell(cost)<<costShift }
func (c cell) cost() int          { return int(c >> costShift) }
func (c cell) start() int         { return int(c & (1<<costShift - 1)) }

// elementCost is what it costs when something else stands for an element.
type elementCost struct {
	r     rune
	row   []pair // of the ways to be read, nil when the character has none
	takes []bool // what a slot takes, nil for a character
	lost  int
}

func newSearched(text []unit, shared *scratch) *searched {
	return &searched{text: text, sieve: newSieve(text, shared), scratch: shared}
}

// doubtIn is the doubt about units [from, to).
func (s *searched) doubtIn(from, to int) []float64 {
	if s.doubt == nil {
		return nil
	}
	return s.doubt[from:to]
}

// place finds the stretch of text that differs least from elements, as far as that costs no more than most.
// What a slot takes costs nothing. Where it ends the sieve tells; where it starts comes out of a search of the text
// before, as far back as a stretch of that cost may reach, that works out only what can still come to no more.
func (s *searched) place(elements []element, most int) (start, end, cost int, ok bool) {
	if s.sieve.hopeless(elements, most) {
		return 0, 0, 0, false
	}
	end, cost, ok = s.sieve.nearest(elements, most)
	if !ok {
		return 0, 0, 0, false
	}
	s.prepare(elements)
	from := 0
	if !hasSlot(elements) {
		from = max(0, end-len(elements)-cost/costOther)
	}
	last := 0
	s.cells[0] = newCell(0, from)
	for i, e := range s.costs {
		s.cells[i+1] = s.cells[i].plus(e.lost)
		if s.cells[i+1].cost() <= cost {
			last = i + 1
		}
	}
	for j := from; j < end; j++ {
		last = s.step(j, last, cost)
	}
	return s.cells[len(elements)].start(), end, cost, true
}

// step takes in unit j of the text. Of the cells before it those up to last count; so do of those after it
// those up to the number that it returns.
func (s *searched) step(j, last, most int) int {
	cells, reached := s.cells, 0
	previous := cells[0]
	cells[0] = newCell(0, j+1)
	for i := range s.costs {
		e := &s.costs[i]
		lost := cells[i].plus(e.lost)
		if i > last && lost.cost() > most {
			break
		}
		before := noCell
		if i+1 <= last {
			before = cells[i+1]
		}
		other, gained := s.differ(e, j)
		better := previous.plus(other)
		if lost.cost() < better.cost() {
			better = lost
		}
		if more := before.plus(gained); more.cost() < better.cost() {
			better = more
		}
		if better.cost() <= most {
			reached = i + 1
		}
		previous, cells[i+1] = before, better
	}
	return reached
}

// differ tells what it costs when unit j stands for e, and when it stands beside it.
func (s *searched) differ(e *elementCost, j int) (other, gained int) {
	switch {
	case e.row != nil:
		return int(e.row[s.text[j].id].cost), costOther
	case e.takes == nil && s.text[j].r == e.r:
		return 0, costOther
	case e.takes == nil:
		return costOther, costOther
	case e.takes[j]:
		return 0, 0
	}
	return costSimilar, costOther
}

func (s *searched) prepare(elements []element) {
	p := phoneticTable().pairs
	s.costs = s.costs[:0]
	for _, e := range elements {
		c := elementCost{r: e.r, lost: e.lost()}
		if e.slot != nil {
			c.takes = s.takenBy(e.slot)
		} else if e.id != 0 {
			c.row = p.row(e.id)
		}
		s.costs = append(s.costs, c)
	}
	if n := len(elements) + 1; cap(s.cells) < n {
		s.cells = make([]cell, max(n, maxTermLength+1))
	} else {
		s.cells = s.cells[:n]
	}
}

func (s *searched) takenBy(kind *slot) []bool {
	taken := s.takes[kind]
	if taken == nil {
		taken = make([]bool, len(s.text))
		for j := range s.text {
			taken[j] = kind.takes(&s.text[j])
		}
		if s.takes == nil {
			s.takes = map[*slot][]bool{}
		}
		s.takes[kind] = taken
	}
	return taken
}
