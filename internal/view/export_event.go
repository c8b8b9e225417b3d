package view

import "renxin/internal/staff"

// Exported is published when a file in somebody's tray reached its end: done, failed or cancelled.
type Exported struct {
	ExportID ExportID `json:"export_id"`
	OwnerID  staff.ID `json:"owner_id"`
	State    string   `json:"state"`
}

// FactName implements event.Fact.
func (Exported) FactName() string { return "view.exported" }

// FactPatient implements event.Fact.
func (Exported) FactPatient() int64 { return 0 }
