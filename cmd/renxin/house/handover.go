package house

import "renxin/internal/staff"

// handOver tells staff what people hold in each room, and which columns only tell what happened: a leaver's work finds new hands, and no
// room can be forgotten, because the declarations are compared with the live schema.
func (h *House) handOver() {
	h.Staff.Work(h.Jobs)
	h.Patient.Work(h.Jobs)
	for _, room := range []interface{ Holdings() []staff.Holding }{h.View, h.Patient, h.Organization, h.Message, h.Segment, h.Followup} {
		h.Staff.Declare(room.Holdings()...)
	}
	h.Staff.Keep(
		"trail_entry.actor_id", "message_message.sender_id", "visit_encounter.doctor_id", "booking_appointment.doctor_id", "followup_note.actor_id",
		"patient_transfer.to_id", "intake_run.actor_id", "intake_rollback.actor_id", "organization_call.staff_id",
		"attachment_file.owner_id", // what the file hangs on, no person
		"view_export.owner_id",     // downloads expire by themselves
		"view_preference.staff_id", // columns and habits of the person's own lists
	)
}
