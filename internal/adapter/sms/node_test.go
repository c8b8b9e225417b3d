package sms_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"renxin/internal/message/messagetest"
)

// node is the independent message centre: npm smpp 0.5.1 in a process of its own.
type node struct {
	t      *testing.T
	port   int
	in     *json.Encoder
	mu     sync.Mutex
	orders int
	phones map[string][]string
	counts map[string]int
	done   map[int]bool
}

func startNode(t *testing.T) *node {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed, so there is no independent message centre to test against")
	}
	cmd := exec.Command(program, filepath.Join(installed(t), "smsc.js"))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, in: json.NewEncoder(stdin), phones: map[string][]string{}, counts: map[string]int{}, done: map[int]bool{}}
	go n.listen(bufio.NewScanner(stdout))
	t.Cleanup(func() { stdin.Close(); cmd.Wait() })
	messagetest.Until(t, "the message centre listens", func() bool { return n.count("port") > 0 })
	return n
}

// installed gives a folder with the script and its packages, kept in the user's cache under the lock file's hash.
func installed(t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile("testdata/smsc/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "renxin-test", fmt.Sprintf("smsc-%.6x", sha256.Sum256(lock)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"package.json", "package-lock.json", "smsc.js"} {
		b, err := os.ReadFile(filepath.Join("testdata/smsc", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "smpp", "package.json")); err == nil {
		return dir
	}
	ci := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	ci.Dir = dir
	if out, err := ci.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}

func (n *node) listen(lines *bufio.Scanner) {
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			Event, From, To, Text string
			Port, ID              int
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			n.t.Errorf("%v: %s", err, lines.Bytes())
			return
		}
		n.mu.Lock()
		n.counts[e.Event]++
		switch e.Event {
		case "listening":
			n.port = e.Port
			n.counts["port"] = e.Port
		case "message":
			n.phones[e.To] = append(n.phones[e.To], e.Text)
		case "done", "replied":
			n.done[e.ID] = true
		}
		n.mu.Unlock()
	}
}

func (n *node) count(event string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.counts[event]
}

func (n *node) phone(number string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.phones[number]...)
}

// order gives an order and waits until it is carried out.
func (n *node) order(fields map[string]any) error {
	n.mu.Lock()
	n.orders++
	id := n.orders
	fields["id"] = id
	err := n.in.Encode(fields)
	n.mu.Unlock()
	for deadline := time.Now().Add(10 * time.Second); err == nil; <-time.After(2 * time.Millisecond) {
		n.mu.Lock()
		done := n.done[id]
		n.mu.Unlock()
		if done {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("order %v was not carried out", fields["do"])
		}
	}
	return err
}

func (n *node) behave(mood map[string]any) { n.must(map[string]any{"do": "behave", "mood": mood}) }

func (n *node) must(fields map[string]any) {
	if err := n.order(fields); err != nil {
		n.t.Error(err)
	}
}
