package queue

import (
	"context"
	"fmt"
)

// Depth is how much there is in a lane.
type Depth struct {
	Waiting int // not handed out
	Working int // handed out and neither acknowledged nor given back
	Back    int // handed out more than once
}

// Depths returns how much there is in each lane.
func (q *Queue) Depths(ctx context.Context) (map[Lane]Depth, error) {
	depths := make(map[Lane]Depth, len(q.lanes))
	for lane, way := range q.lanes {
		info, err := way.consumer.Info(ctx)
		if err != nil {
			return nil, fmt.Errorf("read depth of lane %s: %w", lane, err)
		}
		depths[lane] = Depth{Waiting: int(info.NumPending), Working: info.NumAckPending, Back: info.NumRedelivered}
	}
	return depths, nil
}
