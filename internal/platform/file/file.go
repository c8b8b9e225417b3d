// Package file owns the data directory: its lock, atomic writes and content-addressed storage of what was received.
package file

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"renxin/internal/platform/fault"
)

// Dir is a data directory that this process owns until Close.
type Dir struct {
	Path string
	lock *os.File
}

// Open makes the directory when absent and locks it; a directory owned by another process is a conflict fault.
func Open(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(path, "renxin.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, fault.Wrap(err, fault.Conflict, "file.directory.locked")
	}
	return &Dir{Path: path, lock: f}, nil
}

// Close gives the directory up.
func (d *Dir) Close() error { return d.lock.Close() }

// Join names a file inside the directory.
func (d *Dir) Join(parts ...string) string {
	return filepath.Join(append([]string{d.Path}, parts...)...)
}

// Put stores r under the SHA-256 of its content and gives that name. Storing the same content again changes nothing.
// The content is on disk, synced, when Put returns. More than limit bytes are a too_large fault.
func (d *Dir) Put(r io.Reader, limit int64) (name string, size int64, err error) {
	dir := d.Join("files")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", 0, err
	}
	tmp, err := os.CreateTemp(dir, "in-*")
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(tmp.Name()) // gone already when it was renamed
	defer tmp.Close()
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, h), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, err
	}
	if size > limit {
		return "", 0, fault.New(fault.TooLarge, "file.content.too_large", "limit_mb", limit>>20)
	}
	if err := tmp.Sync(); err != nil {
		return "", 0, err
	}
	name = hex.EncodeToString(h.Sum(nil))
	to := d.content(name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", 0, err
	}
	return name, size, os.Rename(tmp.Name(), to)
}

// Get opens stored content.
func (d *Dir) Get(name string) (*os.File, error) {
	if len(name) != 64 {
		return nil, fault.New(fault.NotFound, "db.row.missing")
	}
	f, err := os.Open(d.content(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(err, fault.NotFound, "db.row.missing")
	}
	return f, err
}

func (d *Dir) content(name string) string { return d.Join("files", name[:2], name) }

// Replace writes a file so that a reader sees the old content or the new, never a half: temporary file, sync, rename.
func Replace(path string, content []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("file: write %s: %w", filepath.Base(path), err)
	}
	return os.Rename(tmp.Name(), path)
}
