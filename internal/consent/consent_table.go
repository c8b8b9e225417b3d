package consent

import "renxin/internal/patient"

// declareTables tells what a merge does: everything moves. Decisions of both records stay in force side by side, and the
// gate takes the strictest; blocks add up; the ledger counts together.
func (s *Service) declareTables() {
	id := []string{"id"}
	s.Patient.Declare(
		patient.Table{Name: "consent_record", Key: id},
		patient.Table{Name: "consent_block", Key: id},
		patient.Table{Name: "consent_contact", Key: id},
	)
}
