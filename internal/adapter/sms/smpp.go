// Package sms speaks to message centres (短信中心): an SMPP 3.4 client that is a message.Sender, and a small SMPP server for
// the demonstration and for tests. Section numbers in comments are those of "Short Message Peer to Peer Protocol
// Specification v3.4", issue 1.2, 12-Oct-1999.
package sms

import "fmt"

// command is the kind of a PDU, §5.1.2.1; a response has the top bit set.
type command uint32

const (
	genericNack         command = 0x80000000
	bindReceiver        command = 0x00000001
	bindTransmitter     command = 0x00000002
	submitSM            command = 0x00000004
	submitSMResp        command = 0x80000004
	deliverSM           command = 0x00000005
	deliverSMResp       command = 0x80000005
	unbind              command = 0x00000006
	unbindResp          command = 0x80000006
	bindTransceiver     command = 0x00000009
	bindTransceiverResp command = 0x80000009
	enquireLink         command = 0x00000015
	enquireLinkResp     command = 0x80000015

	response command = 0x80000000
)

// status is the outcome in a response, §5.1.3.
type status uint32

const (
	statusOK            status = 0x00000000
	statusBadLength     status = 0x00000002 // ESME_RINVCMDLEN
	statusBadCommand    status = 0x00000003 // ESME_RINVCMDID
	statusBindState     status = 0x00000004 // ESME_RINVBNDSTS
	statusAlreadyBound  status = 0x00000005 // ESME_RALYBND
	statusSystemError   status = 0x00000008 // ESME_RSYSERR
	statusBadSource     status = 0x0000000A // ESME_RINVSRCADR
	statusBadDest       status = 0x0000000B // ESME_RINVDSTADR
	statusBindFailed    status = 0x0000000D // ESME_RBINDFAIL
	statusBadPassword   status = 0x0000000E // ESME_RINVPASWD
	statusBadSystemID   status = 0x0000000F // ESME_RINVSYSID
	statusQueueFull     status = 0x00000014 // ESME_RMSGQFUL
	statusSubmitFailed  status = 0x00000045 // ESME_RSUBMITFAIL
	statusThrottled     status = 0x00000058 // ESME_RTHROTTLED
	statusTryLater      status = 0x00000064 // ESME_RX_T_APPN: the receiver cannot take it now, send again
	statusUnknownFailed status = 0x000000FF // ESME_RUNKNOWNERR
)

// code is how a status stands in logs and rows: "SMPP 0x0B".
func (s status) code() string { return fmt.Sprintf("SMPP 0x%02X", uint32(s)) }

// slowDown tells that the message centre wants a lower rate; the message itself is fine.
func (s status) slowDown() bool { return s == statusThrottled || s == statusQueueFull }

// passing tells that the same message may be taken later.
func (s status) passing() bool {
	return s.slowDown() || s == statusSystemError || s == statusTryLater || s == statusBindState
}

// esm_class bits, §5.2.12.
const (
	esmTypeMask     = 0x3C
	esmReceipt      = 0x04 // SMSC delivery receipt
	esmIntermediate = 0x20 // intermediate notification
	esmUDHI         = 0x40 // the text begins with a user data header
)

// data_coding values, §5.2.19.
const (
	codingDefault = 0x00 // the message centre's own alphabet, taken to be GSM-7 with one septet per octet
	codingASCII   = 0x01
	codingBinary2 = 0x02
	codingLatin1  = 0x03
	codingBinary  = 0x04
	codingUCS2    = 0x08
	codingGB      = 0x0F // reserved here; Chinese message centres use it for GB 18030 as in CMPP
)

// Optional parameters, §5.3.2.
const (
	tagReceiptedID    = 0x001E // §5.3.2.12
	tagUserReference  = 0x0204 // §5.3.2.17
	tagSARReference   = 0x020C // §5.3.2.22
	tagSARTotal       = 0x020E // §5.3.2.23
	tagSARIndex       = 0x020F // §5.3.2.24
	tagInterface      = 0x0210 // §5.3.2.25
	tagNetworkError   = 0x0423 // §5.3.2.31
	tagMessagePayload = 0x0424 // §5.3.2.32
	tagMessageState   = 0x0427 // §5.3.2.35
)

const interfaceVersion = 0x34 // §5.2.4
