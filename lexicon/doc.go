// Package lexicon finds phrases in recognised speech: word lists in YAML, matched exactly, by sound
// (same or nearly the same pinyin) and with one edit, with exceptions and word boundaries. It also turns
// traditional characters into simplified ones and hides personal data. It may import call and
// internal/strictyaml.
package lexicon
