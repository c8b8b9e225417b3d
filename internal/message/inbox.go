package message

import (
	"context"
	"time"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// InboxFilter narrows the inbox.
type InboxFilter struct {
	Tab       string // mine, all or unmatched; "" = all
	PatientID patient.ID
	Open      bool // only what is not done
	Limit     int
	Cursor    string
}

// Inbox lists what came in, the latest first. Messages of unknown numbers stand only in their own tab, which has its own
// permission.
func (s *Service) Inbox(ctx context.Context, f InboxFilter) (page db.Page[Reply], err error) {
	need := PermInbox
	if f.Tab == "unmatched" {
		need = PermUnmatched
	}
	if err := access.Need(ctx, need); err != nil {
		return page, err
	}
	if f.PatientID != 0 {
		if f.PatientID, err = s.Patient.Standing(ctx, f.PatientID); err != nil {
			return page, err
		}
	}
	return pageOfReplies(ctx, s.DB.Read(ctx), f, access.From(ctx).StaffID, s.inboxScope(ctx))
}

func (s *Service) inboxScope(ctx context.Context) scoped {
	return func(q *db.Query) { s.Patient.InScope(ctx, q, "i.patient_id", "i.received_at") }
}

// Waiting counts the caller's messages that wait for somebody, for the badge; capped like every count.
func (s *Service) Waiting(ctx context.Context) (int, error) {
	if !access.From(ctx).Can(PermInbox) {
		return 0, nil
	}
	return countWaiting(ctx, s.DB.Read(ctx), access.From(ctx).StaffID, s.inboxScope(ctx))
}

// FindReply gives one incoming message in the caller's scope.
func (s *Service) FindReply(ctx context.Context, id IncomingID) (Reply, error) {
	if err := access.Need(ctx, PermInbox); err != nil {
		return Reply{}, err
	}
	r, ok, err := findIncoming(ctx, s.DB.Read(ctx), id)
	if err == nil && !ok {
		err = db.Missing()
	}
	if err != nil {
		return r, err
	}
	if r.PatientID == 0 {
		return r, access.Need(ctx, PermUnmatched)
	}
	return r, s.Patient.Visible(ctx, r.PatientID)
}

// Answer replies to an incoming message by its own thread: the same number and the same extension. It is care, and it goes
// at once, because the patient has just written.
func (s *Service) Answer(ctx context.Context, id IncomingID, text string) (ID, error) {
	var sent ID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.FindReply(ctx, id)
		if err != nil {
			return err
		}
		if r.PatientID == 0 {
			return fault.New(fault.Conflict, "message.incoming.unmatched")
		}
		contact, err := contactWith(ctx, tx, r.PatientID, r.Address)
		if err != nil {
			return err
		}
		urgent := tx.Now.Sub(r.ReceivedAt) < 12*time.Hour
		sent, err = s.Send(ctx, Draft{PatientID: r.PatientID, ContactID: contact, Purpose: consent.Care, Text: text, Urgent: urgent, Room: "message", Ref: int64(r.ID), ReplyTo: r.ID, Undo: true})
		if err != nil {
			return err
		}
		return finishReply(ctx, tx, r.ID, access.From(ctx).StaffID)
	})
	return sent, err
}

// Match says whose a message of an unknown or shared number is. An open question of that patient is answered by it.
func (s *Service) Match(ctx context.Context, id IncomingID, p patient.ID) error {
	if err := access.Need(ctx, PermHandle); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.FindReply(ctx, id)
		if err != nil {
			return err
		}
		if r.PatientID, err = s.Patient.Standing(ctx, p); err != nil {
			return err
		}
		questions, err := questionsOf(ctx, tx, r.Address, tx.Now.Add(-60*24*time.Hour))
		if err != nil {
			return err
		}
		a := onlyOpen(questions, r, tx.Now)
		r.State, r.Reason, r.Code, r.Provisional = InboxNew, "", "", false
		if a.ok && !r.OptOut {
			r.QuestionID, r.MessageID = a.MessageID, a.MessageID
			s.understand(&r, a)
		}
		if r.OwnerID, err = ownerOf(ctx, tx, r.PatientID); err != nil {
			return err
		}
		if err := matchReply(ctx, tx, r); err != nil {
			return err
		}
		if a.ok && r.Code != "" {
			if err := s.answer(ctx, tx, r, a); err != nil {
				return err
			}
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: "message.incoming.match", Entity: "message", EntityID: int64(id), PatientID: int64(r.PatientID)}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Received{IncomingID: r.ID, PatientID: r.PatientID, OwnerID: staff.ID(r.OwnerID)})
	})
}

// Done says that a message has been dealt with.
func (s *Service) Done(ctx context.Context, id IncomingID) error {
	if err := access.Need(ctx, PermHandle); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.FindReply(ctx, id); err != nil {
			return err
		}
		if err := finishReply(ctx, tx, id, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "message.incoming.update", Entity: "message", EntityID: int64(id)})
	})
}

// Questions gives the texts of the questions that replies answer, by message.
func (s *Service) Questions(ctx context.Context, ids []ID) (map[ID]string, error) {
	rows, err := textsOf(ctx, s.DB.Read(ctx), ids)
	out := map[ID]string{}
	for _, r := range rows {
		out[r.ID] = r.Text
	}
	return out, err
}
