package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/backup"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/file"
	"renxin/internal/platform/secret"
	"renxin/internal/schema"
)

func logTo(c config, w io.Writer) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c["log"])); err != nil {
		level = slog.LevelInfo
	}
	var h slog.Handler = slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})
	if c["log-format"] == "json" {
		h = slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})
	}
	slog.SetDefault(slog.New(h))
}

func (a *app) dsn() string {
	if a.config["database"] != "" {
		return a.config["database"]
	}
	return a.config["data"] + "/renxin.db"
}

// clock is the wall clock of the hospital's zone.
func (a *app) clock() *clock.Clock {
	z, err := time.LoadLocation(a.config["zone"])
	if err != nil {
		z = nil // checked with the configuration
	}
	return clock.New(z)
}

// opened is a house with what has to be closed after it.
type opened struct {
	*house.House
	files *file.Dir
}

func (o *opened) close() {
	o.DB.Close()
	o.files.Close()
}

// open takes the data directory, brings the database up to this program with a backup first, and wires the rooms.
func (a *app) open(ctx context.Context, c *clock.Clock) (*opened, error) {
	files, err := file.Open(a.config["data"])
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, a.dsn(), c)
	if err != nil {
		files.Close()
		return nil, err
	}
	node, err := strconv.Atoi(a.config["node"])
	if err != nil || node < 0 || node > 1023 {
		d.Close()
		files.Close()
		return nil, fmt.Errorf("node must be 0 to 1023")
	}
	d.SetNode(node)
	o := &opened{files: files}
	if err = upgrade(ctx, d, files); err == nil {
		var box *secret.Box
		if box, err = secret.Open(files.Join("secret.key")); err == nil {
			o.House = house.New(house.Options{DB: d, Files: files, Secret: box, Version: version})
			err = o.Prepare(ctx)
		}
	}
	if err != nil {
		d.Close()
		files.Close()
		return nil, err
	}
	return o, nil
}

// upgrade migrates; a database that already held something is copied first.
func upgrade(ctx context.Context, d *db.DB, files *file.Dir) error {
	n, err := schema.Pending(ctx, d)
	if err != nil {
		return err
	}
	if n == 0 {
		return schema.FollowKeys(ctx, d)
	}
	if n < int(schema.Newest()) {
		path := files.Join("before-migration-" + d.Clock().Local(d.Clock().Now()).Format("20060102-150405"))
		if path, err = backup.Write(ctx, d, path); err != nil {
			return fmt.Errorf("backup before migration: %w", err)
		}
		slog.Info("backup before migration", "file", path)
	}
	n, err = schema.Migrate(ctx, d)
	slog.Info("database migrated", "files", n)
	return err
}

// request is what a command asks of the running server.
type request struct {
	Command string   `json:"command"`
	Args    []string `json:"args"`
	Dir     string   `json:"dir"`
}

func (a *app) socket() string { return a.config["data"] + "/admin.sock" }

// inHouse runs a command on the hospital's data: inside the server that owns the directory, else here.
func (a *app) inHouse(ctx context.Context, c command, args []string) error {
	if conn, err := net.Dial("unix", a.socket()); err == nil {
		defer conn.Close()
		return a.ask(conn, request{c.name, args, a.dir})
	}
	o, err := a.open(ctx, a.clock())
	if err != nil {
		return err
	}
	defer o.close()
	a.alone = true
	return c.run(withHouse(access.AsSystem(ctx, "command:"+c.name), o.House), a, args)
}

// ask sends the command and prints what comes back; the last line is the outcome.
func (a *app) ask(conn net.Conn, r request) error {
	if err := json.NewEncoder(conn).Encode(r); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if outcome, ok := strings.CutPrefix(line, endMark); ok {
			if outcome = strings.TrimSpace(outcome); outcome != "" {
				return errors.New(outcome)
			}
			return nil
		}
		if err != nil {
			return fault.Wrap(err, fault.Unavailable, "command.server.gone")
		}
		fmt.Fprint(a.out, line)
	}
}

const endMark = "\x00end "

// answer serves commands on the admin socket until ctx ends. Only the owner of the data directory can reach it.
func (a *app) answer(ctx context.Context, h *house.House) error {
	os.Remove(a.socket()) // left by a crash; the directory's lock is ours
	l, err := net.Listen("unix", a.socket())
	if err != nil {
		return err
	}
	if err := os.Chmod(a.socket(), 0o600); err != nil {
		return err
	}
	go func() { <-ctx.Done(); l.Close() }()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		go a.serveCommand(ctx, conn, h)
	}
}

func (a *app) serveCommand(ctx context.Context, conn net.Conn, h *house.House) {
	defer conn.Close()
	var r request
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return
	}
	err := fmt.Errorf("there is no command %q", r.Command)
	for _, c := range commands {
		if c.name == r.Command && c.house {
			err = c.run(withHouse(access.AsSystem(ctx, "command:"+c.name), h), &app{config: a.config, out: conn, err: conn, dir: r.Dir}, r.Args)
		}
	}
	outcome := ""
	if err != nil {
		outcome = strings.ReplaceAll(explain(err), "\n", " ")
	}
	fmt.Fprintf(conn, "%s%s\n", endMark, outcome)
}

type houseKey struct{}

func withHouse(ctx context.Context, h *house.House) context.Context {
	return context.WithValue(ctx, houseKey{}, h)
}

func houseOf(ctx context.Context) *house.House { return ctx.Value(houseKey{}).(*house.House) }
