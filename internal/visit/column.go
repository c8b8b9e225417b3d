package visit

import (
	"context"

	"renxin/internal/patient"
)

// extendLists gives lists of patients and their exports what the last encounter says, and lets them be kept to those with a diagnosis of a
// condition group.
func (s *Service) extendLists() {
	s.Patient.AddColumns(patient.Columns{Keys: []string{"department", "doctor", "diagnosis"}, Load: func(ctx context.Context, ids []patient.ID) (map[patient.ID][]string, error) {
		last, err := s.LastFor(ctx, ids)
		out := make(map[patient.ID][]string, len(last))
		for id, l := range last {
			out[id] = []string{l.Department, l.Doctor, l.Diagnosis}
		}
		return out, err
	}})
	s.Patient.NarrowBy("condition_group", func(ctx context.Context, key int64) (patient.Set, error) {
		filter, err := s.InGroup(ctx, GroupID(key))
		return patient.Set{Filter: filter}, err
	})
}
