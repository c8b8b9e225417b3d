package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/crypto/argon2"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Parameters of argon2id: the second recommendation for constrained memory of RFC 9106 section 4, with OWASP's minimum of 19 MiB.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonKey     = 32
)

// CheckPassword refuses what is too easy to guess: under 10 characters, or one character repeated.
func CheckPassword(p string) error {
	rs := []rune(p)
	if len(rs) < 10 || len(p) > 200 || strings.Count(p, string(rs[0])) == len(rs) {
		return fault.New(fault.Invalid, "staff.account.password").With("password", "staff.account.password")
	}
	return nil
}

// HashPassword makes the stored form "argon2id$salt$key".
func HashPassword(p string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(p), salt, argonTime, argonMemory, argonThreads, argonKey)
	return "argon2id$" + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key), nil
}

func checkHash(stored, p string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 3 {
		parts = strings.Split("argon2id$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$") // an unknown login takes as long as a wrong password
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[1])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	got := argon2.IDKey([]byte(p), salt, argonTime, argonMemory, argonThreads, argonKey)
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(want, got) == 1
}

// SignIn checks a password. After too many failures of a login or an address it refuses for a while, right or wrong. Every
// outcome is in the trail.
func (s *Service) SignIn(ctx context.Context, login, password, address string) (Account, error) {
	keys := []string{"login:" + strings.ToLower(login), "from:" + address}
	if until, err := throttledUntil(ctx, s.DB.Read(ctx), keys, s.DB.Clock().Now()); err != nil || until != 0 {
		if err != nil {
			return Account{}, err
		}
		return Account{}, fault.New(fault.TooMany, "staff.sign_in.throttled", "minutes", int(until.Sub(s.DB.Clock().Now()).Minutes())+1)
	}
	a, err := accountByLogin(ctx, s.DB.Read(ctx), login)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Account{}, err
	}
	good := checkHash(a.PasswordHash, password) && a.State == "active"
	ctx = access.With(ctx, access.Caller{StaffID: int64(a.ID), Name: a.Name, Door: "desk", RequestID: access.From(ctx).RequestID})
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if !good {
			if err := s.countFailure(ctx, tx, keys); err != nil {
				return err
			}
			return s.Trail.Append(ctx, trail.Entry{Action: "staff.session.refuse", Entity: "staff", EntityID: int64(a.ID)})
		}
		if err := clearFailures(ctx, tx, keys); err != nil {
			return err
		}
		if err := setSeen(ctx, tx, a.ID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.session.open", Entity: "staff", EntityID: int64(a.ID)})
	})
	if err == nil && !good {
		err = fault.New(fault.Unauthorized, "staff.sign_in.wrong")
	}
	return a, err
}

func (s *Service) countFailure(ctx context.Context, tx *db.Tx, keys []string) error {
	limit := s.Setting.Int(ctx, "staff.sign_in.max_failures", 0)
	for i, k := range keys {
		n, err := addFailure(ctx, tx, k)
		if err != nil {
			return err
		}
		if over := n - limit*(1+9*i); over >= 0 { // an address stands for many people: ten times the patience
			wait := min(time.Minute<<min(over, 6), time.Hour)
			if err := setThrottle(ctx, tx, k, tx.Now.Add(wait)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Caller builds who acts: the account's role, expanded to permissions and scope. A frozen or departed account is unauthorized.
func (s *Service) Caller(ctx context.Context, id ID) (access.Caller, Account, error) {
	tx := s.DB.Read(ctx)
	a, err := findAccount(ctx, tx, id)
	if err != nil || a.State != "active" {
		return access.Caller{}, a, fault.New(fault.Unauthorized, "access.caller.missing")
	}
	r, err := findRole(ctx, tx, a.RoleID)
	if err != nil {
		return access.Caller{}, a, err
	}
	c, err := s.callerOf(ctx, tx, a, r)
	return c, a, err
}

func (s *Service) callerOf(ctx context.Context, tx *db.Tx, a Account, r Role) (access.Caller, error) {
	g := access.Grant{Reach: r.Reach, StaffID: int64(a.ID), Days: r.Days, ReadOnly: r.ReadOnly, Unassigned: r.Unassigned, Roles: r.Keys}
	if r.Reach == "division" {
		g.Reach = "department"
	}
	if a.DepartmentID != 0 && (g.Reach == "department" || g.Reach == "site") {
		ds, err := listDepartments(ctx, tx)
		if err != nil {
			return access.Caller{}, err
		}
		root := a.DepartmentID
		if r.Reach == "division" {
			root = divisionOf(ds, root)
		}
		g.Departments, g.Sites = below(ds, root)
		if r.Reach == "site" {
			g.Departments = ofSite(ds, g.Sites)
		}
	}
	c := access.Person(int64(a.ID), a.Name, r.Permissions, access.Build(g))
	c.Locale = a.Locale
	return c, nil
}

// below gives a department with all its descendants and what was merged into any of them, and its site.
func below(ds []Department, root DepartmentID) (departments, sites []int64) {
	in := map[DepartmentID]bool{root: true}
	for range ds { // parents may stand after children; a few rounds settle any depth
		grown := false
		for _, d := range ds {
			if !in[d.ID] && (d.IntoID == 0 && in[d.ParentID] || in[d.IntoID]) {
				in[d.ID], grown = true, true
			}
		}
		if !grown {
			break
		}
	}
	for _, d := range ds {
		if in[d.ID] {
			departments = append(departments, int64(d.ID))
		}
		if d.ID == root {
			sites = append(sites, int64(d.SiteID))
		}
	}
	return departments, sites
}

// divisionOf climbs to the nearest department that is a division; without one a department is its own.
func divisionOf(ds []Department, id DepartmentID) DepartmentID {
	byID := make(map[DepartmentID]Department, len(ds))
	for _, d := range ds {
		byID[d.ID] = d
	}
	for at, steps := byID[id], 0; at.ID != 0 && steps < len(ds); at, steps = byID[at.ParentID], steps+1 {
		if at.Division {
			return at.ID
		}
	}
	return id
}

// ofSite gives every department of the sites, closed ones too: their patients are still the site's.
func ofSite(ds []Department, sites []int64) []int64 {
	var out []int64
	for _, d := range ds {
		if slices.Contains(sites, int64(d.SiteID)) {
			out = append(out, int64(d.ID))
		}
	}
	return out
}

// ViewAs builds the caller that a member of role would be in the place of account, read-only, for the role editor's preview.
func (s *Service) ViewAs(ctx context.Context, account ID, role RoleID) (access.Caller, Role, error) {
	if err := access.Need(ctx, PermViewAs); err != nil {
		return access.Caller{}, Role{}, err
	}
	tx := s.DB.Read(ctx)
	a, err := findAccount(ctx, tx, account)
	if err != nil {
		return access.Caller{}, Role{}, err
	}
	if role == 0 {
		role = a.RoleID
	}
	r, err := findRole(ctx, tx, role)
	if err != nil {
		return access.Caller{}, Role{}, err
	}
	r.ReadOnly = true
	c, err := s.callerOf(ctx, tx, a, r)
	c.Name = access.From(ctx).Name + " (" + r.Code + ")"
	return c, r, err
}

// sortKey orders Chinese names by pinyin and everything else as it is.
func sortKey(name string) string {
	var b strings.Builder
	for _, r := range name {
		if p := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(p) > 0 {
			fmt.Fprintf(&b, "%s ", p[0])
			continue
		}
		b.WriteRune(r)
	}
	return strings.ToLower(strings.TrimSpace(b.String()))
}

// readingOf orders people by how their names are read, surnames as surnames (曾 zeng): "zeng li".
func readingOf(name string) string {
	if rs := identity.Pinyin(name); len(rs) > 0 {
		return strings.Join(append(append([]string{}, rs[0].Surname...), rs[0].Given...), " ")
	}
	return sortKey(name)
}

// SessionStore keeps browser sessions; it satisfies the store of the session library used by the desk door. Tokens arrive hashed.
// Sessions end by real time, whatever the hospital's clock shows: a demo that jumps a week ahead signs nobody out.
type SessionStore struct{ DB *db.DB }

// Find implements the session store.
func (s SessionStore) Find(token string) ([]byte, bool, error) {
	ctx := context.Background()
	return findSession(ctx, s.DB.Read(ctx), token, clock.At(time.Now()))
}

// slack is how late the idle time of an unchanged session may be written, so that looking at pages does not write each time.
const slack = time.Minute

// Commit implements the session store.
func (s SessionStore) Commit(token string, b []byte, expiry time.Time) error {
	ctx := context.Background()
	kept, err := sessionFresh(ctx, s.DB.Read(ctx), token, base64.StdEncoding.EncodeToString(b), clock.At(expiry.Add(-slack)))
	if err != nil || kept {
		return err
	}
	return s.DB.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return putSession(ctx, tx, token, base64.StdEncoding.EncodeToString(b), clock.At(expiry))
	})
}

// Delete implements the session store.
func (s SessionStore) Delete(token string) error {
	return s.DB.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return dropSession(ctx, tx, token) })
}

// PruneSessions removes what has expired.
func (s *Service) PruneSessions(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return pruneSessions(ctx, tx, clock.At(time.Now()))
	})
}
