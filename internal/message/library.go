package message

import (
	"context"
	_ "embed"
	"strings"

	"renxin/internal/consent"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

//go:embed library.tsv
var library string

// families are the purposes of the shipped families: holiday 节日, instruction 注意事项, tip 小帖士, review 复查, season 季节.
var families = map[string]consent.Purpose{
	"holiday": consent.Notice, "instruction": consent.Care, "tip": consent.Care, "review": consent.Care, "season": consent.Care,
}

// Library lists the shipped templates, approved, without keys.
func Library() []Template {
	var list []Template
	for line := range strings.Lines(library) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		family, _, _ := strings.Cut(f[0], ".")
		list = append(list, Template{Code: f[0], Name: f[1], Family: family, Purpose: families[family], Text: f[2], State: "approved", Version: 1})
	}
	return list
}

// EnsureTemplates adds the shipped templates whose code has never been used. What a hospital changed, retired or deleted
// stays as it is.
func (s *Service) EnsureTemplates(ctx context.Context) error {
	if err := access.Need(ctx, PermTemplateUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		codes, err := templateCodes(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range Library() {
			if codes[t.Code] {
				continue
			}
			t.ID = db.New[templateKind](s.DB)
			if err := insertTemplate(ctx, tx, t, 0); err != nil {
				return err
			}
			if err := insertTemplateVersion(ctx, tx, t, 0); err != nil {
				return err
			}
		}
		return nil
	})
}
