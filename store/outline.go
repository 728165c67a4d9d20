package store

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/zhijian-qa/zhijian/score"
)

// A result is kept as outlineMagic, the length of its compressed outline, that, and what pack makes of the whole.
// Re-scoring compares ten thousands of results with new ones by their outlines: reading all of their JSON would take
// longer than half of the scoring. Bodies of old are what pack makes of the whole.
const outlineMagic = "ZJO1"

// packResult returns the body of a result.
func packResult(body resultBody) ([]byte, error) {
	whole, err := pack(body)
	if err != nil {
		return nil, err
	}
	z, err := compressor()
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	var w bodyWriter
	w.outline(body.Score.Outline())
	var outline bodyWriter
	outline.bytes([]byte(w.text.String()))
	var start bodyWriter
	start.bytes(z.EncodeAll(append(outline.body, w.body...), nil))
	return append(append([]byte(outlineMagic), start.body...), whole...), nil
}

// splitResult returns the compressed outline, nil when there is none, and the packed whole.
func splitResult(body []byte) (outline, whole []byte) {
	rest, today := bytes.CutPrefix(body, []byte(outlineMagic))
	if !today {
		return nil, body
	}
	size, n := binary.Uvarint(rest)
	if n <= 0 || size > uint64(len(rest)-n) {
		return nil, nil
	}
	return rest[n : n+int(size)], rest[n+int(size):]
}

// unpackResult reads what packResult wrote, now or of old.
func unpackResult(body []byte, to *resultBody) error {
	_, whole := splitResult(body)
	return unpack(whole, to)
}

// unpackOutline reads the outline of a result, from the whole where it is one of old.
func unpackOutline(body []byte) (score.Result, error) {
	packed, _ := splitResult(body)
	if packed == nil {
		var whole resultBody
		err := unpackResult(body, &whole)
		return whole.Score.Outline(), err
	}
	data, err := decompress(packed)
	if err != nil {
		return score.Result{}, fmt.Errorf("decompress: %w", err)
	}
	r := bodyReader{body: data}
	r.text = string(r.bytes())
	result := r.outline()
	if r.failed {
		return score.Result{}, fmt.Errorf("decode: %w", errCutShort)
	}
	return result, nil
}

func (w *bodyWriter) outline(o score.Result) {
	w.string(o.Scorecard)
	w.string(o.Revision)
	w.string(string(o.Verdict))
	w.flag(o.Vetoed)
	w.flag(o.RolesSwapped)
	for _, x := range []float64{o.PassMark, o.Points, o.Potential, o.AtRisk, o.Lower} {
		w.share(x)
	}
	for _, x := range []*float64{o.Normalised, o.Upper} {
		if w.flag(x != nil); x != nil {
			w.share(*x)
		}
	}
	w.length(len(o.Criteria), o.Criteria == nil)
	for _, c := range o.Criteria {
		w.string(c.Rule)
		w.string(c.Name)
		w.string(c.NameEN)
		w.string(string(c.Outcome))
		w.flag(c.Veto)
		w.share(c.Points)
		w.share(c.Potential)
		w.share(c.AtRisk)
	}
}

func (r *bodyReader) outline() score.Result {
	o := score.Result{Scorecard: r.string(), Revision: r.string(), Verdict: score.Verdict(r.string()), Vetoed: r.flag(), RolesSwapped: r.flag()}
	for _, x := range []*float64{&o.PassMark, &o.Points, &o.Potential, &o.AtRisk, &o.Lower} {
		*x = r.share()
	}
	for _, x := range []**float64{&o.Normalised, &o.Upper} {
		if r.flag() {
			value := r.share()
			*x = &value
		}
	}
	n, none := r.length()
	if none {
		return o
	}
	o.Criteria = make([]score.Criterion, n)
	for i := range o.Criteria {
		o.Criteria[i] = score.Criterion{
			Rule: r.string(), Name: r.string(), NameEN: r.string(), Outcome: score.Outcome(r.string()),
			Veto: r.flag(), Points: r.share(), Potential: r.share(), AtRisk: r.share(),
		}
	}
	return o
}
