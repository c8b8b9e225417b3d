// Package followup decides who must be contacted again, when and why (随访): templates, plans and their dates, tasks and worklists,
// red flags and their clocks. All automation gathers here.
package followup
