package message

import (
	"context"
	"maps"
	"slices"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// look reads everything that composing the batch needs, in a handful of statements whatever its size.
func (b *batch) look(ctx context.Context) error {
	b.signature = b.s.Setting.Text(ctx, "setting.hospital.signature", 0)
	b.priceLi = b.s.Setting.Int(ctx, "message.sms.price_li", 0)
	for _, step := range []func(context.Context) error{b.check, b.resolve, b.visible, b.earlier, b.people, b.loadTemplates, b.openQuestions} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// check refuses drafts that no reading can mend.
func (b *batch) check(context.Context) error {
	for i := range b.drafts {
		d := &b.drafts[i]
		if d.Channel == "" {
			d.Channel = "sms"
		}
		bad := fault.New(fault.Invalid, "message.draft.malformed")
		if d.Channel != "sms" {
			bad.With("channel", "message.draft.channel")
		}
		if d.PatientID == 0 {
			bad.With("patient_id", "message.draft.patient")
		}
		if !slices.Contains(consent.Purposes, d.Purpose) {
			bad.With("purpose", "message.draft.purpose")
		}
		if d.Text == "" && d.TemplateCode == "" {
			bad.With("text", "message.draft.text")
		}
		if len([]rune(d.Text)) > maxText {
			bad.With("text", "message.draft.long", "max", maxText)
		}
		if q := d.Question; q != nil && (len(q.Codes) == 0 || q.ExpiresAt <= b.tx.Now) {
			bad.With("question", "message.draft.question")
		}
		if err := bad.Or(); err != nil {
			return err
		}
	}
	return nil
}

const maxText = 1000 // letters; fifteen parts

func (b *batch) ids() []patient.ID {
	ids := make([]patient.ID, len(b.drafts))
	for i, d := range b.drafts {
		ids[i] = d.PatientID
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// resolve follows merges.
func (b *batch) resolve(ctx context.Context) error {
	merged, err := mergedPatients(ctx, b.tx, b.ids())
	if err != nil || len(merged) == 0 {
		return err
	}
	for i, d := range b.drafts {
		if !slices.Contains(merged, d.PatientID) {
			continue
		}
		if b.drafts[i].PatientID, err = b.s.Patient.Resolve(ctx, d.PatientID); err != nil {
			return err
		}
	}
	return nil
}

// visible refuses a batch that reaches beyond the caller's scope.
func (b *batch) visible(ctx context.Context) error {
	if access.From(ctx).IsSystem() {
		return nil
	}
	ids := b.ids()
	seen, err := b.s.Patient.VisibleIDs(ctx, ids)
	if err == nil && len(seen) < len(ids) {
		err = db.Missing()
	}
	return err
}

// earlier finds drafts whose key was used before. The patients' turn is taken first, so that of two transactions with one
// key the second sees the first's message.
func (b *batch) earlier(ctx context.Context) error {
	if db.InTx(ctx) { // a preview reads only
		if err := b.s.Consent.Turn(ctx, b.ids()); err != nil {
			return err
		}
	}
	type place struct {
		key string
		id  patient.ID
	}
	at := map[place]int{}
	keys := []string{}
	for i, d := range b.drafts {
		if d.Key == "" {
			continue
		}
		if first, twice := at[place{d.Key, d.PatientID}]; twice {
			return fault.New(fault.Conflict, "message.draft.key_twice", "first", first)
		}
		at[place{d.Key, d.PatientID}] = i
		keys = append(keys, d.Key)
	}
	rows, err := messagesByKey(ctx, b.tx, keys)
	for _, r := range rows {
		if i, ok := at[place{r.Key, r.PatientID}]; ok {
			b.list[i] = Sent{ID: r.ID, State: r.State, Reason: r.Reason, Earlier: true}
		}
	}
	return err
}

// people finds where each draft goes, by its purpose: a child's to the mother where she is designated.
func (b *batch) people(ctx context.Context) error {
	b.reaches = map[consent.Purpose]map[patient.ID]patient.Reach{}
	for _, purpose := range consent.Purposes {
		var ids []patient.ID
		for _, d := range b.drafts {
			if d.Purpose == purpose {
				ids = append(ids, d.PatientID)
			}
		}
		slices.Sort(ids)
		reaches := map[patient.ID]patient.Reach{}
		for part := range slices.Chunk(slices.Compact(ids), together) {
			some, err := b.s.Patient.Reaches(ctx, part, purpose)
			if err != nil {
				return err
			}
			maps.Copy(reaches, some)
		}
		b.reaches[purpose] = reaches
	}
	names, err := patientNames(ctx, b.tx, b.ids())
	b.names = map[patient.ID]string{}
	for _, n := range names {
		b.names[n.ID] = n.Name
	}
	return err
}

const together = 256 // patients whose numbers are read in one go

// reach is where a draft goes, without a contact point of its own choice.
func (b *batch) reach(d Draft) patient.Reach { return b.reaches[d.Purpose][d.PatientID] }

// greeting is what {{name}} says: the patient's name, or 王小宝妈妈 where the text goes to the mother.
func (b *batch) greeting(d Draft) string {
	if d.ContactID != 0 {
		return b.names[d.PatientID]
	}
	return b.reach(d).Greeting(b.names[d.PatientID])
}

func (b *batch) loadTemplates(ctx context.Context) error {
	codes := []string{}
	for _, d := range b.drafts {
		if d.Text == "" && !slices.Contains(codes, d.TemplateCode) {
			codes = append(codes, d.TemplateCode)
		}
	}
	b.templates = map[string]Template{}
	list, err := approvedTemplates(ctx, b.tx, codes)
	for _, t := range list {
		b.templates[t.Code] = t
	}
	return err
}

func (b *batch) openQuestions(ctx context.Context) error {
	b.taken = map[string]bool{}
	addresses := []string{}
	for _, d := range b.drafts {
		if number := b.reach(d).Contact.Number; d.Question != nil && number != "" {
			addresses = append(addresses, number)
		}
	}
	list, err := openExtensions(ctx, b.tx, addresses)
	for _, q := range list {
		b.taken[q.Address+" "+q.Extension] = true
	}
	return err
}
