package score_test

import (
	"fmt"
	"strings"
)

// column is how the rules did on one set of calls, with "all" for their sum.
type column struct {
	name string
	by   map[string]counts
}

// take adds counts to the column.
func (c column) take(by map[string]counts) {
	for rule, n := range by {
		sum := c.by[rule]
		sum.add(n)
		c.by[rule] = sum
	}
}

const sumHead = `| CER | set | calls | precision | recall | with review | for review | false deductions per 100 calls | exact: recall | exact: false per 100 |
|---|---|---|---|---|---|---|---|---|---|
`

// sumRows are the sums of all rules at one error rate, a row a set.
func sumRows(rate float64, columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		n := c.by["all"]
		fmt.Fprintf(&b, "| %.0f %% | %s | %d | %.3f | %.3f | %.3f | %.1f %% | %.2f | %.3f | %.1f |\n", rate*100, c.name, n.calls, n.precision(), n.recall(),
			n.withReview(), 100*n.reviewShare(), n.falsePerCent(), share(n.exactFound, n.said), 100*share(n.exactFalse, n.calls))
	}
	return b.String()
}

// table shows each rule at one error rate, the sets side by side.
func table(rate float64, columns []column) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## CER %.0f %%\n\n| rule |", rate*100)
	for _, c := range columns {
		fmt.Fprintf(&b, " %s: said | precision | recall | with review | for review | false per 100 | exact: recall |", c.name)
	}
	b.WriteString("\n|---" + strings.Repeat("|---", 7*len(columns)) + "|\n")
	rows := []string{}
	for _, a := range aspects {
		rows = append(rows, a.rule)
	}
	for _, rule := range append(rows, "all") {
		fmt.Fprintf(&b, "| %s |", rule)
		for _, c := range columns {
			n := c.by[rule]
			fmt.Fprintf(&b, " %d | %.3f | %.3f | %.3f | %.1f %% | %.2f | %.3f |", n.said, n.precision(), n.recall(), n.withReview(), 100*n.reviewShare(), n.falsePerCent(), share(n.exactFound, n.said))
		}
		b.WriteString("\n")
	}
	return b.String()
}
