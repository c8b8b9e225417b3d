package intake

import (
	"context"
	"errors"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// previewRecords is how many records a preview judges: they share one transaction, which is then taken back.
const previewRecords = 2000

// Preview is what an import would do.
type Preview struct {
	Counts    Counts
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

// Preview judges an upload and writes nothing. Items start at the given place.
func (s *Service) Preview(ctx context.Context, id UploadID, o ReadOptions, from int) (Preview, error) {
	u, reading, err := s.FindUpload(ctx, id, o)
	if err != nil {
		return Preview{}, err
	}
	return s.previewOf(ctx, reading, uploadFeed, u.Content, from)
}

var errPreview = errors.New("intake: preview is taken back")

func (s *Service) previewOf(ctx context.Context, reading Reading, feed, content string, from int) (Preview, error) {
	var records []Record
	for r := range reading.Records {
		if len(records) == previewRecords {
			break
		}
		records = append(records, r)
	}
	p := Preview{Total: reading.Total, Ambiguous: reading.Ambiguous}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p.Counts, p.Items, p.Judged = Counts{}, nil, len(records)
		f, err := s.feed(ctx, tx, feed, FeedUpload, "")
		if err != nil {
			return err
		}
		b := batch{feed: f, content: content, charset: reading.Charset}
		for i, r := range records {
			_, o, err := s.take(ctx, tx, b, r)
			if err != nil {
				return err
			}
			p.Counts.add(o.Verdict)
			if i >= from && len(p.Items) < db.MaxLimit {
				p.Items = append(p.Items, Previewed{Ref: r.Ref, Name: textOf(r.Patient.Name), Outcome: o})
			}
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return p, err
	}
	if from+len(p.Items) < p.Judged {
		p.Next = from + len(p.Items)
	}
	return p, s.forgetFresh(ctx, p.Items)
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
