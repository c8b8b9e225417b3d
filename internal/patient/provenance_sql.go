package patient

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func findProvenance(ctx context.Context, tx *db.Tx, id ID, source string) (string, bool, error) {
	return db.First[string](ctx, tx, `
		select fields
		from patient_provenance
		where patient_id = $1
		and source = $2`, id, source)
}

func putProvenance(ctx context.Context, tx *db.Tx, id ID, source, fields string, at clock.Instant) error {
	_, err := tx.Exec(ctx, `
		insert into patient_provenance (patient_id, source, fields, at)
		values ($1, $2, $3, $4)
		on conflict (patient_id, source) do update
		set fields = excluded.fields,
		at = excluded.at`, id, source, fields, at)
	return err
}

const proposalColumns = `id, patient_id, field, value, source, at`

func proposalsOf(ctx context.Context, tx *db.Tx, id ID) ([]Proposal, error) {
	return db.List[Proposal](ctx, tx, `
		select `+proposalColumns+`
		from patient_proposal
		where patient_id = $1
		and state = 'open'
		order by id`, id)
}

func findProposal(ctx context.Context, tx *db.Tx, id ID, proposal ProposalID) (Proposal, error) {
	return db.One[Proposal](ctx, tx, `
		select `+proposalColumns+`
		from patient_proposal
		where patient_id = $1
		and id = $2`, id, proposal)
}

func insertProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, err := tx.Exec(ctx, `
		insert into patient_proposal (id, patient_id, field, value, source, at, state, decided_by, decided_at)
		values ($1, $2, $3, $4, $5, $6, 'open', null, 0)`, p.ID, p.PatientID, p.Field, p.Value, p.Source, p.At)
	return err
}

// dropProposals closes older open proposals of a field before a newer one.
func dropProposals(ctx context.Context, tx *db.Tx, id ID, field, source string) error {
	_, err := tx.Exec(ctx, `
		delete from patient_proposal
		where patient_id = $1
		and field = $2
		and source = $3
		and state = 'open'`, id, field, source)
	return err
}

func closeProposal(ctx context.Context, tx *db.Tx, id ID, proposal ProposalID, state string, by int64) (int64, error) {
	return tx.Exec(ctx, `
		update patient_proposal
		set state = $1,
		decided_by = $2,
		decided_at = $3
		where patient_id = $4
		and id = $5
		and state = 'open'`, state, none(by), tx.Now, id, proposal)
}
