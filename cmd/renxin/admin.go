package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"renxin/internal/backup"
	"renxin/internal/staff"
)

// migrate opens the database, which brings it up to this program.
func migrate(ctx context.Context, a *app, _ []string) error {
	o, err := a.open(ctx, a.clock())
	if err != nil {
		return err
	}
	defer o.close()
	fmt.Fprintln(a.out, "the database is up to date")
	return nil
}

func backupCommand(ctx context.Context, a *app, _ []string) error {
	c, err := houseOf(ctx).Backup.Create(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %d bytes, %d tables, %d rows, restored and compared\n", c.Name, c.Size, c.Tables, c.RowsCopied)
	return nil
}

// restore puts a copy where no database is yet.
func restore(ctx context.Context, a *app, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("restore needs the file of one copy")
	}
	if err := backup.Restore(ctx, args[0], a.dsn()); err != nil {
		return err
	}
	fmt.Fprintln(a.out, "restored; start the server and look at the operations page")
	return nil
}

// user manages accounts where no administrator can sign in.
func user(ctx context.Context, a *app, args []string) error {
	s := houseOf(ctx).Staff
	if len(args) == 0 {
		return fmt.Errorf("user needs add, password or list")
	}
	set := flag.NewFlagSet("user "+args[0], flag.ContinueOnError)
	set.SetOutput(a.err)
	name, role, post := set.String("name", "", "name"), set.String("role", "admin", "role code"), set.String("post", "admin", "post")
	if len(args) > 1 {
		if err := set.Parse(args[2:]); err != nil {
			return err
		}
	}
	switch {
	case args[0] == "list":
		p, err := s.List(ctx, staff.Filter{Limit: 200})
		for _, u := range p.Items {
			fmt.Fprintf(a.out, "%-16s %-8s %-12s %s\n", u.Login, u.State, u.Post, u.Name)
		}
		return err
	case args[0] == "add" && len(args) > 1:
		r, err := s.RoleByCode(ctx, *role)
		if err != nil {
			return err
		}
		if *name == "" {
			*name = args[1]
		}
		secret := password()
		if _, err := s.Create(ctx, staff.Input{Login: args[1], Name: *name, Password: secret, RoleID: r.ID, Post: *post}); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s may sign in with: %s\n", args[1], secret)
		return nil
	case args[0] == "password" && len(args) > 1:
		u, err := s.ByLogin(ctx, args[1])
		if err != nil {
			return err
		}
		secret := password()
		if err := s.SetPassword(ctx, u.ID, secret); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s may sign in with: %s\n", args[1], secret)
		return nil
	}
	return fmt.Errorf("user: add LOGIN [-name N] [-role CODE] [-post P], password LOGIN, or list")
}

// password makes one that can be read over the telephone.
func password() string { return strings.ToLower(rand.Text()[:16]) }

func auditCommand(ctx context.Context, a *app, args []string) error {
	if len(args) != 1 || args[0] != "verify" {
		return fmt.Errorf("audit: verify")
	}
	n, broken, err := houseOf(ctx).Audit.Verify(ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		return fmt.Errorf("%d entries hold; entry %d is the first that does not", n, broken.Seq)
	}
	fmt.Fprintf(a.out, "%d entries, the chain holds\n", n)
	return nil
}

// absolute makes a path that the caller gave whole, because the server that runs the command stands elsewhere.
func (a *app) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(a.dir, path)
}
