// Package report turns scored calls into what people read: a terminal table, one call's explanation,
// a spreadsheet, CSV, JSON and a web page that needs nothing but itself. Build computes every
// figure once; the writers only lay them out. Personal data are masked while it builds, so that no
// writer can forget to. It may import call and score.
//
// Definitions:
//
//   - score: points ÷ potential, shown times 100; a mean score is the mean over the calls that have one
//   - compliance rate (规范达标率): calls that passed ÷ calls that passed or failed; calls up for
//     review and calls without a score are not counted
//   - violation: a criterion with the outcome fail
//   - pass rate of a rule: pass ÷ (pass + fail)
//   - withheld: what could not be measured in a call, with the reason; never a deduction
package report
