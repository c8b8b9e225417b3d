package segment

import (
	"context"
	"strings"

	"renxin/internal/consent"
	"renxin/internal/organization"
	"renxin/internal/platform/db"
	"renxin/internal/profile"
)

// belonging are the dimensions of cards, organisations and communities.
func (s *Service) belonging() []Dimension {
	told := []string{"organization"}
	return []Dimension{
		{Name: "membership", Group: "member", Takes: []string{Values, During}, Aspects: []string{"valid", "expired", "ends"}, Only: profile.Types, Need: profile.PermMembers, Daily: true, Stirred: []string{"profile"},
			Find: func(_ context.Context, n Node, w When) (Part, error) { return enrolled(n, w), nil }},
		{Name: "organization", Group: "member", Takes: []string{Values}, Needs: []string{Values}, Options: s.organizations, Check: idsOf[organization.ID], Need: organization.PermMembers, Daily: true, Stirred: told, Find: affiliated},
		{Name: "community", Group: "member", Takes: []string{Values}, Needs: []string{Values}, Options: s.communities, Check: idsOf[organization.ID], Need: organization.PermMembers, Daily: true, Stirred: told, Find: affiliated},
	}
}

// enrolled asks for a card that holds today, or that ended and none holds, or that ends within the period.
func enrolled(n Node, w When) Part {
	today := string(w.Today)
	q, types := db.SQL("true"), func(q *db.Query, col string) *db.Query {
		if len(n.Values) == 0 {
			return q
		}
		return in(q.Add("and"), col+" in", n.Values)
	}
	types(q, "t.type")
	switch n.Aspect {
	case "valid":
		q.Add("and t.valid_from <= ? and t.valid_to >= ?", today, today)
	case "expired":
		q.Add("and t.valid_to < ? and not exists (select 1 from profile_membership e where e.patient_id = t.patient_id and e.valid_from <= ? and e.valid_to >= ?", today, today, today)
		types(q, "e.type").Add(")")
	}
	if n.Aspect != "valid" || n.Period != nil {
		Days(q, "t.valid_to", w.Span(n.Period))
	}
	return Having("profile_membership t", q)
}

// affiliated asks for a membership in an organisation that holds today.
func affiliated(_ context.Context, n Node, w When) (Part, error) {
	q := in(db.SQL(""), "t.organization_id in", keys(n.Values))
	q.Add("and (t.valid_from = '' or t.valid_from <= ?) and (t.valid_to = '' or t.valid_to >= ?)", string(w.Today), string(w.Today))
	return Having("organization_member t", q), nil
}

func (s *Service) organizations(ctx context.Context, text string, values []string) ([]Option, error) {
	return organizationsNamed(ctx, s.DB.Read(ctx), text, keys(values), false)
}

func (s *Service) communities(ctx context.Context, text string, values []string) ([]Option, error) {
	return organizationsNamed(ctx, s.DB.Read(ctx), text, keys(values), true)
}

type organizationRow struct {
	ID   organization.ID
	Name string
}

func organizationsNamed(ctx context.Context, tx *db.Tx, text string, ids []int64, community bool) ([]Option, error) {
	q := db.SQL("select o.id, o.name from organization_organization o where o.deleted_at is null")
	q.If(community, "and o.kind = 'community'").If(!community && len(ids) == 0, "and o.kind <> 'community'")
	db.In(q, ids, "and o.id in (%s)")
	if text = strings.TrimSpace(text); text != "" {
		q.Add("and (o.name like ? escape '!' or o.pinyin like ? escape '!' or o.initials like ? escape '!')", like(text), like(strings.ToLower(text)), like(strings.ToLower(text)))
	}
	rows, err := db.Rows[organizationRow](ctx, tx, q.Add("order by o.name, o.id limit ?", maxOptions))
	out := make([]Option, len(rows))
	for i, r := range rows {
		out[i] = Option{r.ID.String(), r.Name}
	}
	return out, err
}

// channels that consent is asked for; every purpose can be combined with each.
var channels = []string{"sms", "call", "wechat", "email", "letter"}

// reaching are the dimensions of how a patient can be reached and what they answered.
func (s *Service) reaching() []Dimension {
	var wishes []string
	for _, p := range consent.Purposes {
		for _, c := range channels {
			wishes = append(wishes, string(p)+"/"+c)
		}
	}
	return []Dimension{
		{Name: "reachable", Group: "reach", Takes: []string{Values}, Needs: []string{Values}, Only: []string{"mobile", "phone", "email", "wechat", "qq"}, Stirred: []string{"patient"},
			Find: func(_ context.Context, n Node, _ When) (Part, error) {
				q := in(db.SQL(""), "t.system in", n.Values)
				q.Add("and not exists (select 1 from patient_wrong_number w where w.number = t.number)")
				return Part{Rows: &Rows{From: "patient_contact t", Where: q}}, nil
			}},
		{Name: "consent", Group: "reach", Takes: []string{Values}, Needs: []string{Values}, Aspects: []string{"granted", "denied", "silent"}, Only: wishes, Need: consent.PermList, Daily: true, Stirred: []string{"consent"},
			Find: func(_ context.Context, n Node, w When) (Part, error) { return consented(n, w), nil }},
		{Name: "answered", Group: "reach", Takes: []string{Values, During}, Free: true, Stirred: []string{"message"}, Need: "message.incoming.list",
			Find: func(_ context.Context, n Node, w When) (Part, error) {
				q := db.SQL("t.state = 'answered'")
				if len(n.Values) > 0 {
					q = in(q.Add("and"), "t.code in", n.Values)
				}
				return Having("message_question t", w.Instants(q, "t.created_at", w.Span(n.Period))), nil
			}},
	}
}

// consented asks what patients said about any of some purposes over some channel: a refusal in force beats a permission.
func consented(n Node, w When) Part {
	if n.Aspect == "silent" {
		q := db.SQL("")
		for i, v := range n.Values {
			purpose, channel, _ := strings.Cut(v, "/")
			q.If(i > 0, "or").Add("not exists (select 1 from consent_record t where t.patient_id = who.id and t.superseded_at = 0 and t.decision in ('granted', 'denied')")
			said(q, "t", purpose, channel, w).Add(")")
		}
		return Own(q, false)
	}
	q := db.SQL("t.superseded_at = 0 and t.decision = ? and (false", n.Aspect)
	for _, v := range n.Values {
		purpose, channel, _ := strings.Cut(v, "/")
		said(q.Add("or true"), "t", purpose, channel, w)
		if n.Aspect == "granted" {
			q.Add("and not exists (select 1 from consent_record d where d.patient_id = t.patient_id and d.superseded_at = 0 and d.decision = 'denied'")
			said(q, "d", purpose, channel, w).Add(")")
		}
	}
	return Having("consent_record t", q.Add(")"))
}

// said appends which decisions in force speak of a purpose over a channel.
func said(q *db.Query, t, purpose, channel string, w When) *db.Query {
	return q.Add("and "+t+".purpose = ? and "+t+".channel in ('any', ?) and ("+t+".until = 0 or "+t+".until > ?)", purpose, channel, w.Now)
}
