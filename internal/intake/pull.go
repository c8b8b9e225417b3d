package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// FeedSQL is a view of another database that we read by schedule.
const FeedSQL = "sql"

// Limits of a pull.
const (
	pullOverlap  = 10 * time.Minute // changes this much older than the newest taken are asked for once more: their transactions may have ended late
	maxPullRows  = 200_000
	maxPullPause = 7 * 24 * 60
)

// markLayout is how adapters write moments.
const markLayout = "2006-01-02 15:04:05.999999"

// Pull is a feed that we fetch: where, what, how often, and how far we are.
type Pull struct {
	FeedID   FeedID
	Name     string // of the feed
	Driver   string
	Host     string
	Port     int
	Database string `db:"database_name"`
	Account  string
	Sealed   string `db:"password"`

	Encryption     string
	View           string `db:"view_name"`
	KeyColumn      string
	ChangedColumn  string // "" = the whole view each time
	Stored         string `db:"options"`
	EveryMinutes   int
	RowCap         int
	TimeoutSeconds int

	Mark       string
	MarkKey    string
	Unfinished bool
	Pass       int64
	NextAt     clock.Instant
	LastError  string // text key, "" when the last pull went well
	Seen       int    // rows read by the last pull
	Gone       int    // rows that had vanished from the view at the last whole walk; their patients stay as they are
	Version    int64
	CreatedAt  clock.Instant
	CreatedBy  int64
	UpdatedAt  clock.Instant

	Options ReadOptions `db:"-"` // mapping, date order, issuer
}

// PullInput is what an administrator says of a pull. An empty password keeps the stored one, unless the host or the account changed.
type PullInput struct {
	FeedID         FeedID // of an existing pull
	Name           string
	Source         Source
	View           string
	KeyColumn      string
	ChangedColumn  string
	Read           ReadOptions
	EveryMinutes   int
	RowCap         int
	TimeoutSeconds int
	Version        int64
}

// Drivers lists the engines we know.
func (s *Service) Drivers(ctx context.Context) ([]Driver, error) {
	if err := access.Need(ctx, PermFeedUpdate); err != nil {
		return nil, err
	}
	return s.Puller.Drivers(), nil
}

// Pull finds one pull by its feed. The password is never given back.
func (s *Service) Pull(ctx context.Context, id FeedID) (Pull, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return Pull{}, err
	}
	p, err := findPull(ctx, s.DB.Read(ctx), id)
	p.Sealed = ""
	return p, err
}

// connect opens the database of a draft, with the stored password where none is typed.
func (s *Service) connect(ctx context.Context, in PullInput) (Database, error) {
	if err := access.Need(ctx, PermFeedUpdate); err != nil {
		return nil, err
	}
	sealed, err := s.password(ctx, in)
	if err != nil {
		return nil, err
	}
	if in.Source.Password, err = s.Secret.Unseal(sealed); err != nil {
		return nil, fault.New(fault.Invalid, "intake.pull.password_lost").With("password", "intake.pull.password_lost")
	}
	in.Source.Timeout = time.Duration(in.TimeoutSeconds) * time.Second
	return s.Puller.Open(ctx, in.Source)
}

// password is the sealed password of a draft. A stored one goes to the host and account it was stored for only.
func (s *Service) password(ctx context.Context, in PullInput) (string, error) {
	if in.Source.Password != "" {
		return s.Secret.Seal(in.Source.Password), nil
	}
	missing := fault.New(fault.Invalid, "intake.pull.no_password").With("password", "intake.pull.no_password")
	if in.FeedID == 0 {
		return "", missing
	}
	p, err := findPull(ctx, s.DB.Read(ctx), in.FeedID)
	if err != nil {
		return "", err
	}
	if p.Driver != in.Source.Driver || p.Host != in.Source.Host || p.Port != in.Source.Port || p.Account != in.Source.Account {
		return "", missing
	}
	return p.Sealed, nil
}

// TestPull connects and lists the views.
func (s *Service) TestPull(ctx context.Context, in PullInput) ([]string, error) {
	d, err := s.connect(ctx, in)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Views(ctx)
}

// DraftPull is what a view holds and how its columns are understood.
type DraftPull struct {
	Columns []ViewColumn
	Reading Reading
	Preview Preview
}

// previewRows is how many rows of a view are shown before anything is taken.
const previewRows = 50

// PreviewPull reads the first rows of a view and judges them. Nothing is written.
func (s *Service) PreviewPull(ctx context.Context, in PullInput) (DraftPull, error) {
	d, err := s.connect(ctx, in)
	if err != nil {
		return DraftPull{}, err
	}
	defer d.Close()
	var out DraftPull
	if out.Columns, err = d.Columns(ctx, in.View); err != nil {
		return out, err
	}
	if in.KeyColumn == "" && len(out.Columns) > 0 {
		in.KeyColumn = out.Columns[0].Name
	}
	columns, _, err := arrange(out.Columns, in.KeyColumn, "", nil)
	if err != nil {
		return out, err
	}
	rows, err := d.Page(ctx, PageQuery{View: in.View, Columns: columns, Limit: previewRows})
	if err != nil {
		return out, err
	}
	raw, err := asTable(columns, rows)
	if err != nil {
		return out, err
	}
	in.Read.Header = true
	if out.Reading, err = s.openAs(ctx, "table", raw, in.Read); err != nil {
		return out, err
	}
	out.Preview, err = s.previewOf(ctx, out.Reading, draftFeed, contentHash(raw), "", 0)
	return out, err
}

// draftFeed stands for a feed that is not made yet; its preview is taken back with it.
const draftFeed = "draft"

// arrange puts the key first and keeps the columns that feed something; no mapping keeps all.
func arrange(all []ViewColumn, key, changed string, mapping map[string]string) (out []ViewColumn, mark ViewColumn, err error) {
	at := slices.IndexFunc(all, func(c ViewColumn) bool { return c.Name == key })
	if at < 0 {
		return nil, mark, fault.New(fault.Invalid, "intake.pull.key_unknown").With("key_column", "intake.pull.key_unknown")
	}
	out = append(out, all[at])
	for i, c := range all {
		if c.Name == changed {
			mark = c
		}
		if i != at && (len(mapping) == 0 || mapping[c.Name] != "") {
			out = append(out, c)
		}
	}
	if changed != "" && mark.Name == "" {
		return nil, mark, fault.New(fault.Invalid, "intake.pull.changed_unknown").With("changed_column", "intake.pull.changed_unknown")
	}
	return out, mark, nil
}

// asTable writes rows as the small table that every other table of ours is, so that one dictionary, one reader and one staging serve all.
func asTable(columns []ViewColumn, rows []PulledRow) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Name
	}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, r := range rows {
		cells := slices.Clone(r.Cells)
		for i := range cells { // a NUL is padding of old systems; broken characters must not change how the rest is read
			cells[i] = strings.ToValidUTF8(strings.TrimSpace(strings.ReplaceAll(cells[i], "\x00", "")), "\ufffd")
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (r PulledRow) hash() string {
	h := sha256.New()
	for _, c := range r.Cells {
		b, _ := json.Marshal(c) // a string
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// SavePull makes a pull or changes one, after a look whether the view can be read. Another view or another mapping starts over.
func (s *Service) SavePull(ctx context.Context, in PullInput) (Pull, error) {
	if err := in.validate(); err != nil {
		return Pull{}, err
	}
	d, err := s.connect(ctx, in)
	if err != nil {
		return Pull{}, err
	}
	all, err := d.Columns(ctx, in.View)
	if err = errors.Join(err, d.Close()); err != nil {
		return Pull{}, err
	}
	if _, _, err := arrange(all, in.KeyColumn, in.ChangedColumn, in.Read.Mapping); err != nil {
		return Pull{}, err
	}
	sealed, err := s.password(ctx, in)
	if err != nil {
		return Pull{}, err
	}
	var p Pull
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if in.FeedID == 0 {
			p, err = s.addPull(ctx, tx, in, sealed)
		} else {
			p, err = s.changePull(ctx, tx, in, sealed)
		}
		if err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermFeedUpdate), Entity: "feed", EntityID: int64(p.FeedID),
			Detail: map[string]any{"driver": p.Driver, "host": p.Host, "view": p.View, "every_minutes": p.EveryMinutes}})
	})
	p.Sealed = ""
	return p, err
}

func (s *Service) addPull(ctx context.Context, tx *db.Tx, in PullInput, sealed string) (Pull, error) {
	name := label(strings.TrimSpace(in.Name), 100)
	if _, taken, err := feedByName(ctx, tx, name); err != nil || taken {
		if err == nil {
			err = fault.New(fault.Invalid, "intake.hook.name_taken").With("name", "intake.hook.name_taken")
		}
		return Pull{}, err
	}
	f, err := s.feed(ctx, tx, name, FeedSQL, in.Source.Host)
	if err != nil {
		return Pull{}, err
	}
	p := Pull{FeedID: f.ID, Name: f.Name, CreatedAt: tx.Now, CreatedBy: access.From(ctx).StaffID, NextAt: tx.Now, Pass: 1}
	p.take(in, sealed, tx.Now)
	return p, insertPull(ctx, tx, p)
}

func (s *Service) changePull(ctx context.Context, tx *db.Tx, in PullInput, sealed string) (Pull, error) {
	p, err := findPull(ctx, tx, in.FeedID)
	if err != nil {
		return p, err
	}
	if p.Version != in.Version {
		return p, fault.New(fault.Conflict, "intake.hook.changed")
	}
	before := p
	p.take(in, sealed, tx.Now)
	if p.View != before.View || p.KeyColumn != before.KeyColumn || p.ChangedColumn != before.ChangedColumn || p.Stored != before.Stored {
		p.Mark, p.MarkKey, p.Unfinished, p.Pass = "", "", false, p.Pass+1
		if err := forgetPulled(ctx, tx, p.FeedID); err != nil {
			return p, err
		}
	}
	p.NextAt = tx.Now
	return p, updatePull(ctx, tx, p)
}

func (p *Pull) take(in PullInput, sealed string, now clock.Instant) {
	p.Driver, p.Host, p.Port, p.Database, p.Account, p.Encryption = in.Source.Driver, in.Source.Host, in.Source.Port, in.Source.Database, in.Source.Account, in.Source.Encryption
	p.Sealed, p.View, p.KeyColumn, p.ChangedColumn = sealed, in.View, in.KeyColumn, in.ChangedColumn
	p.EveryMinutes, p.RowCap, p.TimeoutSeconds = in.EveryMinutes, in.RowCap, in.TimeoutSeconds
	p.Options = ReadOptions{Mapping: in.Read.Mapping, DateOrder: in.Read.DateOrder, Issuer: in.Read.Issuer, Header: true}
	p.Stored, p.UpdatedAt, p.Version = encode(p.Options), now, p.Version+1
}

func (in *PullInput) validate() error {
	wrong := fault.New(fault.Invalid, "intake.pull.invalid")
	if strings.TrimSpace(in.Name) == "" && in.FeedID == 0 {
		wrong.With("name", "intake.hook.no_name")
	}
	if in.View == "" {
		wrong.With("view", "intake.pull.view_unknown")
	}
	if !slices.Contains([]string{"", "off", "on", "verified"}, in.Source.Encryption) {
		wrong.With("encryption", "intake.pull.invalid")
	}
	if in.Source.Encryption == "" {
		in.Source.Encryption = "off"
	}
	for _, x := range []struct {
		value              *int
		usual, least, most int
		field              string
	}{{&in.EveryMinutes, 5, 1, maxPullPause, "every_minutes"}, {&in.RowCap, 50_000, 50, maxPullRows, "row_cap"}, {&in.TimeoutSeconds, 30, 1, 600, "timeout_seconds"}} {
		if *x.value == 0 {
			*x.value = x.usual
		}
		if *x.value < x.least || *x.value > x.most {
			wrong.With(x.field, "intake.pull.range")
		}
	}
	if in.Source.Port < 0 || in.Source.Port > 65535 {
		wrong.With("port", "intake.pull.range")
	}
	return wrong.Or()
}

// RunPull asks for a pull now.
func (s *Service) RunPull(ctx context.Context, id FeedID) error {
	if err := access.Need(ctx, PermFeedUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := findPull(ctx, tx, id); err != nil {
			return err
		}
		if err := duePull(ctx, tx, id, tx.Now); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.feed.run", Entity: "feed", EntityID: int64(id)})
	})
}
