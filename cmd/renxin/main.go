// Command renxin is the hospital's patient relationship system in one program: server, import, backup and the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // a container without a zone database still knows the hospital's zone

	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// version is set by the release build.
var version = "dev"

// command is a word after "renxin".
type command struct {
	name string
	args string
	help string
	run  func(ctx context.Context, a *app, args []string) error
	// house commands work on the hospital's data: inside the running server when there is one, else by themselves.
	house bool
}

var commands []command

func init() { // commands refer to each other's list in help
	commands = []command{
		{"serve", "", "run the hospital's server", serve, false},
		{"demo", "[--size S|L] [--seed N]", "fill an empty data directory with a fictional hospital", demoCommand, false},
		{"migrate", "", "bring the database up to this program, with a backup first", migrate, false},
		{"import", "PATH… [--dry-run] [--json]", "read HL7 v2, CSV and XLSX files; one verdict per record", importCommand, true},
		{"match", "evaluate RECORDS TRUTH | evaluate --febrl FILE…, [--json]", "judge the matching on a sample whose persons are known", matchCommand, false},
		{"backup", "", "make a copy now and prove that it restores", backupCommand, true},
		{"restore", "COPY", "put a copy into an empty data directory or database", restore, false},
		{"user", "add|password|list …", "accounts, for the first administrator and lost passwords", user, true},
		{"audit", "verify", "walk the chain of the audit trail and name the first broken entry", auditCommand, true},
		{"bench", "[--size S|L] [--out FILE]", "measure this machine against the budgets", benchCommand, false},
		{"generate", "", "write docs/events.md, docs/tables.md and the API types of the pages", generate, false},
		{"version", "", "print the version", func(_ context.Context, a *app, _ []string) error { _, err := fmt.Fprintln(a.out, version); return err }, false},
		{"help", "", "print this", func(_ context.Context, a *app, _ []string) error { usage(a.out); return nil }, false},
	}
}

// app is what a command works with.
type app struct {
	config config
	out    io.Writer
	err    io.Writer
	dir    string // directory that relative paths of the caller are meant from
	alone  bool   // no server runs: the command has the database for itself
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name := "help"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	if asksHelp(name) {
		name = "help"
	}
	err := run(ctx, name, os.Args[min(2, len(os.Args)):])
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "renxin: "+explain(err))
	stop()
	os.Exit(1)
}

func run(ctx context.Context, name string, args []string) error {
	for _, c := range commands {
		if c.name != name {
			continue
		}
		if slices.ContainsFunc(args, asksHelp) {
			usageOf(os.Stdout, c)
			return nil
		}
		conf, rest, err := parse(name, args)
		if err != nil {
			return err
		}
		logTo(conf, os.Stderr)
		a := &app{config: conf, out: os.Stdout, err: os.Stderr}
		if a.dir, err = os.Getwd(); err != nil {
			return err
		}
		if c.house {
			return a.inHouse(ctx, c, rest)
		}
		return c.run(ctx, a, rest)
	}
	usage(os.Stderr)
	return fmt.Errorf("there is no command %q", name)
}

// explain writes faults in the terminal's language and other errors as they are.
func explain(err error) string {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	_, detail := lang.Fault(lang.Parse(os.Getenv("LANG")), e)
	for _, f := range e.Fields {
		detail += "\n  " + f.Path + ": " + lang.Text(lang.Parse(os.Getenv("LANG")), f.Key, f.Args)
	}
	if e.Err != nil {
		detail += " (" + e.Err.Error() + ")"
	}
	return detail
}

// asksHelp tells whether an argument asks for the usage instead of the deed.
func asksHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// usageOf prints how one command is called.
func usageOf(w io.Writer, c command) {
	fmt.Fprintf(w, "renxin %s\n\n%s\n", strings.Join(strings.Fields(c.name+" [options] "+c.args), " "), c.help)
	listOptions(w)
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "renxin COMMAND [options] [arguments]\n\nCommands:")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-9s %-28s %s\n", c.name, c.args, c.help)
	}
	listOptions(w)
}

func listOptions(w io.Writer) {
	fmt.Fprintln(w, "\nOptions (flag -NAME, environment RENXIN_NAME, or a line NAME = value in the file given by -config):")
	for _, o := range options {
		fmt.Fprintf(w, "  %-14s %s (default %q)\n", o.name, o.help, o.value)
	}
}
