package hl7

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// taker answers every message alike.
type taker struct{ out intake.Outcome }

func (t taker) Receive(context.Context, intake.Live) (intake.Outcome, error) { return t.out, nil }

func TestIN01_EnhancedAcknowledgement(t *testing.T) {
	for _, c := range []struct {
		accept, application string
		verdict             intake.Verdict
		want                string
	}{
		{"", "", intake.Added, "AA"}, {"", "", intake.Rejected, "AE"},
		{"AL", "NE", intake.Added, "CA"}, {"AL", "NE", intake.Rejected, "CA"},
		{"AL", "AL", intake.Added, "CA AA"}, {"AL", "AL", intake.Rejected, "CA AE"},
		{"NE", "AL", intake.Review, "AA"}, {"NE", "ER", intake.Added, ""}, {"NE", "ER", intake.Rejected, "AE"},
		{"SU", "SU", intake.Added, "CA AA"}, {"ER", "SU", intake.Rejected, ""}, {"NE", "NE", intake.Added, ""},
	} {
		l := &Listener{Take: taker{intake.Outcome{Verdict: c.verdict, Code: "intake.record.no_patient"}}, Clock: clock.NewFake(time.Unix(1_800_000_000, 0)).Clock, Enhanced: func(context.Context) bool { return true }}
		raw := "MSH|^~\\&|HIS|H|||20261123070000||ADT^A01|7|P|2.5|||" + c.accept + "|" + c.application + "\rPID|||1^^^HIS^MR||王^丽\r"
		acks, err := l.answer(t.Context(), []byte(raw), "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range acks {
			m, err := Parse(a, "")
			if err != nil {
				t.Fatal(err)
			}
			msa := m.First("MSA")
			if m.Value(msa, 2) != "7" {
				t.Errorf("answer to %q", m.Value(msa, 2))
			}
			if code := m.Value(msa, 1); m.Has("ERR") != (code == Error) {
				t.Errorf("%s with ERR %v", code, m.Has("ERR"))
			}
			got = append(got, m.Value(msa, 1))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("MSH-15 %q MSH-16 %q after %s: %v, want %s", c.accept, c.application, c.verdict, got, c.want)
		}
	}
}

// certificate makes a key and a certificate signed by parent (nil: by itself) in dir.
func certificate(t *testing.T, dir, name string, parent *tls.Certificate) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x := &x509.Certificate{SerialNumber: big.NewInt(int64(len(name)) + 1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: parent == nil, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	by, signer := x, any(key)
	if parent != nil {
		by, signer = parent.Leaf, parent.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, x, by, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "EC PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(filepath.Join(dir, name+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
	}
	return pair
}

func TestIN01_OnlySendersWithACertificateAreHeard(t *testing.T) {
	dir := t.TempDir()
	ca := certificate(t, dir, "authority", nil)
	certificate(t, dir, "server", &ca)
	known, stranger := certificate(t, dir, "sender", &ca), certificate(t, dir, "stranger1", nil)
	settings, err := TLS(filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"), filepath.Join(dir, "authority.pem"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	l := &Listener{Take: taker{intake.Outcome{Verdict: intake.Added}}, Clock: clock.NewFake(time.Unix(1_800_000_000, 0)).Clock, Allow: func(context.Context) string { return "127.0.0.1" }}
	done := make(chan error)
	go func() { done <- l.Serve(ctx, tls.NewListener(plain, settings)) }()
	defer func() { stop(); <-done }()
	roots := x509.NewCertPool()
	roots.AddCert(ca.Leaf)
	say := func(c *tls.Config) string {
		conn, err := tls.Dial("tcp", plain.Addr().String(), c)
		if err != nil {
			return ""
		}
		defer conn.Close()
		conn.Write(Frame([]byte("MSH|^~\\&|HIS|H|||20261123070000||ADT^A01|7|P|2.5\rPID|||1^^^HIS^MR||王^丽\r")))
		raw, err := ReadFrame(bufio.NewReader(conn))
		if err != nil {
			return ""
		}
		return string(raw)
	}
	if got := say(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{known}}); !strings.Contains(got, "MSA|AA|7") {
		t.Errorf("a known sender: %q", got)
	}
	for name, c := range map[string]*tls.Config{"no certificate": {RootCAs: roots}, "another authority": {RootCAs: roots, Certificates: []tls.Certificate{stranger}}} {
		if got := say(c); got != "" {
			t.Errorf("%s: answered %q", name, got)
		}
	}
	if _, err := TLS(filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"), filepath.Join(dir, "server.key")); err == nil {
		t.Error("a key was taken for an authority")
	}
}

func TestEditWritesFieldsAsSent(t *testing.T) {
	raw := []byte("MSH|^~\\&|HIS|H|||20261123070000||ADT^A01|7|P|2.5\rEVN|A01\rPID|1||Z1^^^HIS^MR||王^丽||199|F\rZZZ|geheim\r")
	rd := Reader{}
	hidden := map[string]bool{}
	for _, p := range rd.Parts(raw, "") {
		hidden[p.Place] = p.Personal
	}
	if !hidden["3/PID-5"] || !hidden["4/ZZZ-1"] || hidden["1/MSH-9"] {
		t.Errorf("personal: %v", hidden)
	}
	if _, ok := hidden["1/MSH-2"]; ok {
		t.Error("MSH-2 says how the message is read and is not for editing")
	}
	out, err := rd.Edit(raw, "", map[string]string{"3/PID-7": "19900305", "3/PID-13": "15412345678", "2/EVN-2": "20261123"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(out, "")
	if err != nil {
		t.Fatal(err)
	}
	pid := m.First("PID")
	if m.Value(pid, 7) != "19900305" || m.Value(pid, 13) != "15412345678" || pid.Field(5) != "王^丽" || m.Value(m.First("EVN"), 2) != "20261123" || m.Charset != CharsetUTF8 {
		t.Errorf("%s", out)
	}
	for _, place := range []string{"3/PV1-7", "9/PID-7", "1/MSH-2", "x", "3/PID-0", "3/PID-9999", "1/MSH-18"} {
		if _, err := rd.Edit(raw, "", map[string]string{place: "x"}); err == nil {
			t.Errorf("%s was written", place)
		}
	}
	for _, value := range []string{"a\rPID|", "a|b", "a\x0b"} {
		if _, err := rd.Edit(raw, "", map[string]string{"3/PID-7": value}); err == nil {
			t.Errorf("%q broke out of its field", value)
		}
	}
}
