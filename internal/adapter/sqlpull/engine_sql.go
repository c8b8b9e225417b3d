package sqlpull

import (
	"errors"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"renxin/internal/intake"
)

// moment text is the same for every engine: 2006-01-02 15:04:05.000000 in the zone of the column.

var postgres = dialect{
	name: "postgres", driver: "pgx", port: 5432,
	dsn: func(s intake.Source) (string, error) {
		mode := map[string]string{"": "disable", "off": "disable", "on": "require", "verified": "verify-full"}[s.Encryption]
		return link("postgres", s, "/"+s.Database, url.Values{"sslmode": {mode}, "connect_timeout": {"10"}, "application_name": {"renxin"}, "default_query_exec_mode": {"describe_exec"}}), nil
	},
	session: func(timeout time.Duration) []setting {
		return []setting{{text: "set default_transaction_read_only = on"}, {text: "set statement_timeout = " + milliseconds(timeout)}, {text: "set lock_timeout = 3000"}}
	},
	views: `select table_schema, table_name from information_schema.tables
		where table_schema not in ('pg_catalog', 'information_schema') order by case table_type when 'VIEW' then 0 else 1 end, 1, 2`,
	columns: `select column_name, data_type from information_schema.columns where table_schema = $1 and table_name = $2 order by ordinal_position`,
	open:    `"`, close: `"`, place: dollar, limit: rows,
	text:    func(c string) string { return "cast(" + c + " as text)" },
	stamp:   func(c, _ string) string { return "to_char(" + c + ", 'YYYY-MM-DD HH24:MI:SS.US')" },
	moment:  func(p, _ string) string { return "cast(" + p + " as timestamp)" },
	now:     "localtimestamp",
	moments: regexp.MustCompile(`^timestamp`),
	code: func(err error) string {
		if e, ok := errors.AsType[*pgconn.PgError](err); ok {
			return e.Code
		}
		return ""
	},
	logins: []string{"28P01", "28000", "3D000"}, slownesses: []string{"57014", "55P03"},
}

var mysql = dialect{
	name: "mysql", driver: "mysql", port: 3306,
	dsn: func(s intake.Source) (string, error) {
		if strings.ContainsAny(s.Account, ":@/") {
			return "", errors.New("sqlpull: account")
		}
		mode := map[string]string{"": "false", "off": "false", "on": "skip-verify", "verified": "true"}[s.Encryption]
		q := url.Values{"tls": {mode}, "timeout": {"10s"}, "readTimeout": {(s.Timeout + 5*time.Second).String()}, "charset": {"utf8mb4"}, "parseTime": {"false"}, "interpolateParams": {"false"}}
		return s.Account + ":" + s.Password + "@tcp(" + address(s) + ")/" + url.PathEscape(s.Database) + "?" + q.Encode(), nil
	},
	session: func(timeout time.Duration) []setting {
		return []setting{{text: "set session transaction read only"},
			{text: "set session max_execution_time = " + milliseconds(timeout), optional: true},                        // MySQL
			{text: "set session max_statement_time = " + strconv.Itoa(max(1, int(timeout.Seconds()))), optional: true}, // MariaDB
			{text: "set session lock_wait_timeout = 3"}}
	},
	views: `select table_schema, table_name from information_schema.tables
		where table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema') order by case table_type when 'VIEW' then 0 else 1 end, 1, 2`,
	columns: `select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`,
	open:    "`", close: "`", place: question, limit: rows,
	text:    func(c string) string { return "cast(" + c + " as char)" },
	stamp:   func(c, _ string) string { return "date_format(" + c + ", '%Y-%m-%d %H:%i:%s.%f')" },
	moment:  func(p, _ string) string { return "cast(" + p + " as datetime(6))" },
	now:     "now(6)",
	moments: regexp.MustCompile(`^(datetime|timestamp)`),
	code:    number,
	logins:  []string{"1045", "1044", "1049", "1698"}, slownesses: []string{"3024", "1969", "1205"},
}

var sqlserver = dialect{
	name: "sqlserver", driver: "sqlserver", port: 1433,
	dsn: func(s intake.Source) (string, error) {
		q := url.Values{"database": {s.Database}, "app name": {"renxin"}, "ApplicationIntent": {"ReadOnly"}, "dial timeout": {"10"}, "connection timeout": {"30"}}
		switch s.Encryption { // SQL Server 2008 and older know no encryption that the driver speaks
		case "verified":
			q.Set("encrypt", "true")
		case "on":
			q.Set("encrypt", "true")
			q.Set("TrustServerCertificate", "true")
		default:
			q.Set("encrypt", "disable")
		}
		return link("sqlserver", s, "", q), nil
	},
	session: func(time.Duration) []setting {
		return []setting{{text: "set lock_timeout 3000"}, {text: "set transaction isolation level read committed"}}
	},
	views: `select table_schema, table_name from information_schema.tables
		order by case table_type when 'VIEW' then 0 else 1 end, 1, 2`,
	columns: `select column_name, data_type from information_schema.columns where table_schema = @p1 and table_name = @p2 order by ordinal_position`,
	open:    "[", close: "]", place: at, limit: fetch,
	text:  func(c string) string { return "cast(" + c + " as nvarchar(4000))" },
	stamp: func(c, _ string) string { return "convert(varchar(26), cast(" + c + " as datetime2(6)), 121)" },
	moment: func(p, kind string) string {
		if kind == "datetime2" || kind == "datetimeoffset" {
			return "convert(datetime2(6), " + p + ", 121)"
		}
		return "convert(datetime, left(" + p + ", 23), 121)" // the column's own type, so that its index is of use
	},
	now:     "sysdatetime()",
	moments: regexp.MustCompile(`^(datetime|datetime2|smalldatetime|datetimeoffset)$`),
	code:    number,
	logins:  []string{"18456", "4060"}, slownesses: []string{"1222"},
}

var oracle = dialect{
	name: "oracle", driver: "oracle", port: 1521,
	dsn: func(s intake.Source) (string, error) {
		q := url.Values{"CONNECTION TIMEOUT": {"10"}, "TIMEOUT": {strconv.Itoa(int(s.Timeout.Seconds()) + 5)}}
		switch s.Encryption {
		case "on":
			q.Set("SSL", "true")
			q.Set("SSL VERIFY", "false")
		case "verified":
			q.Set("SSL", "true")
		}
		return link("oracle", s, "/"+s.Database, q), nil
	},
	session: func(time.Duration) []setting {
		return []setting{{text: "set transaction read only"}, {text: "alter session set nls_date_format = 'YYYY-MM-DD HH24:MI:SS'"},
			{text: "alter session set nls_timestamp_format = 'YYYY-MM-DD HH24:MI:SS.FF6'"}, {text: "alter session set nls_numeric_characters = '.,'"}}
	},
	views: `select owner, view_name from all_views where owner not in ('SYS', 'SYSTEM', 'XDB', 'MDSYS', 'CTXSYS', 'WMSYS', 'ORDSYS', 'LBACSYS', 'GSMADMIN_INTERNAL', 'OLAPSYS', 'DVSYS', 'AUDSYS')
		order by 1, 2`,
	columns: `select column_name, data_type from all_tab_columns where owner = :1 and table_name = :2 order by column_id`,
	open:    `"`, close: `"`, place: colon, limit: fetch,
	text: func(c string) string { return "to_char(" + c + ")" },
	stamp: func(c, kind string) string {
		if kind == "DATE" {
			return "to_char(" + c + ", 'YYYY-MM-DD HH24:MI:SS') || '.000000'"
		}
		return "to_char(" + c + ", 'YYYY-MM-DD HH24:MI:SS.FF6')"
	},
	moment: func(p, kind string) string {
		if kind == "DATE" {
			return "to_date(substr(" + p + ", 1, 19), 'YYYY-MM-DD HH24:MI:SS')" // the column's own type, so that its index is of use
		}
		return "to_timestamp(" + p + ", 'YYYY-MM-DD HH24:MI:SS.FF6')"
	},
	now:     "localtimestamp",
	moments: regexp.MustCompile(`^(DATE|TIMESTAMP)`),
	code:    number,
	logins:  []string{"1017", "12514", "12505", "28000"}, slownesses: []string{"1013", "12170"},
}

// number reads the engine's number from an error of a driver that may not be linked in: its field Number, ErrCode or ErrorCode, however
// deep it is wrapped.
func number(err error) string {
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.Indirect(reflect.ValueOf(err))
		if v.Kind() != reflect.Struct {
			continue
		}
		for _, name := range []string{"Number", "ErrCode", "ErrorCode"} {
			f := v.FieldByName(name)
			switch {
			case f.IsValid() && f.CanInt():
				return strconv.FormatInt(f.Int(), 10)
			case f.IsValid() && f.CanUint():
				return strconv.FormatUint(f.Uint(), 10)
			}
		}
	}
	return ""
}
