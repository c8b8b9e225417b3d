package followup

import "renxin/internal/patient"

// remindedOnce settles two reminders of one appointment when two records become one: what was sent is not sent again.
func remindedOnce(survivor, other patient.Row) patient.Row {
	if survivor["state"] != "sent" && other["state"] == "sent" {
		return patient.Other(survivor, other)
	}
	return survivor
}
