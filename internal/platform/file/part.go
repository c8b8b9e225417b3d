package file

import (
	"errors"
	"os"
	"time"
)

// Part is a store of its own inside the directory, whose content is removed by its own rule.
func (d *Dir) Part(name string) *Dir { return &Dir{Path: d.Join(name)} }

// Remove deletes stored content that was last put before t; content that is not there, or was put since, stays as it is. Errors are those of
// the file system.
func (d *Dir) Remove(name string, before time.Time) error {
	if len(name) != 64 {
		return nil
	}
	i, err := os.Stat(d.content(name))
	if errors.Is(err, os.ErrNotExist) || err == nil && !i.ModTime().Before(before) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Remove(d.content(name))
}
