package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// option is one line of the configuration: docs/operations.md prints this table.
type option struct {
	name  string // flag -name, environment RENXIN_NAME, file key name
	value string // default
	help  string
}

// options is every knob of the program, in the order of the documentation. What a hospital decides for itself, such as quiet
// hours, is a setting in the database instead.
var options = []option{
	{"data", "data", "directory that holds the database, uploads and backups; one process owns it"},
	{"database", "", "postgres://… URL; empty means SQLite in the data directory"},
	{"listen", "127.0.0.1:8080", "address of the pages and the API"},
	{"tls-cert", "", "certificate file; with tls-key the pages are served over TLS"},
	{"tls-key", "", "private key file"},
	{"behind-proxy", "false", "a reverse proxy on this machine ends TLS: cookies are Secure although we speak http"},
	{"mllp", "127.0.0.1:2575", "address of the HL7 v2 listener; empty turns it off"},
	{"mllp-tls-cert", "", "certificate file; with mllp-tls-key the HL7 listener speaks TLS only"},
	{"mllp-tls-key", "", "its private key file"},
	{"mllp-client-ca", "", "certificates of the authorities that sign HL7 senders; others are turned away"},
	{"smpp", "", "host:port of the SMS gateway; empty means no SMS can leave"},
	{"smpp-user", "", "system_id of the SMS account"},
	{"smpp-password", "", "its password (better given by environment)"},
	{"smpp-sender", "", "our number as patients see it; extensions are appended"},
	{"smpp-rate", "50", "messages a second agreed with the gateway"},
	{"zone", "Asia/Shanghai", "the hospital's time zone"},
	{"node", "0", "number of this instance, 0 to 1023; several instances on one database need different ones"},
	{"log", "info", "debug, info, warn or error"},
	{"log-format", "text", "text or json"},
	{"demo", "false", "demo mode: built-in SMS centre, demo phones, sign-ins shown, a clock that can be moved"},
	{"clock", "", "demo mode only: RFC 3339 instant at which the demo's clock starts"},
}

// config is the configuration in force: flags win over the environment, the environment over the file.
type config map[string]string

// parse reads the options out of args and gives what is left.
func parse(command string, args []string) (config, []string, error) {
	c := config{}
	set := flag.NewFlagSet("renxin "+command, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	file := set.String("config", os.Getenv("RENXIN_CONFIG"), "configuration file: lines of key = value")
	given := map[string]*string{}
	for _, o := range options {
		given[o.name] = set.String(o.name, "", o.help)
	}
	args, own := split(set, args)
	if err := set.Parse(args); err != nil {
		return nil, nil, fmt.Errorf("%w (see: renxin help)", err)
	}
	for _, o := range options {
		c[o.name] = o.value
	}
	if *file != "" {
		if err := c.read(*file); err != nil {
			return nil, nil, err
		}
	}
	for _, o := range options {
		if v, ok := os.LookupEnv(o.env()); ok {
			c[o.name] = v
		}
	}
	set.Visit(func(f *flag.Flag) {
		if v, ok := given[f.Name]; ok {
			c[f.Name] = *v
		}
	})
	return c, append(set.Args(), own...), c.check()
}

// split takes the configuration's options, each with its value, out of args wherever they stand; the rest belongs to the command.
func split(set *flag.FlagSet, args []string) (mine, rest []string) {
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case args[i] == "--":
			return mine, append(rest, args[i+1:]...)
		case args[i][:min(1, len(args[i]))] != "-" || set.Lookup(name) == nil:
			rest = append(rest, args[i])
		case joined || i+1 == len(args):
			mine = append(mine, args[i])
		default:
			mine = append(mine, args[i], args[i+1])
			i++
		}
	}
	return mine, rest
}

func (o option) env() string {
	return "RENXIN_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

func (c config) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if _, known := c[key]; !ok || !known {
			return fmt.Errorf("%s:%d: unknown line %q; keys are listed by: renxin help", path, n, key)
		}
		c[key] = strings.TrimSpace(value)
	}
	return lines.Err()
}

func (c config) check() error {
	if _, err := time.LoadLocation(c["zone"]); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	for _, k := range []string{"demo", "behind-proxy"} {
		if c[k] != "true" && c[k] != "false" {
			return fmt.Errorf("%s must be true or false", k)
		}
	}
	if _, err := time.Parse(time.RFC3339, c["clock"]); c["clock"] != "" && (err != nil || !c.on("demo")) {
		return fmt.Errorf("clock must be an RFC 3339 instant and goes with demo=true only")
	}
	if (c["mllp-tls-cert"] == "") != (c["mllp-tls-key"] == "") || c["mllp-client-ca"] != "" && c["mllp-tls-cert"] == "" {
		return fmt.Errorf("mllp-tls-cert and mllp-tls-key go together, and mllp-client-ca needs them")
	}
	if (c["tls-cert"] == "") != (c["tls-key"] == "") {
		return fmt.Errorf("tls-cert and tls-key go together")
	}
	return nil
}

func (c config) on(name string) bool { return c[name] == "true" }
