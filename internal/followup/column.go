package followup

import (
	"context"

	"renxin/internal/patient"
)

// extendLists gives lists of patients and their exports the next follow-up: its day and title.
func (s *Service) extendLists() {
	s.Patient.AddColumns(patient.Columns{Keys: []string{"next"}, Load: func(ctx context.Context, ids []patient.ID) (map[patient.ID][]string, error) {
		next, err := s.NextFor(ctx, ids)
		out := make(map[patient.ID][]string, len(next))
		for id, n := range next {
			out[id] = []string{string(s.DB.Clock().Date(n.DueAt)) + " " + n.Title}
		}
		return out, err
	}})
}
