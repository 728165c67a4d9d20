package widen

import "fmt"

// Shape is the size of a model: numbers in the residual stream, heads of 64 of them, and layers.
type Shape struct{ Width, Heads, AudioLayers, TextLayers int }

// Shapes returns the sizes of Whisper's models by name (table 1 of the paper).
func Shapes() map[string]Shape {
	return map[string]Shape{
		"tiny":  {384, 6, 4, 4},
		"base":  {512, 8, 6, 6},
		"small": {768, 12, 12, 12},
	}
}

// times returns how often s holds the narrow shape, which it must do evenly.
func (s Shape) times(narrow Shape) (int, error) {
	k := s.Width / max(narrow.Width, 1)
	switch {
	case k < 1 || k*narrow.Width != s.Width || k*narrow.Heads != s.Heads:
		return 0, fmt.Errorf("width %d with %d heads is no multiple of %d with %d", s.Width, s.Heads, narrow.Width, narrow.Heads)
	case s.AudioLayers < narrow.AudioLayers || s.TextLayers < narrow.TextLayers:
		return 0, fmt.Errorf("%d and %d layers cannot hold %d and %d", s.AudioLayers, s.TextLayers, narrow.AudioLayers, narrow.TextLayers)
	}
	return k, nil
}
