package desk

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"renxin/internal/attachment"
	"renxin/internal/patient"
	"renxin/internal/platform/fault"
)

// AttachmentPath names an attachment of a patient.
type AttachmentPath struct {
	ID           patient.ID    `path:"id"`
	AttachmentID attachment.ID `path:"attachment_id"`
}

type attachForm struct {
	File     huma.FormFile `form:"file" required:"true"`
	Title    string        `form:"title"`
	Category string        `form:"category"`
}

// maxAttachment is the largest request; the room's setting is the rule.
const maxAttachment = 201 << 20

// AttachmentRoutes are the paths of patients' attachments.
func AttachmentRoutes(s *attachment.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/attachments", Permission: attachment.PermRead, Text: "A patient's attachments, newest first"}, func(ctx context.Context, in *PatientPath) (items[attachment.File], error) {
			return listed(s.List(ctx, int64(in.ID), attachment.Patient, 0))
		})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/attachments", Permission: attachment.PermCreate, Text: "Attach a file (PDF, PNG, JPEG, WEBP, DOCX, XLSX, TXT)", MaxBytes: maxAttachment, Form: true}, func(ctx context.Context, in *struct {
			PatientPath
			RawBody huma.MultipartFormFiles[attachForm]
		}) (attachment.File, error) {
			form := in.RawBody.Data()
			if !form.File.IsSet {
				return attachment.File{}, fault.New(fault.Invalid, "attachment.file.invalid").With("file", "attachment.file.type")
			}
			defer form.File.Close()
			return s.Attach(ctx, attachment.Draft{PatientID: int64(in.ID), Name: form.File.Filename, Title: form.Title, Category: form.Category}, form.File)
		})
		addFile(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/attachments/{attachment_id}/content", Permission: attachment.PermRead, Text: "The content of an attachment; every look is recorded"}, func(ctx context.Context, in *AttachmentPath) (File, error) {
			f, c, err := s.Open(ctx, int64(in.ID), in.AttachmentID)
			if err != nil {
				return File{}, err
			}
			return fileOf(c, f.Name, f.Media), nil
		})
		add(d, Route{Method: "PATCH", Path: "/api/v1/patients/{id}/attachments/{attachment_id}", Permission: attachment.PermCreate, Text: "Change title or category"}, func(ctx context.Context, in *struct {
			AttachmentPath
			Body struct {
				Title    *string `json:"title"`
				Category *string `json:"category"`
			}
		}) (attachment.File, error) {
			return s.Update(ctx, int64(in.ID), in.AttachmentID, attachment.Patch{Title: in.Body.Title, Category: in.Body.Category})
		})
		add(d, Route{Method: "DELETE", Path: "/api/v1/patients/{id}/attachments/{attachment_id}", Permission: attachment.PermDelete, Text: "Remove an attachment; it can be brought back for 30 days"}, func(ctx context.Context, in *AttachmentPath) (None, error) {
			return None{}, s.Remove(ctx, int64(in.ID), in.AttachmentID, false)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/attachments/{attachment_id}/restore", Permission: attachment.PermDelete, Text: "Bring a removed attachment back"}, func(ctx context.Context, in *AttachmentPath) (None, error) {
			return None{}, s.Remove(ctx, int64(in.ID), in.AttachmentID, true)
		})
	}
}
