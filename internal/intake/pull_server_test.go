package intake_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"renxin/internal/adapter/sqlpull"
	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// server is a view in a real database, over a table in a scratch schema of its own.
type server struct {
	t      *testing.T
	db     *sql.DB
	schema string
	at     intake.Source
}

func (s *server) exec(text string, args ...any) {
	s.t.Helper()
	if _, err := s.db.Exec(text, args...); err != nil {
		s.t.Fatal(err, text)
	}
}

func (s *server) put(key int, name, changed string) {
	s.remove(key)
	s.exec(fmt.Sprintf("insert into %s.person (id, name, upd) values (%d, %s, nullif(%s, ''))", s.schema, key, quoted(name), quoted(changed)))
}

func (s *server) remove(key int) {
	s.exec("delete from " + s.schema + ".person where id = " + strconv.Itoa(key))
}
func (s *server) source() intake.Source { return s.at }
func (s *server) view() string          { return s.schema + ".v_person" }

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

var loopback = sqlpull.Puller{Allow: func(context.Context) string { return "127.0.0.0/8" }}

// pgServer is the PostgreSQL of the tests.
type pgServer struct{ server }

func (s *pgServer) put(key int, name, changed string) {
	s.remove(key)
	s.exec(fmt.Sprintf("insert into %s.person (id, name, upd) values (%d, %s, cast(nullif(%s, '') as timestamp))", s.schema, key, quoted(name), quoted(changed)))
}

func newPostgres(t *testing.T, kind string) *pgServer {
	link := os.Getenv("RENXIN_TEST_PG")
	if link == "" {
		t.Skip("no PostgreSQL: set RENXIN_TEST_PG to the URL that scripts/postgres prints")
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	d, err := sql.Open("pgx", link)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	if password == "" {
		password = "trust"
	}
	s := &pgServer{server{t: t, db: d, schema: fmt.Sprintf("pull_%d_%s", os.Getpid(), kind),
		at: intake.Source{Driver: "postgres", Host: u.Hostname(), Port: port, Database: strings.TrimPrefix(u.Path, "/"), Account: u.User.Username(), Password: password}}}
	s.exec("create schema " + s.schema)
	t.Cleanup(func() {
		s.exec("drop schema " + s.schema + " cascade")
		d.Close()
	})
	s.exec("create table " + s.schema + ".person (id bigint primary key, name text, upd " + kind + ")")
	s.exec(`create view ` + s.schema + `.v_person as select id as "病人ID", name as "姓名", '女' as "性别", upd from ` + s.schema + `.person`)
	return s
}

func TestIN01_PostgresView(t *testing.T) {
	for _, kind := range []string{"timestamp", "timestamptz"} {
		t.Run(kind, func(t *testing.T) { followChanges(t, newPostgres(t, kind), loopback) })
	}
	t.Run("whole", func(t *testing.T) { walkWhole(t, newPostgres(t, "timestamp"), loopback) })
}

func TestPostgresIsReadOnlyAndSaysWhatIsWrong(t *testing.T) {
	s := newPostgres(t, "timestamp")
	d, err := loopback.Open(t.Context(), s.source())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	views, err := d.Views(t.Context())
	if err != nil || !slices.Contains(views, s.view()) {
		t.Errorf("%v not among the views: %v", s.view(), err)
	}
	s.exec("create function " + s.schema + ".writes() returns text language sql as $$ insert into " + s.schema + ".person values (99) returning 'x' $$")
	s.exec("create view " + s.schema + ".v_evil as select " + s.schema + ".writes() as id")
	_, err = d.Page(t.Context(), intake.PageQuery{View: s.schema + ".v_evil", Columns: []intake.ViewColumn{{Name: "id"}}, Limit: 1})
	if fault.KeyOf(err) != "intake.pull.failed" {
		t.Errorf("a view that writes was read: %v", err)
	}
	if _, err := d.Columns(t.Context(), s.schema+".nothing"); fault.KeyOf(err) != "intake.pull.view_unknown" {
		t.Error(err)
	}
	wrong := s.source()
	wrong.Database = "no_such_database"
	if _, err := loopback.Open(t.Context(), wrong); fault.KeyOf(err) != "intake.pull.refused" {
		t.Error(err)
	}
	wrong = s.source()
	wrong.Port = 1
	if _, err := loopback.Open(t.Context(), wrong); fault.KeyOf(err) != "intake.pull.unreachable" {
		t.Error(err)
	}
}

// myServer is a MySQL or MariaDB.
type myServer struct{ server }

func newMySQL(t *testing.T) *myServer {
	address := os.Getenv("RENXIN_TEST_MYSQL")
	if address == "" {
		t.Skip("no MySQL: run scripts/mariadb, set RENXIN_TEST_MYSQL to what it prints, and test with -tags connect")
	}
	if !slices.Contains(sql.Drivers(), "mysql") {
		t.Skip("built without the driver: test with -tags connect")
	}
	d, err := sql.Open("mysql", "renxin:renxin@tcp("+address+")/")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := strings.Cut(address, ":")
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	s := &myServer{server{t: t, db: d, schema: fmt.Sprintf("pull_%d", os.Getpid()), at: intake.Source{Driver: "mysql", Host: host, Port: n, Account: "renxin", Password: "renxin"}}}
	s.exec("create database " + s.schema + " character set utf8mb4")
	s.at.Database = s.schema
	t.Cleanup(func() {
		s.exec("drop database " + s.schema)
		d.Close()
	})
	s.exec("create table " + s.schema + ".person (id bigint primary key, name varchar(40), upd datetime(6))")
	s.exec("create view " + s.schema + ".v_person as select id as `病人ID`, name as `姓名`, '女' as `性别`, upd from " + s.schema + ".person")
	return s
}

func TestIN01_MySQLView(t *testing.T) {
	t.Run("changes", func(t *testing.T) { followChanges(t, newMySQL(t), loopback) })
	t.Run("whole", func(t *testing.T) { walkWhole(t, newMySQL(t), loopback) })
	t.Run("refused", func(t *testing.T) {
		s := newMySQL(t)
		s.at.Password = "wrong"
		if _, err := loopback.Open(t.Context(), s.at); fault.KeyOf(err) != "intake.pull.refused" {
			t.Error(err)
		}
		s.at.Password = "renxin"
		d, err := loopback.Open(t.Context(), s.at)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := d.Page(t.Context(), intake.PageQuery{View: s.schema + ".nothing", Columns: []intake.ViewColumn{{Name: "id"}}, Limit: 1}); fault.KeyOf(err) != "intake.pull.failed" {
			t.Error(err)
		}
	})
}
