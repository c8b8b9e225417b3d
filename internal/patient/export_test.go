package patient

import (
	"context"
	"encoding/json"
	"strings"
)

// exported reads a list as an export writes it, one line a patient.
func (h house) exported(ctx context.Context, f Filter, unmasked bool) (string, error) {
	h.t.Helper()
	request, err := json.Marshal(exportRequest{f, OwnColumns})
	h.must(err)
	sheet, err := h.sheet(ctx, string(request), unmasked)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = sheet.Each(ctx, func(cells []string) error { _, err := b.WriteString(strings.Join(cells, "|") + "\n"); return err })
	return b.String(), err
}
