package hl7

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// Accept acknowledgements of the enhanced mode (table 0008, 2.9.3): a message is safely stored, which says nothing of its content.
const (
	CommitAccept = "CA" // stored
	CommitError  = "CE" // cannot be stored
	CommitReject = "CR" // not a message that we can read
)

// Wants says which answers a sender asks for in MSH-15 and MSH-16 (table 0155).
type Wants struct{ accept, application string }

// WantsOf reads them. Without either the sender speaks the original mode and gets the application's answer.
func WantsOf(m *Message) Wants {
	if m == nil {
		return Wants{}
	}
	return Wants{m.Value(m.Segments[0], 15), m.Value(m.Segments[0], 16)}
}

// Enhanced tells that the sender speaks the enhanced mode.
func (w Wants) Enhanced() bool { return w.accept != "" || w.application != "" }

// answered tells whether an answer of that outcome is asked for.
func answered(want string, good bool) bool {
	switch want {
	case "AL":
		return true
	case "ER":
		return !good
	case "SU":
		return good
	}
	return false // NE, and what nobody knows
}

// answers gives the acknowledgements of a message that is stored, in the order in which they are sent: none, one or both.
func answers(m *Message, a Answer, number func() string) [][]byte {
	w := WantsOf(m)
	if !w.Enhanced() {
		return [][]byte{Ack(m, a)}
	}
	var out [][]byte
	if answered(w.accept, true) {
		out = append(out, Ack(m, Answer{Code: CommitAccept, ControlID: number(), At: a.At, Zone: a.Zone}))
	}
	if answered(w.application, a.Code == Accept) {
		out = append(out, Ack(m, a))
	}
	return out
}

// TLS makes the settings of an encrypted port. With clientCA only senders that show a certificate signed by it are let in.
func TLS(certFile, keyFile, clientCA string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("hl7: certificate: %w", err)
	}
	c := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if clientCA == "" {
		return c, nil
	}
	pem, err := os.ReadFile(clientCA)
	if err != nil {
		return nil, fmt.Errorf("hl7: client authority: %w", err)
	}
	c.ClientCAs = x509.NewCertPool()
	if !c.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("hl7: the client authority holds no certificate")
	}
	c.ClientAuth = tls.RequireAndVerifyClientCert
	return c, nil
}
