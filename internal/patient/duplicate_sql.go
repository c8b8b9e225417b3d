package patient

import (
	"context"
	"strconv"
	"strings"

	"renxin/internal/match"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// blockCap bounds how many patients one blocking key may bring; a key that more share (a factory's switchboard) tells nothing.
const blockCap = 200

// blocked lists the patients who share a blocking key, in one question for all keys.
func blocked(ctx context.Context, tx *db.Tx, keys []match.Key) ([]ID, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	all := db.SQL("")
	for i, k := range keys {
		q := block(k)
		all.If(i > 0, "union all").Add("select * from (").Add(q.Raw(), q.Args()...).Add("limit ?) k"+strconv.Itoa(i), blockCap)
	}
	return db.Rows[ID](ctx, tx, all)
}

func block(k match.Key) *db.Query {
	part := strings.Split(k.Value, "|")
	switch k.Kind {
	case "mobile", "phone":
		return db.SQL("select c.patient_id from patient_contact c where c.number = ? and c.system = ?", k.Value, k.Kind)
	case "id":
		return db.SQL("select n.patient_id from patient_identifier n where n.value = ? and n.kind = 'id_card'", k.Value)
	case "number":
		return db.SQL("select n.patient_id from patient_identifier n where n.value = ? and n.kind = ? and n.issuer = ?", part[2], part[0], part[1])
	case "name":
		return db.SQL("select p.id from patient_patient p where "+live+" and p.pinyin = ?", k.Value)
	case "birth":
		return db.SQL("select p.id from patient_patient p where "+live+" and p.birth_date = ?", k.Value)
	}
	col := map[string]string{"name_birth": "pinyin", "address_birth": "address"}[k.Kind]
	return db.SQL("select p.id from patient_patient p where "+live+" and p.birth_date = ? and p."+col+" = ?", part[1], part[0])
}

// sameReading lists recent patients whose name is read alike, for the form that knows no more than a name yet.
func sameReading(ctx context.Context, tx *db.Tx, pinyin string) ([]ID, error) {
	return db.Rows[ID](ctx, tx, db.SQL("select p.id from patient_patient p where "+live+" and p.pinyin = ? order by p.pinyin desc, p.id desc limit 50", pinyin))
}

type pairRow struct {
	ID        PairID
	PatientID ID
	OtherID   ID
	Bits      float64
	Reasons   string
	Zone      string
}

func insertPair(ctx context.Context, tx *db.Tx, p pairRow) error {
	_, err := tx.Exec(ctx, `
		insert into patient_pair (id, patient_id, other_id, bits, reasons, zone, state, created_at, decided_by, decided_at)
		values ($1, $2, $3, $4, $5, $6, 'open', $7, null, 0)
		on conflict (patient_id, other_id) do update
		set bits = excluded.bits,
		reasons = excluded.reasons,
		zone = excluded.zone
		where patient_pair.state = 'open'`, p.ID, p.PatientID, p.OtherID, p.Bits, p.Reasons, p.Zone, tx.Now)
	return err
}

func findPair(ctx context.Context, tx *db.Tx, id PairID) (pairRow, error) {
	return db.One[pairRow](ctx, tx, `select id, patient_id, other_id, bits, reasons, zone from patient_pair where id = $1`, id)
}

func closePair(ctx context.Context, tx *db.Tx, id PairID, by int64) error {
	_, err := tx.Exec(ctx, `
		update patient_pair
		set state = 'different',
		decided_by = $1,
		decided_at = $2
		where id = $3`, none(by), tx.Now, id)
	return err
}

// pairsFrom appends the open pairs whose records both stand alone and are both in the caller's scope.
func (s *Service) pairsFrom(ctx context.Context, q *db.Query, apart bool) {
	q.Add(`from patient_pair r
		join patient_patient p on p.id = r.patient_id and ` + live + `
		join patient_patient o on o.id = r.other_id and o.merged_into is null and o.deleted_at is null
		where r.state = 'open'`)
	q.If(apart, "and r.zone in ('veto', 'mother')").If(!apart, "and r.zone in ('auto', 'review')")
	sc, now := access.ScopeOf(ctx), s.DB.Clock().Now()
	since := s.since(sc)
	q.If(since > 0, "and p.seen_at >= ? and o.seen_at >= ?", since, since)
	assigned(q, sc, "r.patient_id", now)
	assigned(q, sc, "r.other_id", now)
}

func (s *Service) openPairs(ctx context.Context, tx *db.Tx, apart bool, cursor string, limit int) ([]pairRow, error) {
	q := db.SQL("select r.id, r.patient_id, r.other_id, r.bits, r.reasons, r.zone")
	s.pairsFrom(ctx, q, apart)
	if cursor != "" {
		var bits float64
		var id int64
		if err := db.Uncursor(cursor, &bits, &id); err != nil {
			return nil, err
		}
		q.Add("and (r.bits, r.id) < (?, ?)", bits, id)
	}
	q.Add("order by r.bits desc, r.id desc limit ?", limit)
	return db.Rows[pairRow](ctx, tx, q)
}

func (s *Service) countPairs(ctx context.Context, tx *db.Tx, apart bool) (int, error) {
	q := db.SQL("select count(*) from (select 1")
	s.pairsFrom(ctx, q, apart)
	q.Add("limit ?) x", db.CountCap+1)
	n, _, err := db.FirstOf[int64](ctx, tx, q)
	return int(n), err
}
