package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

// Formats of a hook.
const (
	HookFHIR = "fhir" // FHIR R4 over REST
	HookV3   = "v3"   // HL7 V3 over SOAP
)

type hookKind struct{}

// Prefix implements db.Kind.
func (hookKind) Prefix() string { return "hk" }

// HookID identifies a sender.
type HookID = db.ID[hookKind]

// Hook is a system that pushes to us with a token of its own. Its feed has its name and counts what came in.
type Hook struct {
	ID        HookID
	FeedID    FeedID
	Name      string // of the feed
	Format    string // HookFHIR or HookV3
	TokenHash string // "" once revoked
	Allow     string // networks that may call, separated by blanks; "" = any
	Stored    string `db:"options"`
	CreatedAt clock.Instant
	CreatedBy int64
	RotatedAt clock.Instant
	SeenAt    clock.Instant
	Version   int64
	Options   ReadOptions `db:"-"` // issuer, identifier systems, paths
}

// HookInput is what an administrator says of a sender. Name and Format are fixed once it exists.
type HookInput struct {
	Name    string
	Format  string
	Allow   string
	Issuer  string            // authority of numbers whose source names none, "" = intake.table.issuer
	Systems map[string]string // identifier system → "kind", "kind@issuer" or "visit@issuer"
	Paths   map[string]string // V3: field key → XPath
	Version int64             // of the row as read; for changes
}

// Hooks lists the senders.
func (s *Service) Hooks(ctx context.Context) ([]Hook, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return nil, err
	}
	rows, err := listHooks(ctx, s.DB.Read(ctx))
	for i := range rows {
		if err == nil {
			err = rows[i].unpack()
		}
	}
	return rows, err
}

func (h *Hook) unpack() error {
	if h.Stored == "" {
		return nil
	}
	return json.Unmarshal([]byte(h.Stored), &h.Options)
}

// CreateHook admits a sender and gives its token, which is shown this once and stored only as a hash.
func (s *Service) CreateHook(ctx context.Context, in HookInput) (h Hook, token string, err error) {
	if err := access.Need(ctx, setting.PermUpdate); err != nil {
		return h, "", err
	}
	in.Name = label(strings.TrimSpace(in.Name), 100)
	if err := s.checkHook(in); err != nil {
		return h, "", err
	}
	secret, hash := newSecret()
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, taken, err := feedByName(ctx, tx, in.Name); err != nil || taken {
			if err == nil {
				err = fault.New(fault.Invalid, "intake.hook.name_taken").With("name", "intake.hook.name_taken")
			}
			return err
		}
		f, err := s.feed(ctx, tx, in.Name, FeedMLLP, "")
		if err != nil {
			return err
		}
		h = Hook{ID: db.New[hookKind](s.DB), FeedID: f.ID, Name: f.Name, Format: in.Format, TokenHash: hash, Allow: in.Allow, Options: in.options(),
			CreatedAt: tx.Now, CreatedBy: access.From(ctx).StaffID, RotatedAt: tx.Now, Version: 1}
		h.Stored = encode(h.Options)
		if err := insertHook(ctx, tx, h); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.hook.create", Entity: "hook", EntityID: int64(h.ID), Detail: map[string]any{"format": h.Format}})
	})
	return h, tokenOf(h.ID, secret), err
}

func (in HookInput) options() ReadOptions {
	return ReadOptions{Issuer: strings.TrimSpace(in.Issuer), Systems: in.Systems, Paths: in.Paths}
}

func (s *Service) checkHook(in HookInput) error {
	wrong := fault.New(fault.Invalid, "intake.hook.invalid")
	if in.Name == "" {
		wrong.With("name", "intake.hook.no_name")
	}
	if in.Format != HookFHIR && in.Format != HookV3 {
		wrong.With("format", "intake.hook.unknown_format")
	}
	if _, err := networks(in.Allow); err != nil {
		wrong.With("allow", "intake.hook.bad_network")
	}
	if c, ok := s.Readers[in.Format].(Checker); ok {
		if err := c.Check(in.options()); err != nil {
			wrong.With("options", fault.KeyOf(err))
		}
	}
	return wrong.Or()
}

// UpdateHook changes who may call and how what they send is read.
func (s *Service) UpdateHook(ctx context.Context, id HookID, in HookInput) (Hook, error) {
	return s.changeHook(ctx, id, "intake.hook.update", func(h *Hook) error {
		if in.Version != h.Version {
			return fault.New(fault.Conflict, "intake.hook.changed")
		}
		in.Name, in.Format = h.Name, h.Format
		if err := s.checkHook(in); err != nil {
			return err
		}
		h.Allow, h.Options = in.Allow, in.options()
		h.Stored = encode(h.Options)
		return nil
	})
}

// RotateHook makes a new token; the old one ends at once. A revoked sender comes back this way.
func (s *Service) RotateHook(ctx context.Context, id HookID) (h Hook, token string, err error) {
	secret, hash := newSecret()
	h, err = s.changeHook(ctx, id, "intake.hook.rotate", func(h *Hook) error {
		h.TokenHash, h.RotatedAt = hash, s.DB.Read(ctx).Now
		return nil
	})
	return h, tokenOf(id, secret), err
}

// RevokeHook ends a sender's token. Its feed and what it sent stay.
func (s *Service) RevokeHook(ctx context.Context, id HookID) (Hook, error) {
	return s.changeHook(ctx, id, "intake.hook.revoke", func(h *Hook) error { h.TokenHash = ""; return nil })
}

func (s *Service) changeHook(ctx context.Context, id HookID, action string, change func(*Hook) error) (h Hook, err error) {
	if err := access.Need(ctx, setting.PermUpdate); err != nil {
		return h, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if h, err = hookByID(ctx, tx, id); err != nil {
			return err
		}
		if err := h.unpack(); err != nil {
			return err
		}
		if err := change(&h); err != nil {
			return err
		}
		h.Version++
		if err := updateHook(ctx, tx, h); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "hook", EntityID: int64(id)})
	})
	return h, err
}

// A token is the sender's key and 32 random bytes: "hk_….secret". So much chance needs no slow hash.
func newSecret() (secret, hash string) {
	var b [32]byte
	rand.Read(b[:]) // never fails since Go 1.24
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	return secret, secretHash(secret)
}

func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func tokenOf(id HookID, secret string) string { return id.String() + "." + secret }

// nobody is compared with where no sender is found, so that an unknown one takes as long as a wrong secret.
var nobody = secretHash("")

// Authenticate finds the sender of a token, or answers unauthorized. The comparison takes the same time whatever is wrong.
func (s *Service) Authenticate(ctx context.Context, token string) (Hook, error) {
	refused := fault.New(fault.Unauthorized, "intake.hook.bad_token")
	key, secret, _ := strings.Cut(token, ".")
	id, err := db.ParseID[hookKind](key)
	h := Hook{TokenHash: nobody}
	if err == nil && id != 0 {
		if found, err := hookByID(ctx, s.DB.Read(ctx), id); err == nil && found.TokenHash != "" {
			h = found
		} else if err != nil && !fault.Is(err, fault.NotFound) {
			return Hook{}, err
		}
	}
	if subtle.ConstantTimeCompare([]byte(secretHash(secret)), []byte(h.TokenHash)) != 1 || h.ID == 0 {
		return Hook{}, refused
	}
	return h, h.unpack()
}

// Admits tells whether the sender may call from an address.
func (h Hook) Admits(address string) bool {
	nets, err := networks(h.Allow)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(address)
	for _, n := range nets {
		if err == nil && n.Contains(addr.Unmap()) {
			return true
		}
	}
	return len(nets) == 0
}

func networks(list string) (out []netip.Prefix, err error) {
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\r' || r == '\t' }) {
		p, err := netip.ParsePrefix(word)
		if err != nil {
			a, wrong := netip.ParseAddr(word)
			if wrong != nil {
				return nil, wrong
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}
