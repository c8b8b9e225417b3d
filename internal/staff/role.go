package staff

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"sort"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Role is what a kind of work may do and whose data it sees.
type Role struct {
	ID          RoleID              `json:"id"`
	Code        string              `json:"code"`
	Name        string              `json:"name"`
	Reach       string              `json:"reach"` // own, department, division, site, all
	Days        int                 `json:"days"`  // only the last n days, 0 = no limit
	ReadOnly    bool                `json:"read_only"`
	Unassigned  bool                `json:"unassigned"` // also patients nobody is assigned to
	Permissions []access.Permission `json:"permissions" db:"-"`
	Version     int64               `json:"version"`
	Keys        []string            `json:"keys" db:"-"`        // the relations to a patient that count as "own"; none = every one
	Active      bool                `json:"active"`             // inactive: given to nobody any more, kept by who has it
	Stored      string              `json:"-" db:"permissions"` // JSON text of Permissions
	StoredKeys  string              `json:"-" db:"keys"`        // Keys, comma separated
	Division    bool                `json:"-"`                  // stored form of the reach "division"
	Staff       int                 `json:"staff"`              // accounts that have it
}

// Keys are the relations between a patient and who cares for them, which a role may count as "own": responsible, attending doctor,
// follow-up nurse, consultant, who referred, who answers for the employer's unit, doctor of an encounter, who has a task, department of
// an encounter or an appointment. What somebody recorded themselves and what was shared with them counts for every role.
var Keys = []string{"owner", "attending", "nurse", "consultant", "referrer", "unit", "doctor", "followup", "encounter", "appointment"}

// preset is a role as shipped; its patterns are expanded over the catalogue of the house.
type preset struct {
	code, name, reach    string
	days                 int
	readOnly, unassigned bool
	patterns             []string
}

// Parts of presets.
var (
	readAll = []string{"*.*.list", "*.*.read", "*.*.search"}
	// carer is who speaks with patients: the daily work, without merging, exporting or handing work to others.
	carer = []string{"patient.patient.read", "patient.patient.create", "patient.patient.update", "patient.patient.share", "patient.detail.reveal", "visit.encounter.read", "visit.item.*", "visit.group.read", "profile.preference.read", "profile.preference.update", "profile.membership.*", "organization.*.read",
		"message.message.*", "message.incoming.list", "message.incoming.update", "message.template.list", "followup.template.read", "followup.plan.read", "followup.task.list",
		"followup.task.update", "followup.task.create", "timeline.*.read", "booking.*.read", "segment.segment.read", "segment.segment.update", "consent.*.*", "attachment.*.*"}
	// leader also answers for others.
	leader = []string{"patient.patient.*", "patient.access.read", "visit.*.*", "profile.*.*", "organization.*.*", "message.template.*", "message.incoming.*", "segment.*.*", "followup.*.*", "view.view.*", "staff.account.list", "setting.setting.read", "job.job.read", "audit.entry.list"}
)

// presets: a system administrator runs the house but reads no clinical text, writes to nobody and reveals nobody; an auditor
// looks, three days back.
var presets = []preset{
	{"admin", "系统管理员", "all", 0, false, true, []string{"staff.*.*", "setting.*.*", "audit.*.*", "backup.*.*", "intake.*.*", "view.*.*", "field.*.*", "operation.*.*", "job.*.*", "patient.patient.read", "patient.patient.merge",
		"followup.template.*", "followup.rule.*", "followup.plan.read", "followup.task.list", "visit.group.*", "message.template.*", "message.message.list", "timeline.*.read", "booking.*.read"}},
	{"director", "院领导", "all", 0, false, true, append([]string{"*.*.read_clinical", "view.*.*"}, readAll...)},
	{"head", "科室负责人", "department", 0, false, false, slices.Concat(carer, leader)},
	{"manager", "客服科长", "all", 0, false, true, slices.Concat(carer, leader, []string{"intake.*.*", "field.*.*", "setting.dictionary.*", "view.export.*", "patient.source.*", "staff.role.list"})},
	{"nurse", "随访护士", "own", 0, false, false, slices.Concat(carer, []string{"patient.patient.export", "visit.charge.read", "visit.condition.*", "*.*.read_clinical", "followup.plan.*"})},
	{"doctor", "医生", "own", 0, false, false, slices.Concat(carer, []string{"visit.charge.read", "visit.condition.*", "*.*.read_clinical", "followup.plan.*"})},
	{"agent", "客服坐席", "all", 0, false, true, slices.Concat(carer, []string{"message.incoming.read_unassigned", "visit.diagnosis.read_clinical", "profile.preference.read_clinical"})},
	{"consultant", "咨询师", "own", 0, false, true, carer},
	{"marketing", "市场专员", "all", 0, false, true, []string{"patient.patient.read", "profile.membership.read", "organization.*.*", "segment.segment.*", "message.message.list", "message.template.*", "view.*.*"}},
	{"auditor", "审计员（只读三天）", "all", 3, true, true, readAll},
}

func expand(patterns []string, catalogue []access.Permission) []access.Permission {
	var out []access.Permission
	for _, p := range catalogue {
		for _, pat := range patterns {
			if ok, _ := path.Match(strings.ReplaceAll(pat, ".", "/"), strings.ReplaceAll(string(p), ".", "/")); ok {
				out = append(out, p)
				break
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// EnsureRoles creates the shipped roles that are missing; it never changes one that a hospital has edited.
func (s *Service) EnsureRoles(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, p := range presets {
			if _, ok, err := roleByCode(ctx, tx, p.code); err != nil || ok {
				if err != nil {
					return err
				}
				continue
			}
			r := Role{ID: db.New[roleKind](s.DB), Code: p.code, Name: p.name, Reach: p.reach, Days: p.days, ReadOnly: p.readOnly, Unassigned: p.unassigned, Permissions: expand(p.patterns, s.catalogue), Active: true, Version: 1}
			if err := insertRole(ctx, tx, r.packed()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r Role) packed() Role {
	if r.Permissions == nil {
		r.Permissions = []access.Permission{}
	}
	b, _ := json.Marshal(r.Permissions) // strings always encode
	r.Stored, r.StoredKeys = string(b), strings.Join(r.Keys, ",")
	if r.Division = r.Reach == "division"; r.Division {
		r.Reach = "department"
	}
	return r
}

func (r Role) unpacked() (Role, error) {
	if r.Division {
		r.Reach = "division"
	}
	r.Keys = []string{}
	if r.StoredKeys != "" {
		r.Keys = strings.Split(r.StoredKeys, ",")
	}
	err := json.Unmarshal([]byte(r.Stored), &r.Permissions)
	return r, err
}

// Roles lists all roles.
func (s *Service) Roles(ctx context.Context) ([]Role, error) {
	if err := access.Need(ctx, PermRoleList); err != nil {
		return nil, err
	}
	rows, err := listRoles(ctx, s.DB.Read(ctx))
	for i := range rows {
		if err == nil {
			rows[i], err = rows[i].unpacked()
		}
	}
	return rows, err
}

// RoleByCode finds a shipped or own role.
func (s *Service) RoleByCode(ctx context.Context, code string) (Role, error) {
	r, ok, err := roleByCode(ctx, s.DB.Read(ctx), code)
	if err == nil && !ok {
		err = db.Missing()
	}
	if err != nil {
		return Role{}, err
	}
	return r.unpacked()
}

// RolePatch changes what is not nil.
type RolePatch struct {
	Version     int64
	Name        *string
	Reach       *string
	Days        *int
	ReadOnly    *bool
	Unassigned  *bool
	Permissions *[]access.Permission
	Keys        *[]string
	Active      *bool
}

// Apply makes the changes of p.
func (r *Role) Apply(p RolePatch) {
	set(&r.Name, p.Name)
	set(&r.Reach, p.Reach)
	set(&r.Days, p.Days)
	set(&r.ReadOnly, p.ReadOnly)
	set(&r.Unassigned, p.Unassigned)
	set(&r.Permissions, p.Permissions)
	set(&r.Keys, p.Keys)
	set(&r.Active, p.Active)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *Service) validateRole(r Role) error {
	f := fault.New(fault.Invalid, "staff.role.invalid")
	if strings.TrimSpace(r.Name) == "" {
		f.With("name", "staff.field.required")
	}
	if !slices.Contains([]string{"own", "department", "division", "site", "all"}, r.Reach) {
		f.With("reach", "staff.field.required")
	}
	if r.Days < 0 || r.Days > 3650 {
		f.With("days", "staff.role.days")
	}
	for _, k := range r.Keys {
		if !slices.Contains(Keys, k) {
			f.With("keys", "staff.role.key_unknown")
		}
	}
	known := map[access.Permission]bool{}
	for _, p := range s.catalogue {
		known[p] = true
	}
	for _, p := range r.Permissions {
		if !known[p] {
			f.With("permissions", "staff.role.permission_unknown", "permission", string(p))
		}
	}
	return f.Or()
}

// CreateRole adds a role.
func (s *Service) CreateRole(ctx context.Context, r Role) (RoleID, error) {
	if err := access.Need(ctx, PermRoleUpdate); err != nil {
		return 0, err
	}
	if err := s.validateRole(r); err != nil {
		return 0, err
	}
	r.ID, r.Active, r.Version = db.New[roleKind](s.DB), true, 1
	if r.Code == "" {
		r.Code = r.ID.String()
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertRole(ctx, tx, r.packed()); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.role.create", Entity: "role", EntityID: int64(r.ID), Detail: r})
	})
	return r.ID, err
}

// UpdateRole changes a role; it holds for everybody who has it from their next request on.
func (s *Service) UpdateRole(ctx context.Context, id RoleID, p RolePatch) error {
	if err := access.Need(ctx, PermRoleUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := findRole(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Version != p.Version {
			return db.Stale(r)
		}
		before := r
		r.Apply(p)
		if err := s.validateRole(r); err != nil {
			return err
		}
		r.Version++
		if err := updateRole(ctx, tx, r.packed()); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.role.update", Entity: "role", EntityID: int64(id), Detail: map[string]any{"from": before, "to": r}})
	})
}

// RoleNames maps role keys to names.
func (s *Service) RoleNames(ctx context.Context) (map[RoleID]string, error) {
	rows, err := listRoles(ctx, s.DB.Read(ctx))
	out := map[RoleID]string{}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}
