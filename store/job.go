package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
)

// JobState says how far a job is.
type JobState string

// The states of a job.
const (
	JobQueued   JobState = "queued"    // nobody works on it
	JobWorking  JobState = "working"   // a worker began; it may have died since
	JobDone     JobState = "done"      // its result is kept, or its data were deleted and are not taken again
	JobSetAside JobState = "set_aside" // it failed for good; Reason says why
)

// Job is one object that a source offered: a recording to work on. The row is the truth about it; a message
// of the queue carries only its ID.
type Job struct {
	ID         string // of source, key and version
	Source     string // name of the source
	Key        string // of the object in it
	Version    string // of its content
	Size       int64  // in bytes
	ModTime    time.Time
	Metadata   call.Metadata // what the source said of it; empty once it is done, since the recording has it then
	Lane       string
	State      JobState
	Attempts   int       // how often a worker began
	Reason     string    // code of the last fault
	Message    string    // its sentence
	Worker     string    // that began last
	Offers     int       // how often a message was meant to be published for it
	Sequence   uint64    // of that message in the queue, 0 when it is not known
	Recording  string    // ID, empty until it is done
	ReceivedAt time.Time // or when it was queued again after it was set aside
	UpdatedAt  time.Time
}

// MessageID names the message that the job is offered by: another one at each offer, the same when one offer
// is repeated.
func (j Job) MessageID() string { return fmt.Sprintf("%s.%d", j.ID, j.Offers) }

// jobRow is a row of jobs.
type jobRow struct {
	bun.BaseModel `bun:"table:jobs,alias:job"`

	ID           string   `bun:"id,pk"`
	Source       string   `bun:"source"`
	Key          diskPath `bun:"object_key"`
	Version      string   `bun:"version"`
	Size         int64    `bun:"size"`
	ModifiedAtMS int64    `bun:"modified_at_ms"`
	Metadata     string   `bun:"metadata"`
	Lane         string   `bun:"lane"`
	State        JobState `bun:"state"`
	Attempts     int      `bun:"attempts"`
	Reason       string   `bun:"reason"`
	Message      string   `bun:"message"`
	Worker       string   `bun:"worker"`
	Offers       int      `bun:"offers"`
	Sequence     int64    `bun:"sequence"`
	RecordingID  string   `bun:"recording_id"`
	ReceivedAtMS int64    `bun:"received_at_ms"`
	UpdatedAtMS  int64    `bun:"updated_at_ms"`
}

func (row *jobRow) job() (Job, error) {
	j := Job{
		ID: row.ID, Source: row.Source, Key: string(row.Key), Version: row.Version, Size: row.Size,
		ModTime: time.UnixMilli(row.ModifiedAtMS), Lane: row.Lane, State: row.State, Attempts: row.Attempts,
		Reason: row.Reason, Message: row.Message, Worker: row.Worker, Offers: row.Offers, Sequence: uint64(row.Sequence),
		Recording: row.RecordingID, ReceivedAt: time.UnixMilli(row.ReceivedAtMS), UpdatedAt: time.UnixMilli(row.UpdatedAtMS),
	}
	if err := json.Unmarshal([]byte(row.Metadata), &j.Metadata); err != nil {
		return Job{}, fmt.Errorf("decode metadata of job %s: %w", row.ID, err)
	}
	return j, nil
}

func jobsOf(rows []jobRow) ([]Job, error) {
	jobs := make([]Job, len(rows))
	for i := range rows {
		var err error
		if jobs[i], err = rows[i].job(); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// noMetadata is what an emptied column holds.
const noMetadata = "{}"

// jobColumns are returned where a statement changes rows. bun would name those of the model with its alias.
const jobColumns = "id, source, object_key, version, size, modified_at_ms, metadata, lane, state, attempts, " +
	"reason, message, worker, offers, sequence, recording_id, received_at_ms, updated_at_ms"

// AddJobs puts down the jobs that are not there yet, as queued, and returns those, in no order. State,
// Attempts, Offers, Sequence and the times of jobs are not read.
func (s *Store) AddJobs(ctx context.Context, jobs []Job) ([]Job, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	now := s.nowMS()
	rows := make([]jobRow, len(jobs))
	for i, j := range jobs {
		if j.ID == "" || j.Source == "" || j.Key == "" || j.Lane == "" {
			return nil, fmt.Errorf("add jobs: %w: a job needs an ID, a source, a key and a lane", call.ErrInvalid)
		}
		metadata, err := json.Marshal(j.Metadata)
		if err != nil {
			return nil, fmt.Errorf("add jobs: encode metadata: %w", err)
		}
		rows[i] = jobRow{
			ID: j.ID, Source: j.Source, Key: diskPath(j.Key), Version: j.Version, Size: j.Size, ModifiedAtMS: j.ModTime.UnixMilli(),
			Metadata: string(metadata), Lane: j.Lane, State: JobQueued, Offers: 1, ReceivedAtMS: now, UpdatedAtMS: now,
		}
	}
	var added []jobRow
	err := s.once(ctx, func(db *bun.DB) error {
		added = nil
		return db.NewInsert().Model(&rows).On("CONFLICT (id) DO NOTHING").Returning(jobColumns).Scan(ctx, &added)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("add jobs: %w", err)
	}
	return jobsOf(added)
}

// FindJob returns the job with that ID, call.ErrNotFound when there is none.
func (s *Store) FindJob(ctx context.Context, id string) (Job, error) {
	if unknowable(id) {
		return Job{}, fmt.Errorf("find job: %w", call.ErrNotFound)
	}
	row := new(jobRow)
	err := s.tried(ctx, func() error {
		return s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = call.ErrNotFound
	}
	if err != nil {
		return Job{}, fmt.Errorf("find job: %w", err)
	}
	return row.job()
}

// Claim says that worker begins with the job: it is working, and one attempt more. ok is false when the job
// is done or set aside, as at a second delivery; then it is as it stands. A job that another worker has begun
// is taken over: the queue only delivers what nobody renews. call.ErrNotFound when there is no such job.
func (s *Store) Claim(ctx context.Context, id, worker string) (job Job, ok bool, err error) {
	c := &claim{id: id, worker: worker}
	err = s.claims.Ask(ctx, c)
	if err == nil && len(c.row) == 0 {
		job, err = s.FindJob(ctx, id)
	} else if err == nil {
		job, err = c.row[0].job()
	}
	if err != nil {
		return Job{}, false, fmt.Errorf("claim job: %w", err)
	}
	return job, len(c.row) > 0, nil
}

// claim is one of a job by a worker.
type claim struct {
	id, worker string
	row        []jobRow // of the job when it is claimed
}

// errTwice says that one thing was asked for twice at once. Each is done by itself then.
var errTwice = errors.New("asked for twice at once")

// claim claims jobs for one worker.
func (s *Store) claim(ctx context.Context, claims []*claim) error {
	asked := make(map[string]*claim, len(claims))
	var ids []string
	for _, c := range claims {
		if asked[c.id] != nil || c.worker != claims[0].worker {
			return errTwice
		}
		asked[c.id] = c
		if !unknowable(c.id) {
			ids = append(ids, c.id)
		}
	}
	rows, err := s.changeJobs(ctx, ids, func(query *bun.UpdateQuery) {
		query.Set("state = ?", JobWorking).Set("attempts = attempts + 1").Set("worker = ?", claims[0].worker).
			Where("state IN (?)", bun.List(open))
	})
	for i, row := range rows {
		asked[row.ID].row = rows[i : i+1]
	}
	return err
}

// Finish says that the job is done and whose result it has; recording is empty for one whose data were
// deleted. Anyone who has the result may say so, also when the job was taken over or set aside meanwhile.
func (s *Store) Finish(ctx context.Context, id, recording string) error {
	if unknowable(id) {
		return nil
	}
	if err := s.finishes.Ask(ctx, ending{id, recording}); err != nil {
		return fmt.Errorf("finish job: %w", err)
	}
	return nil
}

// ending is that of a job with the ID of its recording.
type ending struct{ id, recording string }

func (s *Store) finish(ctx context.Context, endings []ending) error {
	return s.once(ctx, func(db *bun.DB) error {
		_, err := s.ended(db, endings).Exec(ctx)
		return err
	})
}

// ended returns the query that says of jobs that they are done.
func (s *Store) ended(db bun.IDB, endings []ending) *bun.UpdateQuery {
	var ids []string
	recording := strings.Repeat("WHEN ? THEN ? ", len(endings))
	var args []any
	for _, e := range endings {
		ids, args = append(ids, e.id), append(args, e.id, e.recording)
	}
	return db.NewUpdate().Model((*jobRow)(nil)).Set("updated_at_ms = ?", s.nowMS()).Set("state = ?", JobDone).
		Set("recording_id = CASE id "+recording+"END", args...).Set("metadata = ?", noMetadata).Set("reason = ''").Set("message = ''").
		Where("id IN (?)", bun.List(ids)).Where("state <> ?", JobDone)
}

// SetAside says that the claimed job failed for good, and why. It changes nothing, and ok is false, when
// another worker has claimed it since, or it is done.
func (s *Store) SetAside(ctx context.Context, claimed Job, reason, message string) (ok bool, err error) {
	return s.giveUp(ctx, claimed, JobSetAside, claimed.Attempts, reason, message)
}

// Release gives the claimed job back to the queue after a fault that may pass. It changes nothing, and ok is
// false, when another worker has claimed it since, or it is done.
func (s *Store) Release(ctx context.Context, claimed Job, reason, message string) (ok bool, err error) {
	return s.giveUp(ctx, claimed, JobQueued, claimed.Attempts, reason, message)
}

// HandBack gives the claimed job back unfinished, as a worker does that stops: the attempt does not count.
func (s *Store) HandBack(ctx context.Context, claimed Job) (ok bool, err error) {
	return s.giveUp(ctx, claimed, JobQueued, claimed.Attempts-1, claimed.Reason, claimed.Message)
}

func (s *Store) giveUp(ctx context.Context, claimed Job, to JobState, attempts int, reason, message string) (ok bool, err error) {
	_, ok, err = s.changeJob(ctx, claimed.ID, func(query *bun.UpdateQuery) {
		query.Set("state = ?", to).Set("attempts = ?", attempts).
			Set("reason = ?", reason).Set("message = ?", strings.ReplaceAll(message, "\x00", "")).
			Where("state = ?", JobWorking).Where("worker = ?", claimed.Worker).Where("attempts = ?", claimed.Attempts)
	})
	if err != nil {
		return false, fmt.Errorf("give up job: %w", err)
	}
	return ok, nil
}

// changeJob changes the one job as change says and returns it; ok is false when change's conditions do not hold.
func (s *Store) changeJob(ctx context.Context, id string, change func(*bun.UpdateQuery)) (job Job, ok bool, err error) {
	if unknowable(id) {
		return Job{}, false, nil
	}
	rows, err := s.changeJobs(ctx, []string{id}, change)
	if err != nil || len(rows) == 0 {
		return Job{}, false, err
	}
	job, err = rows[0].job()
	return job, err == nil, err
}

// changeJobs changes jobs as change says and returns those for which its conditions hold.
func (s *Store) changeJobs(ctx context.Context, ids []string, change func(*bun.UpdateQuery)) (rows []jobRow, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.once(ctx, func(db *bun.DB) error {
		rows = nil
		query := db.NewUpdate().Model((*jobRow)(nil)).Set("updated_at_ms = ?", s.nowMS()).Where("id IN (?)", bun.List(ids))
		change(query)
		return query.Returning(jobColumns).Scan(ctx, &rows)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return rows, err
}
