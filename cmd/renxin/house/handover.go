package house

// handOver tells staff what people hold in each room, and which columns only tell what happened: a leaver's work finds new hands, and no
// room can be forgotten, because the declarations are compared with the live schema.
func (h *House) handOver() {
	h.Staff.Work(h.Jobs)
	h.Patient.Work(h.Jobs)
	h.Staff.Declare(h.View.Holdings()...)
	h.Staff.Declare(h.Patient.Holdings()...)
	h.Staff.Declare(h.Message.Holdings()...)
	h.Staff.Declare(h.Followup.Holdings()...)
	h.Staff.Keep(
		"trail_entry.actor_id", "message_message.sender_id", "visit_encounter.doctor_id", "booking_appointment.doctor_id",
		"followup_note.actor_id", "patient_transfer.to_id",
	)
}
