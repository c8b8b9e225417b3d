package patient

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Identifier is a number of a patient. Document numbers are masked when they leave the room, hospital numbers are shown.
type Identifier struct {
	ID        IdentifierID            `json:"id"`
	PatientID ID                      `json:"-"`
	Kind      identity.IdentifierKind `json:"kind"`
	Issuer    string                  `json:"issuer"` // assigning authority; "" for documents of the state
	Value     string                  `json:"value"`
	Source    string                  `json:"-"`
	CreatedAt clock.Instant           `json:"-"`
}

// IdentifierInput is a number as typed.
type IdentifierInput struct {
	Kind   string
	Issuer string
	Value  string
}

// Masked is the number as it may leave the room.
func (n Identifier) Masked() Identifier {
	if n.Kind.Personal() {
		n.Value = identity.MaskID(n.Value)
	}
	return n
}

func readIdentifiers(in []IdentifierInput, wrong *fault.Error) []Identifier {
	var out []Identifier
	for i, x := range in {
		if strings.TrimSpace(x.Value) == "" {
			continue
		}
		n, problem := readIdentifier(x)
		if problem != "" {
			wrong.With(fmt.Sprintf("identifiers.%d.value", i), problem)
			continue
		}
		n.Source = "hand"
		out = append(out, n)
	}
	return out
}

// readIdentifier normalises a number; problem is a text key.
func readIdentifier(x IdentifierInput) (n Identifier, problem string) {
	n = Identifier{Kind: identity.IdentifierKind(x.Kind), Issuer: clean(x.Issuer), Value: NormalNumber(x.Value)}
	if !n.Kind.Valid() {
		return n, "patient.identifier.kind_unknown"
	}
	if len(n.Value) > 64 || n.Value == "" {
		return n, "patient.identifier.malformed"
	}
	switch n.Kind {
	case identity.KindIDCard:
		c, p := identity.ParseIDCard(x.Value)
		if p != "" {
			return n, "patient.id_card." + string(p)
		}
		n.Value = c.Number
	case identity.KindPassport, identity.KindPermit:
		v, ok := identity.ParseDocument(n.Kind, x.Value)
		if !ok {
			return n, "patient.identifier.malformed"
		}
		n.Value = v
	}
	if n.Kind.Personal() {
		n.Issuer = ""
	}
	return n, ""
}

// NormalNumber brings a hospital number into its one form: half-width, upper case, no spaces. Leading zeros belong to the number.
func NormalNumber(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
}

// inOrder sorts numbers, so that two who record the same new person at once wait for each other instead of each for the other's number.
func inOrder(ns []Identifier) []Identifier {
	return slices.SortedFunc(slices.Values(ns), func(a, b Identifier) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Issuer, b.Issuer), cmp.Compare(a.Value, b.Value))
	})
}

// addIdentifier adds a number unless the patient has it. A hospital number of somebody else is a conflict.
func addIdentifier(ctx context.Context, tx *db.Tx, n Identifier) error {
	if n.Issuer != "" { // the index knows, and most numbers are new
		if fresh, err := insertIdentifier(ctx, tx, n); fresh || err != nil {
			return err
		}
	}
	have, err := numbersByValue(ctx, tx, n.Kind, n.Issuer, n.Value)
	if err != nil {
		return err
	}
	for _, h := range have {
		if h.PatientID == n.PatientID {
			return nil
		}
	}
	if n.Issuer != "" {
		return fault.New(fault.Conflict, "patient.identifier.taken")
	}
	_, err = insertIdentifier(ctx, tx, n)
	return err
}

// AddIdentifier adds a number to a patient.
func (s *Service) AddIdentifier(ctx context.Context, id ID, in IdentifierInput) (Detail, error) {
	return s.edit(ctx, id, "patient.identifier.create", "identifiers", func(ctx context.Context, tx *db.Tx, id ID) error {
		n, problem := readIdentifier(in)
		if problem != "" {
			return fault.New(fault.Invalid, "patient.patient.invalid").With("value", problem)
		}
		n.ID, n.PatientID, n.Source, n.CreatedAt = db.New[numberKind](s.DB), id, "hand", tx.Now
		return addIdentifier(ctx, tx, n)
	})
}

// RemoveIdentifier takes a number away from a patient.
func (s *Service) RemoveIdentifier(ctx context.Context, id ID, number IdentifierID) (Detail, error) {
	return s.edit(ctx, id, "patient.identifier.delete", "identifiers", func(ctx context.Context, tx *db.Tx, id ID) error {
		return deleteIdentifier(ctx, tx, id, number)
	})
}
