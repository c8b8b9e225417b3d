package message

import "renxin/internal/patient"

// declareTables tells what a merge does: everything moves with the patient, and nothing clashes.
func (s *Service) declareTables() {
	s.Patient.Declare(
		patient.Table{Name: "message_message", Key: []string{"id"}, Number: "address"},
		patient.Table{Name: "message_part", Key: []string{"message_id", "part"}},
		patient.Table{Name: "message_question", Key: []string{"message_id"}},
		patient.Table{Name: "message_incoming", Key: []string{"id"}, Number: "address"},
	)
}
