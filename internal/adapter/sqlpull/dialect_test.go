package sqlpull

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// Nobody here has a SQL Server or an Oracle at hand: what is sent to them is written out, so that somebody who has can compare.
func TestIN01_PageOfEachEngine(t *testing.T) {
	key, name, at := intake.ViewColumn{Name: "ID", Type: "number"}, intake.ViewColumn{Name: "姓名", Type: "varchar"}, intake.ViewColumn{Name: "UPD", Type: "DATE", Moment: true}
	modern := intake.ViewColumn{Name: "UPD", Type: "datetime2", Moment: true}
	plain := intake.ViewColumn{Name: "VER", Type: "bigint"}
	for _, c := range []struct {
		engine string
		q      intake.PageQuery
		want   string
		args   []any
	}{
		{"postgres", intake.PageQuery{Columns: []intake.ViewColumn{key, name}, Limit: 50},
			`select cast("ID" as text) as rx_key, '' as rx_mark, 0 as rx_ahead, cast("ID" as text) as rx_1, cast("姓名" as text) as rx_2 from "his"."v_patient" order by "ID" limit 50`, nil},
		{"postgres", intake.PageQuery{Columns: []intake.ViewColumn{key}, After: "7", Limit: 9},
			`select cast("ID" as text) as rx_key, '' as rx_mark, 0 as rx_ahead, cast("ID" as text) as rx_1 from "his"."v_patient" where "ID" > $1 order by "ID" limit 9`, []any{"7"}},
		{"postgres", intake.PageQuery{Columns: []intake.ViewColumn{key}, Changed: modern, Mark: "2026-01-02 03:04:05.000000", After: "7", Limit: 9},
			`select cast("ID" as text) as rx_key, to_char("UPD", 'YYYY-MM-DD HH24:MI:SS.US') as rx_mark, case when "UPD" > localtimestamp then 1 else 0 end as rx_ahead, cast("ID" as text) as rx_1 from "his"."v_patient" where ("UPD" > cast($1 as timestamp) or "UPD" = cast($2 as timestamp) and "ID" > $3) order by "UPD", "ID" limit 9`,
			[]any{"2026-01-02 03:04:05.000000", "2026-01-02 03:04:05.000000", "7"}},
		{"mysql", intake.PageQuery{Columns: []intake.ViewColumn{key}, Changed: modern, Unknown: true, After: "7", Limit: 9},
			"select cast(`ID` as char) as rx_key, '' as rx_mark, 0 as rx_ahead, cast(`ID` as char) as rx_1 from `his`.`v_patient` where `UPD` is null and `ID` > ? order by `ID` limit 9", []any{"7"}},
		{"mysql", intake.PageQuery{Columns: []intake.ViewColumn{key}, Changed: modern, Mark: "2026-01-02 03:04:05.000000", Limit: 9},
			"select cast(`ID` as char) as rx_key, date_format(`UPD`, '%Y-%m-%d %H:%i:%s.%f') as rx_mark, case when `UPD` > now(6) then 1 else 0 end as rx_ahead, cast(`ID` as char) as rx_1 from `his`.`v_patient` where `UPD` >= cast(? as datetime(6)) order by `UPD`, `ID` limit 9",
			[]any{"2026-01-02 03:04:05.000000"}},
		{"sqlserver", intake.PageQuery{Columns: []intake.ViewColumn{key, name}, Changed: modern, Mark: "2026-01-02 03:04:05.000000", After: "7", Limit: 9},
			`select cast([ID] as nvarchar(4000)) as rx_key, convert(varchar(26), cast([UPD] as datetime2(6)), 121) as rx_mark, case when [UPD] > sysdatetime() then 1 else 0 end as rx_ahead, cast([ID] as nvarchar(4000)) as rx_1, cast([姓名] as nvarchar(4000)) as rx_2 from [his].[v_patient] where ([UPD] > convert(datetime2(6), @p1, 121) or [UPD] = convert(datetime2(6), @p2, 121) and [ID] > @p3) order by [UPD], [ID] offset 0 rows fetch next 9 rows only`,
			[]any{"2026-01-02 03:04:05.000000", "2026-01-02 03:04:05.000000", "7"}},
		{"sqlserver", intake.PageQuery{Columns: []intake.ViewColumn{key}, Changed: plain, Mark: "12", Limit: 9},
			`select cast([ID] as nvarchar(4000)) as rx_key, cast([VER] as nvarchar(4000)) as rx_mark, 0 as rx_ahead, cast([ID] as nvarchar(4000)) as rx_1 from [his].[v_patient] where [VER] >= @p1 order by [VER], [ID] offset 0 rows fetch next 9 rows only`, []any{"12"}},
		{"oracle", intake.PageQuery{Columns: []intake.ViewColumn{key, at}, Changed: at, Mark: "2026-01-02 03:04:05.000000", Limit: 9},
			`select to_char("ID") as rx_key, to_char("UPD", 'YYYY-MM-DD HH24:MI:SS') || '.000000' as rx_mark, case when "UPD" > localtimestamp then 1 else 0 end as rx_ahead, to_char("ID") as rx_1, to_char("UPD", 'YYYY-MM-DD HH24:MI:SS') || '.000000' as rx_2 from "his"."v_patient" where "UPD" >= to_date(substr(:1, 1, 19), 'YYYY-MM-DD HH24:MI:SS') order by "UPD", "ID" offset 0 rows fetch next 9 rows only`,
			[]any{"2026-01-02 03:04:05.000000"}},
		{"oracle", intake.PageQuery{Columns: []intake.ViewColumn{key}, Changed: at, Limit: 9},
			`select to_char("ID") as rx_key, to_char("UPD", 'YYYY-MM-DD HH24:MI:SS') || '.000000' as rx_mark, case when "UPD" > localtimestamp then 1 else 0 end as rx_ahead, to_char("ID") as rx_1 from "his"."v_patient" where "UPD" is not null order by "UPD", "ID" offset 0 rows fetch next 9 rows only`, nil},
	} {
		d, ok := find(c.engine)
		if !ok {
			t.Fatal(c.engine)
		}
		c.q.View = "his.v_patient"
		text, args := d.page(c.q)
		if text != c.want || !reflect.DeepEqual(args, c.args) {
			t.Errorf("%s:\n got %s %v\nwant %s %v", c.engine, text, args, c.want, c.args)
		}
	}
}

// A name out of the catalogue, or out of a forged request, cannot leave its quotation.
func TestNamesStayInTheirQuotation(t *testing.T) {
	for engine, want := range map[string]string{
		"postgres": `"a"."b""; drop table x; --"`, "mysql": "`a`.`b\"; drop table x; --`", "sqlserver": `[a].[b"; drop table x; --]`, "oracle": `"a"."b""; drop table x; --"`,
	} {
		d, _ := find(engine)
		if got := d.quoteView(`a.b"; drop table x; --`); got != want {
			t.Errorf("%s: %s, want %s", engine, got, want)
		}
	}
	if got := sqlserver.quote("x]y"); got != "[x]]y]" {
		t.Error(got)
	}
	if got := mysql.quote("x`y"); got != "`x``y`" {
		t.Error(got)
	}
}

func TestSessionsReadOnly(t *testing.T) {
	for engine, want := range map[string]string{"postgres": "default_transaction_read_only = on", "mysql": "session transaction read only", "oracle": "transaction read only"} {
		d, _ := find(engine)
		var all []string
		for _, s := range d.session(7 * time.Second) {
			all = append(all, s.text)
		}
		if !strings.Contains(strings.Join(all, ";"), want) {
			t.Errorf("%s: %v", engine, all)
		}
	}
	dsn, err := sqlserver.dsn(intake.Source{Host: "h", Port: 1433, Account: "u@x", Password: "p:/?#[]@"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Query().Get("ApplicationIntent") != "ReadOnly" || u.Query().Get("encrypt") != "disable" || u.User.Username() != "u@x" {
		t.Errorf("%v %v", u, err)
	}
	if p, _ := u.User.Password(); p != "p:/?#[]@" {
		t.Errorf("password %q", p)
	}
}

func TestIN01_OnlyListedHostsAreReached(t *testing.T) {
	names := map[string][]string{"his-db": {"10.9.0.1"}, "in": {"10.1.2.3"}, "both": {"10.1.2.3", "192.168.0.1"}, "six": {"::ffff:10.1.2.3"}}
	p := Puller{
		Allow: func(context.Context) string { return "10.1.0.0/16, HIS-DB;2001:db8::1" },
		Lookup: func(_ context.Context, host string) (out []netip.Addr, err error) {
			for _, a := range names[host] {
				out = append(out, netip.MustParseAddr(a))
			}
			if out == nil {
				err = errors.New("no such host")
			}
			return out, err
		},
	}
	for _, c := range []struct{ host, reached, key string }{
		{"his-db", "his-db", ""}, {"in", "10.1.2.3", ""}, {"six", "10.1.2.3", ""}, {"10.1.255.1", "10.1.255.1", ""}, {"2001:db8::1", "2001:db8::1", ""},
		{"both", "", "intake.pull.host_denied"}, {"10.2.0.1", "", "intake.pull.host_denied"}, {"127.0.0.1", "", "intake.pull.host_denied"},
		{"nowhere", "", "intake.pull.host_unknown"}, {"", "", "intake.pull.host_denied"}, {"in/x", "", "intake.pull.host_denied"}, {"a@in", "", "intake.pull.host_denied"},
	} {
		got, err := p.allowed(t.Context(), c.host)
		if got != c.reached || fault.KeyOf(err) != c.key && !(err == nil && c.key == "") {
			t.Errorf("%q: %q %v, want %q %s", c.host, got, err, c.reached, c.key)
		}
	}
}

func TestAMissingDriverNamesTheRemedy(t *testing.T) {
	p := Puller{Allow: func(context.Context) string { return "127.0.0.0/8" }}
	for _, d := range p.Drivers() {
		if d.Name == "postgres" && !d.Present {
			t.Error("PostgreSQL belongs to every build")
		}
		if d.Present {
			continue
		}
		if _, err := p.Open(t.Context(), intake.Source{Driver: d.Name, Host: "127.0.0.1"}); fault.KeyOf(err) != "intake.pull.driver_missing" {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	if _, err := p.Open(t.Context(), intake.Source{Driver: "dbase", Host: "127.0.0.1"}); fault.KeyOf(err) != "intake.pull.driver_unknown" {
		t.Error(err)
	}
}

type numbered struct{ Number uint16 }

func (numbered) Error() string { return "numbered" }

func TestAnErrorsNumberIsFoundHoweverDeep(t *testing.T) {
	if got := number(errors.Join(nil)); got != "" {
		t.Error(got)
	}
	if got := number(fault.Wrap(&numbered{1045}, fault.Invalid, "x")); got != "1045" {
		t.Errorf("got %q", got)
	}
	if got := number(errors.New("plain")); got != "" {
		t.Error(got)
	}
}
