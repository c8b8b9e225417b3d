package hl7

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"

	"renxin/internal/intake"
)

// finance maps DFT (6.4.1). Payments (PY) are no charges.
func (t *translator) finance() {
	t.record.Event = intake.ChargePost
	t.patient()
	t.encounter()
	seen := map[string]int{}
	for _, s := range t.All("FT1") {
		if kind := t.Value(s, 6); kind == "PY" {
			continue
		}
		if c, ok := t.charge(s); ok {
			c.Number = chargeNumber(t.record, c, seen)
			t.record.Charges = append(t.record.Charges, c)
		}
	}
}

// account maps BAR: a changed account tells of the visit, its diagnoses and procedures; P02 purges and is refused.
func (t *translator) account(trigger string) {
	if trigger == "P02" {
		t.ignore(reasonDelete)
		return
	}
	t.record.Event = intake.EncounterUpdate
	t.patient()
	t.encounterMessage()
}

// charge reads FT1 (6.5.1): extended amount FT1-11, else quantity × unit amount. Credits are negative whatever their sign.
func (t *translator) charge(s Segment) (intake.Charge, bool) {
	code := nth(s.Field(7), t.Repeat, 1)
	c := intake.Charge{
		Number: t.Value(s, 2), Code: t.Component(code, 1), Name: t.Component(code, 2),
		Quantity: t.Value(s, 10), At: t.time(t.Component(nth(s.Field(4), t.Repeat, 1), 1), "FT1-4"),
	}
	if c.Name == "" {
		c.Name = orText(t.Value(s, 8), c.Code)
	}
	if dept := t.coded(s.Field(13)); dept != nil {
		c.Category = *dept
	}
	if c.At == 0 {
		c.At = t.record.OccurredAt
	}
	amount, currency, ok := t.money(s.Field(11))
	if !ok {
		amount, currency, ok = t.money(s.Field(12))
		if quantity, good := decimal(orText(c.Quantity, "1")); ok && good {
			amount.Mul(amount, quantity)
		}
	}
	fen, fits := roundFen(amount)
	if !fits {
		ok = false
	}
	if !ok {
		t.problem(problemAmount, "FT1-11", false)
		return c, false
	}
	if fen > 0 && t.Value(s, 6) == "CR" {
		fen = -fen
	}
	c.AmountFen, c.Currency = fen, currency
	return c, true
}

// money reads CP or MO (2.A.13, 2.A.41): 100, 100&USD, 1,234.50. CNY is not spelled out.
func (t *translator) money(field string) (yuan *big.Rat, currency string, ok bool) {
	price := nth(nth(field, t.Repeat, 1), t.Delimiters.Component, 1)
	currency = strings.ToUpper(t.Unescape(nth(price, t.Sub, 2)))
	if currency == "CNY" || currency == "RMB" || currency == "CHN" {
		currency = ""
	}
	yuan, ok = decimal(strings.TrimLeft(strings.ReplaceAll(t.Unescape(nth(price, t.Sub, 1)), ",", ""), "¥￥ "))
	return yuan, currency, ok
}

// decimal reads plain decimal notation; 1.39E+10 is a spreadsheet's damage and no amount.
func decimal(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 16 || strings.Trim(s, "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// roundFen turns yuan into fen, rounding half away from zero.
func roundFen(yuan *big.Rat) (int64, bool) {
	if yuan == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(new(big.Rat).Mul(yuan, big.NewRat(100, 1)).FloatString(0), 10, 64)
	return n, err == nil
}

// chargeNumber is FT1-2; where it is empty or repeats within the message, the line's content with its ordinal stands in,
// so that a replay meets the same key.
func chargeNumber(r intake.Record, c intake.Charge, seen map[string]int) string {
	key := c.Number
	if key == "" {
		visit := ""
		if r.Encounter != nil {
			visit = r.Encounter.Number
		}
		sum := sha256.Sum256([]byte(strings.Join([]string{visit, c.Code, c.Name, c.Quantity, stamp(c.At), strconv.FormatInt(c.AmountFen, 10)}, "\x1f")))
		key = "x" + hex.EncodeToString(sum[:8])
	}
	seen[key]++
	if n := seen[key]; n > 1 {
		return key + "#" + strconv.Itoa(n)
	}
	return key
}
