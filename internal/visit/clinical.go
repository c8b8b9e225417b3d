package visit

import (
	"context"

	"renxin/internal/platform/access"
)

// Rights to clinical fields. Which of them a role holds is the role's data; whoever lacks one gets the field empty and told hidden,
// on every path.
const (
	PermDiagnosis  access.Permission = "visit.diagnosis.read_clinical"
	PermProcedure  access.Permission = "visit.procedure.read_clinical"
	PermConclusion access.Permission = "visit.report.read_clinical"
)

// hide empties text unless the caller may read it, and tells whether it did.
func hide(ctx context.Context, need access.Permission, texts ...*string) bool {
	if access.From(ctx).Can(need) {
		return false
	}
	for _, t := range texts {
		*t = ""
	}
	return true
}
