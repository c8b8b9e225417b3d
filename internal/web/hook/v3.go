package hook

import (
	_ "embed"
	"encoding/xml"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"renxin/internal/adapter/v3"
	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// postV3 takes one message and answers with its acknowledgement, wrapped as the message was. A message that was read is answered
// with status 200 whatever became of it: the acknowledgement says that, and a sender that only looks at the status must not send
// what can never be taken again and again.
func (d *Door) postV3(w http.ResponseWriter, req *http.Request, c call) {
	ctx, route := req.Context(), Route{Format: intake.HookV3}
	options := d.Intake.OptionsOf(ctx, c.hook)
	if options.Charset == "" {
		_, params, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
		options.Charset = params["charset"]
	}
	m, err := v3.Read(c.body, options)
	a := v3.Answer{Code: v3.Accept, ID: d.serial(), At: d.Clock.Now(), Zone: d.Clock.Zone()}
	if err != nil {
		a.Code, a.Text = v3.Reject, said(ctx, fault.KeyOf(err))
		answerXML(w, http.StatusOK, m.ContentType(), m.Ack(a))
		return
	}
	out, err := d.Intake.Push(ctx, intake.Push{Hook: c.hook, Address: c.address, Charset: m.Charset, Records: []intake.Record{m.Record}})
	if err != nil {
		d.refuse(w, req, route, err)
		return
	}
	switch o := out[0]; {
	case !m.Supported:
		a.Code, a.Text = v3.Reject, said(ctx, o.Code)
	case torn(o):
		a.Code, a.Text = v3.Error, said(ctx, o.Code)
	case o.Code != "":
		a.Text = said(ctx, o.Code)
	}
	answerXML(w, http.StatusOK, m.ContentType(), m.Ack(a))
}

var last atomic.Int64

// serial numbers our answers: milliseconds, never twice.
func (d *Door) serial() string {
	for {
		was := last.Load()
		next := max(was+1, int64(d.Clock.Now()))
		if last.CompareAndSwap(was, next) {
			return strconv.FormatInt(next, 10)
		}
	}
}

func answerXML(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	w.Write(body)
}

func soapFault(w http.ResponseWriter, status int, text string) {
	code := "soap:Client"
	if status >= http.StatusInternalServerError {
		code = "soap:Server"
	}
	var b strings.Builder
	if xml.EscapeText(&b, []byte(text)) != nil { // a builder takes everything
		return
	}
	answerXML(w, status, "text/xml; charset=utf-8", []byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>`+code+`</faultcode><faultstring>`+b.String()+`</faultstring></soap:Fault></soap:Body></soap:Envelope>`))
}

//go:embed service.wsdl
var service string

// wsdl describes the one operation that integration platforms expect, at the address by which we were asked.
func (d *Door) wsdl(w http.ResponseWriter, req *http.Request, _ call) {
	scheme := "http"
	if req.TLS != nil || req.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	var b strings.Builder
	if xml.EscapeText(&b, []byte(scheme+"://"+req.Host+"/hook/v3")) != nil {
		return
	}
	answerXML(w, http.StatusOK, "text/xml; charset=utf-8", []byte(strings.ReplaceAll(service, "{address}", b.String())))
}

func itoa(n int) string { return strconv.Itoa(n) }
