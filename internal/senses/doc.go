// Package senses learns the model of lexicon/sense and says how well it tells what it was not learnt from. "make
// senses" learns it anew, from sentences that say what one act is (lexicon/sense/sentences) and from whole calls that
// are labelled by hand (lexicon/sense/calls, score/testdata).
package senses
