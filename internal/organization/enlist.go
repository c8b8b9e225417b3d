package organization

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Verdict is what became of one line of a list of members.
type Verdict string

// The verdicts.
const (
	Added     Verdict = "added"
	Already   Verdict = "already"
	NotFound  Verdict = "not_found" // nobody in the caller's scope has the number
	Ambiguous Verdict = "ambiguous" // several patients have it
)

// Enlisted is one line with its verdict.
type Enlisted struct {
	Line    int     `json:"line"` // from 1
	Number  string  `json:"number"`
	Verdict Verdict `json:"verdict"`
}

// Roll is what became of a list.
type Roll struct {
	Added   int        `json:"added"`
	Already int        `json:"already"`
	Missing []Enlisted `json:"missing"` // the lines nobody was found for, or several
}

// mostLines bounds one list; enlistAtOnce one transaction.
const (
	mostLines    = 20_000
	enlistAtOnce = 500
)

// Enlist makes members of the patients whose hospital numbers stand in a list, one per line; what stands behind a number, separated by a
// tab or comma, is the member's number at the organisation. Lines whose number nobody or several have are given back.
func (s *Service) Enlist(ctx context.Context, id ID, list string, in MemberInput) (Roll, error) {
	out := Roll{Missing: []Enlisted{}}
	if err := access.Need(ctx, PermEditMembers); err != nil {
		return out, err
	}
	if _, err := find(ctx, s.read(ctx), id); err != nil {
		return out, err
	}
	if err := in.check(&Member{}, s.DB.Clock().Today()); err != nil {
		return out, err
	}
	type line struct {
		n               int
		number, theirID string
	}
	var lines []line
	for i, l := range strings.Split(list, "\n") {
		number, theirID, _ := strings.Cut(strings.NewReplacer("\t", ",", "，", ",", ";", ",").Replace(strings.TrimSpace(l)), ",")
		if number = strings.TrimSpace(number); number != "" {
			lines = append(lines, line{i + 1, number, strings.TrimSpace(theirID)})
		}
	}
	if len(lines) > mostLines {
		return out, fault.New(fault.TooLarge, "organization.member.too_many", "limit", mostLines)
	}
	for part := range slices.Chunk(lines, enlistAtOnce) {
		var found Roll
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			found = Roll{}
			for _, l := range part {
				one := in
				if l.theirID != "" {
					one.Number = l.theirID
				}
				v, err := s.enlist(ctx, tx, id, l.number, one)
				if err != nil {
					return err
				}
				switch v {
				case Added:
					found.Added++
				case Already:
					found.Already++
				default:
					found.Missing = append(found.Missing, Enlisted{l.n, l.number, v})
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		out.Added, out.Already, out.Missing = out.Added+found.Added, out.Already+found.Already, append(out.Missing, found.Missing...)
	}
	return out, nil
}

// enlist makes the one patient with a number a member.
func (s *Service) enlist(ctx context.Context, tx *db.Tx, id ID, number string, in MemberInput) (Verdict, error) {
	ids, err := withNumber(ctx, tx, number)
	if err != nil {
		return "", err
	}
	var standing []patient.ID
	for _, p := range ids {
		if p, err = s.Patient.Standing(ctx, p); fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if !slices.Contains(standing, p) {
			standing = append(standing, p)
		}
	}
	switch len(standing) {
	case 0:
		return NotFound, nil
	case 1:
	default:
		return Ambiguous, nil
	}
	known, err := membersAmong(ctx, tx, id, standing)
	if err != nil {
		return "", err
	}
	today := s.DB.Clock().Today()
	if len(known) > 0 && (known[0].ValidTo == "" || known[0].ValidTo >= today) && (in.Number == "" || in.Number == known[0].Number) {
		return Already, nil
	}
	return Added, s.SetMember(ctx, id, standing[0], in)
}

// kinds by which members are looked up: the hospital's own numbers, then documents.
var numberKinds = []identity.IdentifierKind{identity.KindCard, identity.KindOutpatient, identity.KindInpatient, identity.KindCheckup, identity.KindHealthCard, identity.KindIDCard}
