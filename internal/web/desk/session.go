package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"html/template"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// Keys of session values.
const (
	sessStaff     = "staff"
	sessStamp     = "stamp"
	sessViewRole  = "view_role"
	sessViewStaff = "view_staff"
)

func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Store = staff.SessionStore{DB: o.Staff.DB}
	m.HashTokenInStore = true
	ctx := context.Background()
	m.Lifetime = time.Duration(o.Setting.Int(ctx, "staff.session.hours", 0)) * time.Hour
	m.IdleTimeout = time.Duration(o.Setting.Int(ctx, "staff.session.idle_minutes", 0)) * time.Minute
	m.Cookie.Name = "renxin_session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = !o.Insecure
	return m
}

var signInTemplate = template.Must(template.New("sign-in").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.T.title}} · {{.Hospital}}</title>
<link rel="stylesheet" href="/static/login.css">
<link rel="icon" href="/static/mark.svg" type="image/svg+xml">
</head>
<body>
<main>
<form method="post" action="/sign-in" class="card">
<p class="brand">仁心 <span>Renxin</span></p>
<h1>{{.Hospital}}</h1>
{{if .Next}}<input type="hidden" name="next" value="{{.Next}}">{{end}}
{{if .Error}}<p class="error" role="alert">{{.Error}}</p>{{end}}
<label for="login">{{.T.login}}</label>
<input id="login" name="login" value="{{.Login}}" autocomplete="username" required autofocus>
<label for="password">{{.T.password}}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">{{.T.submit}}</button>
<p class="foot"><a href="/sign-in?lang={{.Other}}{{if .Next}}&amp;next={{.Next}}{{end}}" lang="{{.Other}}">{{.T.other}}</a></p>
</form>
{{if .Demo}}<section class="demo" aria-label="{{.T.demo}}">
<h2>{{.T.demo}}</h2>
<p>{{.T.demo_text}}</p>
<table><tbody>{{range .Demo}}<tr><td>{{.Name}}</td><td>{{.Post}}</td><td><code>{{.Login}}</code></td><td><code>{{.Password}}</code></td></tr>{{end}}</tbody></table>
</section>{{end}}
</main>
</body>
</html>
`))

func (d *Door) signInPage(w http.ResponseWriter, r *http.Request) {
	if access.From(r.Context()).StaffID != 0 {
		http.Redirect(w, r, cmp.Or(next(r), "/"), http.StatusSeeOther)
		return
	}
	d.renderSignIn(w, r, http.StatusOK, "", "")
}

func (d *Door) renderSignIn(w http.ResponseWriter, r *http.Request, status int, login, message string) {
	ctx := r.Context()
	l := lang.From(ctx)
	if q := r.URL.Query().Get("lang"); q != "" {
		l = lang.Parse(q)
	}
	t := map[string]string{}
	for _, k := range []string{"title", "login", "password", "submit", "other", "demo", "demo_text"} {
		t[k] = lang.Text(l, "desk.sign_in."+k, nil)
	}
	other := "en"
	if l == lang.EN {
		other = "zh-CN"
	}
	b := make([]byte, 16)
	rand.Read(b) // never fails since Go 1.24
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", d.Policy(base64.StdEncoding.EncodeToString(b)))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	signInTemplate.Execute(w, map[string]any{"Lang": string(l), "Other": other, "T": t, "Hospital": d.Setting.Text(ctx, "setting.hospital.name", 0), "Login": login, "Next": next(r), "Error": message, "Demo": d.Demo})
}

func (d *Door) signIn(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	login, password := r.PostFormValue("login"), r.PostFormValue("password")
	a, err := d.Staff.SignIn(ctx, login, password, address(r))
	if err != nil {
		p := problem(ctx, err)
		d.renderSignIn(w, r, p.Status, login, p.Detail)
		return
	}
	if err := d.sessions.RenewToken(ctx); err != nil {
		p := problem(ctx, err)
		d.renderSignIn(w, r, p.Status, login, p.Detail)
		return
	}
	d.sessions.Put(ctx, sessStaff, int64(a.ID))
	d.sessions.Put(ctx, sessStamp, stamp(a))
	http.Redirect(w, r, cmp.Or(next(r), "/"), http.StatusSeeOther)
}

// next is the page somebody wanted before signing in: a path of this server and nothing else, "" when there is none. Browsers read a
// backslash as a slash, and drop tabs and line ends, so that neither may stand in it.
func next(r *http.Request) string {
	to := r.FormValue("next")
	if len(to) > 2000 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/sign-in") || strings.ContainsFunc(to, func(c rune) bool { return c == '\\' || c < ' ' }) {
		return ""
	}
	return to
}

// Me is who is signed in and what they may do.
type Me struct {
	ID          staff.ID            `json:"id"`
	Name        string              `json:"name"`
	Login       string              `json:"login"`
	Locale      string              `json:"locale"`
	Role        Named               `json:"role"`
	Permissions []access.Permission `json:"permissions"`
	Scope       MeScope             `json:"scope"`
	Department  Named               `json:"department"`
	Hospital    Hospital            `json:"hospital"`
	Demo        bool                `json:"demo"`
	ViewAs      string              `json:"view_as"` // name of the role looked through, "" normally
	Badges      map[string]int      `json:"badges"`
}

// Named is a key with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// MeScope is whose data is seen.
type MeScope struct {
	Reach    string `json:"reach"`
	Days     int    `json:"days"`
	ReadOnly bool   `json:"read_only"`
}

// Hospital is where we are.
type Hospital struct {
	Name string `json:"name"`
	Zone string `json:"zone"`
}

func (d *Door) meRoutes() {
	add(d, Route{Method: "GET", Path: "/api/v1/me", Own: true, Text: "Who is signed in"}, func(ctx context.Context, _ *struct{}) (Me, error) { return d.me(ctx) })
	add(d, Route{Method: "PUT", Path: "/api/v1/me/locale", Own: true, Text: "Choose the language of the pages"}, func(ctx context.Context, in *struct {
		Body struct {
			Locale string `json:"locale"`
		}
	}) (None, error) {
		return None{}, d.Staff.SetLocale(ctx, in.Body.Locale)
	})
	add(d, Route{Method: "PUT", Path: "/api/v1/me/password", Own: true, Text: "Change the own password"}, func(ctx context.Context, in *struct {
		Body struct {
			Current string `json:"current"`
			Next    string `json:"next"`
		}
	}) (None, error) {
		return None{}, d.changePassword(ctx, in.Body.Current, in.Body.Next)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/session/sign-out", Own: true, Text: "Sign out"}, func(ctx context.Context, _ *struct{}) (None, error) {
		return None{}, d.sessions.Destroy(ctx)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/session/view-as", Permission: staff.PermViewAs, Text: "Look at the product as another role or person sees it, read-only"}, func(ctx context.Context, in *struct {
		Body struct {
			RoleID  staff.RoleID `json:"role_id"`
			StaffID staff.ID     `json:"staff_id"`
		}
	}) (None, error) {
		return None{}, d.viewAs(ctx, in.Body.StaffID, in.Body.RoleID)
	})
	add(d, Route{Method: "DELETE", Path: "/api/v1/session/view-as", Own: true, Text: "Be oneself again"}, func(ctx context.Context, _ *struct{}) (None, error) {
		d.sessions.Remove(ctx, sessViewRole)
		d.sessions.Remove(ctx, sessViewStaff)
		return None{}, nil
	})
}

func (d *Door) me(ctx context.Context) (Me, error) {
	c := access.From(ctx)
	a, err := d.Staff.Find(ctx, staff.ID(d.sessions.GetInt64(ctx, sessStaff)))
	if err != nil {
		return Me{}, err
	}
	r, err := d.Staff.RoleNames(ctx)
	if err != nil {
		return Me{}, err
	}
	names, err := d.Staff.DepartmentNames(ctx, []staff.DepartmentID{a.DepartmentID})
	if err != nil {
		return Me{}, err
	}
	perms := c.Permissions()
	sort.Slice(perms, func(i, j int) bool { return perms[i] < perms[j] })
	me := Me{ID: a.ID, Name: a.Name, Login: a.Login, Locale: a.Locale, Role: Named{a.RoleID.String(), r[a.RoleID]}, Permissions: perms,
		Scope:      MeScope{Days: c.Scope().Days(), ReadOnly: c.Scope().ReadOnly(), Reach: reach(c.Scope())},
		Department: Named{a.DepartmentID.String(), names[a.DepartmentID]},
		Hospital:   Hospital{d.Setting.Text(ctx, "setting.hospital.name", 0), d.Staff.DB.Clock().Zone().String()},
		Demo:       d.Demo != nil, Badges: d.Badges(ctx)}
	if role := d.sessions.GetInt64(ctx, sessViewRole); role != 0 {
		me.ViewAs = r[staff.RoleID(role)]
	} else if as := d.sessions.GetInt64(ctx, sessViewStaff); as != 0 {
		n, err := d.Staff.Names(ctx, []staff.ID{staff.ID(as)})
		if err != nil {
			return Me{}, err
		}
		me.ViewAs = n[staff.ID(as)]
	}
	return me, nil
}

func reach(s access.Scope) string {
	switch {
	case s.All():
		return "all"
	case s.Sites() != nil:
		return "site"
	case s.Departments() != nil:
		return "department"
	}
	return "own"
}

func (d *Door) changePassword(ctx context.Context, current, next string) error {
	id := staff.ID(d.sessions.GetInt64(ctx, sessStaff))
	a, err := d.Staff.Find(ctx, id)
	if err != nil {
		return err
	}
	if _, err := d.Staff.SignIn(ctx, a.Login, current, "own"); err != nil {
		if fault.Is(err, fault.Unauthorized) {
			return fault.New(fault.Invalid, "staff.sign_in.wrong").With("current", "staff.sign_in.wrong")
		}
		return err
	}
	if err := d.Staff.SetPassword(ctx, id, next); err != nil {
		return err
	}
	if a, err = d.Staff.Find(ctx, id); err == nil {
		d.sessions.Put(ctx, sessStamp, stamp(a)) // this browser stays signed in
	}
	return err
}

func (d *Door) viewAs(ctx context.Context, as staff.ID, role staff.RoleID) error {
	self := staff.ID(d.sessions.GetInt64(ctx, sessStaff))
	target := as
	if target == 0 {
		target = self
	}
	if _, _, err := d.Staff.ViewAs(ctx, target, role); err != nil {
		return err
	}
	d.sessions.Put(ctx, sessViewRole, int64(role))
	d.sessions.Put(ctx, sessViewStaff, int64(as))
	return nil
}
