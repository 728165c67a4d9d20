// Package sense tells what a party does with their words, whatever words they are: greets, shows empathy, passes the
// customer on. It is learnt from sentences (Learn) and knows no phrases, so it proves nothing by itself: it may spare
// a party a deduction, ask a person, or say whether a phrase was meant.
//
// The model is linear: each act has two weights for each feature (characters, pairs and triples of them, and of how
// they sound), one for where it is done and one for what stands beside that. A text speaks for an act by the stretch of
// it whose weights come to most.
package sense
