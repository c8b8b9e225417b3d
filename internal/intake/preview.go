package intake

import (
	"context"
	"errors"
	"maps"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// previewRecords is how many records a preview judges. Each chunk has a transaction of its own, which is then taken back, so that others
// can write in between. A person who stands in several chunks is recognised by the numbers.
const previewRecords = 2000

// Preview is what an import would do.
type Preview struct {
	Counts    Counts
	Warned    int // rows that would be taken although something in them is doubtful
	Judged    int // records judged; fewer than Total for a large file
	Total     int
	Items     []Previewed
	Next      int // place of the next item, 0 at the end
	Ambiguous []Column
}

// Previewed is the judgement of one record.
type Previewed struct {
	Ref  string
	Name string // of the record
	Outcome
}

// Warned, asked for in place of a verdict, means the rows that are taken although something in them is doubtful.
const Warned Verdict = "warned"

// Preview judges an upload and writes nothing. Items are those of one verdict, where one is asked for, from the given place on.
func (s *Service) Preview(ctx context.Context, id UploadID, o ReadOptions, only Verdict, from int) (Preview, error) {
	u, reading, err := s.FindUpload(ctx, id, o)
	if err != nil {
		return Preview{}, err
	}
	return s.previewOf(ctx, reading, uploadFeed, u.Content, only, from)
}

var errPreview = errors.New("intake: preview is taken back")

func (s *Service) previewOf(ctx context.Context, reading Reading, feed, content string, only Verdict, from int) (Preview, error) {
	var records []Record
	for r := range reading.Records {
		if len(records) == previewRecords {
			break
		}
		records = append(records, r)
	}
	p := Preview{Total: reading.Total, Ambiguous: reading.Ambiguous}
	shown := 0
	seen, met := map[heldKey]Message{}, map[Identifier]bool{}
	for part := range slices.Chunk(records, chunk) {
		verdicts, err := s.previewChunk(ctx, reading, feed, content, part, seen)
		if err != nil {
			return p, err
		}
		for i, o := range verdicts {
			if o.Verdict == Added && !newcomer(part[i].Patient.Identifiers, met) {
				o.Verdict = Updated
			}
			p.Counts.add(o.Verdict)
			p.Judged++
			if o.Verdict != Rejected && o.Verdict != Review && len(o.Reasons) > 0 {
				p.Warned++
			}
			if only != "" && only != o.Verdict && (only != Warned || o.Verdict == Rejected || o.Verdict == Review || len(o.Reasons) == 0) {
				continue
			}
			if shown++; shown > from && len(p.Items) < db.MaxLimit {
				p.Items = append(p.Items, Previewed{Ref: part[i].Ref, Name: textOf(part[i].Patient.Name), Outcome: o})
			}
		}
	}
	if from+len(p.Items) < shown {
		p.Next = from + len(p.Items)
	}
	return p, s.forgetFresh(ctx, p.Items)
}

// newcomer tells that none of a new person's numbers was met in the file before, and remembers them.
func newcomer(ids []Identifier, met map[Identifier]bool) bool {
	fresh := true
	for _, id := range ids {
		fresh = fresh && !met[id]
	}
	for _, id := range ids {
		met[id] = true
	}
	return fresh
}

// previewChunk judges records in one transaction that is taken back. seen holds the rows of the chunks before, so that a row that is
// repeated anywhere in the file counts once.
func (s *Service) previewChunk(ctx context.Context, reading Reading, feed, content string, records []Record, seen map[heldKey]Message) (verdicts []Outcome, err error) {
	var b batch
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		verdicts = verdicts[:0]
		f, err := s.feed(ctx, tx, feed, FeedUpload, "")
		if err != nil {
			return err
		}
		b = batch{feed: f, content: content, charset: reading.Charset}
		if err := b.hold(ctx, tx, records); err != nil {
			return err
		}
		maps.Copy(b.held, seen)
		for _, r := range records {
			_, o, err := s.take(ctx, tx, b, r)
			if err != nil {
				return err
			}
			verdicts = append(verdicts, o)
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, err
	}
	maps.Copy(seen, b.held)
	return verdicts, nil
}

// forgetFresh drops the keys of persons whom only the preview knew.
func (s *Service) forgetFresh(ctx context.Context, items []Previewed) error {
	var ids []patient.ID
	for _, i := range items {
		if i.PatientID != 0 {
			ids = append(ids, i.PatientID)
		}
	}
	known, err := s.Patient.VisibleIDs(ctx, ids)
	if err != nil {
		return err
	}
	keep := make(map[patient.ID]bool, len(known))
	for _, id := range known {
		keep[id] = true
	}
	for i := range items {
		if !keep[items[i].PatientID] {
			items[i].PatientID = 0
		}
	}
	return nil
}

func textOf(t Text) string {
	if t == nil {
		return ""
	}
	return *t
}
