package lexicon

// searched is a text made ready for looking for phrases that are not quite there.
type searched struct {
	text  []unit
	heard []bool // by near class, those of a reading of some unit
	sieve *sieve
	ids   []uint16 // of the readings of each character
	takes map[*slot][]bool
	cells []cell
	costs []elementCost
	stray []bool // whether units belong to no word; nil until asked for
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

func newSearched(text []unit) *searched {
	s := &searched{text: text, ids: make([]uint16, len(text)), takes: map[*slot][]bool{}}
	for j, u := range text {
		for _, class := range u.near {
			if int(class) >= len(s.heard) {
				s.heard = append(s.heard, make([]bool, int(class)+1-len(s.heard))...)
			}
			s.heard[class] = true
		}
		s.ids[j] = u.id
	}
	s.sieve = newSieve(text, s.ids)
	return s
}

// said reports whether anything that is alike e may be in the text.
func (s *searched) said(e *element) bool {
	for _, class := range e.near {
		if int(class) < len(s.heard) && s.heard[class] {
			return true
		}
	}
	return false
}

// place finds the stretch of text that differs least from elements, as far as that costs no more than most.
// What a slot takes costs nothing. It goes through the text once and works out only what can still come to
// no more than most.
func (s *searched) place(elements []element, most int) (start, end, cost int, ok bool) {
	s.prepare(elements)
	n, last := len(elements), 0
	s.cells[0] = newCell(0, 0)
	for i, e := range s.costs {
		s.cells[i+1] = s.cells[i].plus(e.lost)
		if s.cells[i+1].cost() <= most {
			last = i + 1
		}
	}
	best := noCell
	if last == n {
		best = s.cells[n]
	}
	for j := range s.text {
		last = s.step(j, last, most)
		if found := s.cells[n]; last == n && found.cost() < best.cost() {
			best, end = found, j+1
		}
	}
	return best.start(), end, best.cost(), best != noCell
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
		return int(e.row[s.ids[j]].cost), costOther
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
		} else if id := p.id(e.r); id != 0 {
			c.row = p.row(id)
		}
		s.costs = append(s.costs, c)
	}
	s.cells = append(s.cells[:0], make([]cell, len(elements)+1)...)
}

func (s *searched) takenBy(slot *slot) []bool {
	taken := s.takes[slot]
	if taken == nil {
		taken = make([]bool, len(s.text))
		for j, u := range s.text {
			taken[j] = slot.takes(&u)
		}
		s.takes[slot] = taken
	}
	return taken
}
