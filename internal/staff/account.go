package staff

import (
	"context"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Account is a person who works here and may sign in.
type Account struct {
	ID           ID            `json:"id"`
	Login        string        `json:"login"`
	Code         string        `json:"code"` // HIS code of the doctor or nurse, "" when none
	Name         string        `json:"name"`
	Pinyin       string        `json:"-"` // sort key
	PasswordHash string        `json:"-"`
	RoleID       RoleID        `json:"role_id"`
	DepartmentID DepartmentID  `json:"department_id"`
	Post         string        `json:"post"`      // nurse head_nurse doctor head agent consultant marketing director admin auditor
	Languages    string        `json:"languages"` // spoken besides Mandarin, comma separated ("yue,en")
	Locale       string        `json:"locale"`    // language of the pages: zh-CN, en
	State        string        `json:"state"`     // active, frozen, left
	AbsentFrom   clock.Instant `json:"absent_from"`
	AbsentUntil  clock.Instant `json:"absent_until"`
	SeenAt       clock.Instant `json:"last_seen_at"`
	CreatedAt    clock.Instant `json:"created_at"`
	Version      int64         `json:"version"`
}

// Posts are the kinds of work that rules assign to.
var Posts = []string{"nurse", "head_nurse", "doctor", "head", "agent", "consultant", "marketing", "director", "admin", "auditor"}

// Absent reports whether the person is away at an instant.
func (a Account) Absent(at clock.Instant) bool {
	return a.AbsentFrom != 0 && a.AbsentFrom <= at && (a.AbsentUntil == 0 || at < a.AbsentUntil)
}

// Input is a new account.
type Input struct {
	Login        string
	Code         string
	Name         string
	Password     string
	RoleID       RoleID
	DepartmentID DepartmentID
	Post         string
	Languages    string
}

func (in Input) validate() error {
	f := fault.New(fault.Invalid, "staff.account.invalid")
	if len(in.Login) < 2 || strings.ContainsAny(in.Login, " \t\n/") {
		f.With("login", "staff.account.login")
	}
	if strings.TrimSpace(in.Name) == "" {
		f.With("name", "staff.field.required")
	}
	if in.RoleID == 0 {
		f.With("role_id", "staff.field.required")
	}
	if !known(in.Post) {
		f.With("post", "staff.field.required")
	}
	if err := CheckPassword(in.Password); err != nil {
		f.With("password", "staff.account.password")
	}
	return f.Or()
}

func known(post string) bool {
	for _, p := range Posts {
		if p == post {
			return true
		}
	}
	return false
}

// Create adds an account.
func (s *Service) Create(ctx context.Context, in Input) (ID, error) {
	if err := access.Need(ctx, PermCreate); err != nil {
		return 0, err
	}
	if err := in.validate(); err != nil {
		return 0, err
	}
	hash, err := HashPassword(in.Password)
	if err != nil {
		return 0, err
	}
	a := Account{ID: db.New[accountKind](s.DB), Login: in.Login, Code: in.Code, Name: in.Name, Pinyin: readingOf(in.Name), PasswordHash: hash, RoleID: in.RoleID,
		DepartmentID: in.DepartmentID, Post: in.Post, Languages: in.Languages, Locale: "zh-CN", State: "active", Version: 1}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a.CreatedAt = tx.Now
		if err := s.placeable(ctx, tx, Account{}, a); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, a); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "staff.account.login_taken").With("login", "staff.account.login_taken")
			}
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.account.create", Entity: "staff", EntityID: int64(a.ID), Detail: map[string]any{"login": a.Login, "role_id": a.RoleID, "post": a.Post}})
	})
	return a.ID, err
}

// Find gives one account.
func (s *Service) Find(ctx context.Context, id ID) (Account, error) {
	return findAccount(ctx, s.DB.Read(ctx), id)
}

// ByCode maps a HIS code to an account.
func (s *Service) ByCode(ctx context.Context, code string) (ID, bool, error) {
	if code == "" {
		return 0, false, nil
	}
	return accountByCode(ctx, s.DB.Read(ctx), code)
}

// ByLogin finds an account by its sign-in name.
func (s *Service) ByLogin(ctx context.Context, login string) (Account, error) {
	return accountByLogin(ctx, s.DB.Read(ctx), login)
}

// Filter narrows List.
type Filter struct {
	Text         string // part of name, pinyin or login
	State        string
	DepartmentID DepartmentID
	Limit        int
	Cursor       string
}

// List gives accounts by name.
func (s *Service) List(ctx context.Context, f Filter) (db.Page[Account], error) {
	if err := access.Need(ctx, PermList); err != nil {
		return db.Page[Account]{}, err
	}
	f.Limit = db.Limit(f.Limit)
	tx := s.DB.Read(ctx)
	rows, err := listAccounts(ctx, tx, f)
	if err != nil {
		return db.Page[Account]{}, err
	}
	n, err := countAccounts(ctx, tx, f)
	return db.Cut(rows, f.Limit, db.Capped(n), func(a Account) string { return db.Cursor(a.Pinyin, int64(a.ID)) }), err
}

// Member is an account as work is assigned to it.
type Member struct {
	ID           ID
	Name         string
	Pinyin       string // "lin jing", for type-ahead fields
	Post         string
	DepartmentID DepartmentID
	Languages    []string
	Absent       bool
}

// Members lists the active accounts of a department, 0 = of all, in a stable order; who is handing over to leave is none of them.
func (s *Service) Members(ctx context.Context, department DepartmentID) ([]Member, error) {
	tx := s.DB.Read(ctx)
	rows, err := activeAccounts(ctx, tx, department)
	out := make([]Member, 0, len(rows))
	for _, a := range rows {
		m := Member{ID: a.ID, Name: a.Name, Pinyin: a.Pinyin, Post: a.Post, DepartmentID: a.DepartmentID, Absent: a.Absent(tx.Now)}
		if a.Languages != "" {
			m.Languages = strings.Split(a.Languages, ",")
		}
		out = append(out, m)
	}
	return out, err
}

// Patch changes what is not nil.
type Patch struct {
	Version      int64
	Name         *string
	RoleID       *RoleID
	DepartmentID *DepartmentID
	Post         *string
	Languages    *string
	State        *string
	AbsentFrom   *clock.Instant
	AbsentUntil  *clock.Instant
}

// Update changes an account. Freezing or leaving ends every session at its next request and publishes staff.left; a change
// of absence publishes staff.absent.
func (s *Service) Update(ctx context.Context, id ID, p Patch) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := findAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Version != p.Version {
			return db.Stale(a)
		}
		before := a
		if err := a.apply(p); err != nil {
			return err
		}
		if access.From(ctx).StaffID == int64(id) && (a.State != before.State || a.RoleID != before.RoleID) {
			return fault.New(fault.Invalid, "staff.account.own_rights")
		}
		if err := s.placeable(ctx, tx, before, a); err != nil {
			return err
		}
		a.Version++
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		if err := s.tell(ctx, before, a); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.account.update", Entity: "staff", EntityID: int64(id), Detail: map[string]any{"from": before, "to": a}})
	})
}

// placeable refuses a newly chosen role or department that is no longer in use; what an account has had stays.
func (s *Service) placeable(ctx context.Context, tx *db.Tx, before, a Account) error {
	f := fault.New(fault.Invalid, "staff.account.invalid")
	if a.RoleID != before.RoleID {
		r, err := findRole(ctx, tx, a.RoleID)
		if err != nil {
			return err
		}
		if !r.Active {
			f.With("role_id", "staff.role.inactive")
		}
	}
	if a.DepartmentID != before.DepartmentID && a.DepartmentID != 0 {
		d, err := findDepartment(ctx, tx, a.DepartmentID)
		if err != nil {
			return err
		}
		if !d.Active {
			f.With("department_id", "staff.account.department_closed")
		}
	}
	return f.Or()
}

func (a *Account) apply(p Patch) error {
	set(&a.Name, p.Name)
	a.Pinyin = readingOf(a.Name)
	set(&a.RoleID, p.RoleID)
	set(&a.DepartmentID, p.DepartmentID)
	set(&a.Post, p.Post)
	set(&a.Languages, p.Languages)
	set(&a.State, p.State)
	set(&a.AbsentFrom, p.AbsentFrom)
	set(&a.AbsentUntil, p.AbsentUntil)
	f := fault.New(fault.Invalid, "staff.account.invalid")
	if strings.TrimSpace(a.Name) == "" {
		f.With("name", "staff.field.required")
	}
	if !known(a.Post) {
		f.With("post", "staff.field.required")
	}
	if a.State != "active" && a.State != "frozen" && a.State != "left" {
		f.With("state", "staff.field.required")
	}
	if a.AbsentUntil != 0 && a.AbsentUntil <= a.AbsentFrom {
		f.With("absent_until", "staff.account.absence")
	}
	return f.Or()
}

func (s *Service) tell(ctx context.Context, before, now Account) error {
	if before.State == "active" && now.State != "active" {
		if err := s.Board.Publish(ctx, Left{now.ID}); err != nil {
			return err
		}
	}
	if before.AbsentFrom != now.AbsentFrom || before.AbsentUntil != now.AbsentUntil {
		return s.Board.Publish(ctx, Absent{now.ID})
	}
	return nil
}

// SetLocale remembers the language a person reads.
func (s *Service) SetLocale(ctx context.Context, locale string) error {
	if locale != "zh-CN" && locale != "en" {
		return fault.New(fault.Invalid, "staff.account.invalid").With("locale", "staff.field.required")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return setLocale(ctx, tx, ID(access.From(ctx).StaffID), locale)
	})
}

// SetPassword replaces a password; the person's sessions end.
func (s *Service) SetPassword(ctx context.Context, id ID, password string) error {
	if access.From(ctx).StaffID != int64(id) {
		if err := access.Need(ctx, PermUpdate); err != nil {
			return err
		}
	}
	if err := CheckPassword(password); err != nil {
		return err
	}
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setPassword(ctx, tx, id, hash); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.account.password", Entity: "staff", EntityID: int64(id)})
	})
}
