package desk

import (
	"context"

	"renxin/internal/message"
)

// TemplateInput is a template as typed; Version is the one that is being replaced.
type TemplateInput struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Family  string `json:"family"`
	Purpose string `json:"purpose"`
	Text    string `json:"text"`
	State   string `json:"state"`
	Version int64  `json:"version"`
}

func (t TemplateInput) template(id message.TemplateID) message.Template {
	return message.Template{ID: id, Code: t.Code, Name: t.Name, Family: t.Family, Purpose: t.Purpose, Text: t.Text, State: t.State, Version: t.Version}
}

func (r messageDoor) templateRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/message-templates", Permission: message.PermTemplateList, Text: "Message templates by family"}, func(ctx context.Context, _ *struct{}) (items[message.Template], error) {
		return listed(r.Templates(ctx))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/message-templates", Permission: message.PermTemplateUpdate, Text: "Add a template"}, func(ctx context.Context, in *struct{ Body TemplateInput }) (message.Template, error) {
		id, err := r.CreateTemplate(ctx, in.Body.template(0))
		if err != nil {
			return message.Template{}, err
		}
		return r.FindTemplate(ctx, id)
	})
	add(d, Route{Method: "PUT", Path: "/api/v1/message-templates/{id}", Permission: message.PermTemplateUpdate, Text: "Change, approve or retire a template"}, func(ctx context.Context, in *struct {
		ID   message.TemplateID `path:"id"`
		Body TemplateInput
	}) (message.Template, error) {
		if err := r.UpdateTemplate(ctx, in.Body.template(in.ID)); err != nil {
			return message.Template{}, err
		}
		return r.FindTemplate(ctx, in.ID)
	})
}
