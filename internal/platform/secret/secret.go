// Package secret seals what the program must be able to say again to another system, such as the password of a database it reads: the
// database holds the sealed text, a file beside it the key, so that neither a backup nor a dump gives it away.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// keyBytes is the size of an AES-256 key.
const keyBytes = 32

// ErrKey means that a text was sealed with another key, or was changed.
var ErrKey = errors.New("secret: sealed with another key")

// Box seals and opens texts with one key.
type Box struct{ aead cipher.AEAD }

// New makes a box of a key of 32 bytes.
func New(key []byte) (*Box, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &Box{aead}, err
}

// Open reads the key file at path, and makes one where there is none. Only the owner may read it.
func Open(path string) (*Box, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = create(path)
	}
	if err != nil {
		return nil, err
	}
	if len(key) != keyBytes {
		return nil, fmt.Errorf("secret: %s holds no key of %d bytes", path, keyBytes)
	}
	return New(key)
}

func create(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		return os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	if _, err = f.Write(key); err == nil {
		err = f.Sync()
	}
	return key, errors.Join(err, f.Close())
}

// Seal hides a text. The same text sealed twice looks different.
func (b *Box) Seal(text string) string {
	nonce := make([]byte, b.aead.NonceSize())
	rand.Read(nonce)
	return "v1:" + base64.StdEncoding.EncodeToString(b.aead.Seal(nonce, nonce, []byte(text), nil))
}

// Unseal gives the text back. It fails with ErrKey where the key is another one.
func (b *Box) Unseal(sealed string) (string, error) {
	body, ok := strings.CutPrefix(sealed, "v1:")
	raw, err := base64.StdEncoding.DecodeString(body)
	if !ok || err != nil || len(raw) < b.aead.NonceSize() {
		return "", ErrKey
	}
	plain, err := b.aead.Open(nil, raw[:b.aead.NonceSize()], raw[b.aead.NonceSize():], nil)
	if err != nil {
		return "", ErrKey
	}
	return string(plain), nil
}
