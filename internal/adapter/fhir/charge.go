package fhir

import (
	"math/big"
	"strconv"
	"strings"

	"renxin/internal/intake"
)

// charge reads ChargeItem (13.5): the stated total priceOverride; R5 says totalPriceComponent, or a unit price to be
// multiplied. What was entered in error or aborted counts nothing any more.
func (w *writer) charge(e *entry) {
	n := e.node()
	c := intake.Charge{}
	c.Code, c.Name = n.at("code").concept()
	if c.Number, _ = w.key(n); c.Number == "" {
		w.problem(problemKey, "ChargeItem.identifier", true)
		return
	}
	quantity := n.at("quantity").at("value")
	c.Quantity = quantity.text()
	c.At = w.time(n.str("occurrenceDateTime"), "occurrenceDateTime")
	if c.At == 0 {
		c.At, _ = w.period(n.at("occurrencePeriod"), "occurrencePeriod")
	}
	if c.At == 0 {
		c.At = w.time(n.str("enteredDate"), "enteredDate")
	}
	if c.At == 0 {
		c.At = w.record.OccurredAt
	}
	if _, name, _ := w.place(n, n.at("performingOrganization")); name != "" {
		c.Category = name
	}
	switch n.str("status") {
	case "planned", "not-billable", "unknown":
		return
	case "entered-in-error", "aborted":
		w.record.Charges = append(w.record.Charges, c)
		return
	}
	money, amount, ok := price(n, quantity)
	fen, fits := fen(amount)
	if !ok || !fits {
		w.problem(problemAmount, "priceOverride", false)
		return
	}
	c.AmountFen, c.Currency = fen, money
	w.record.Charges = append(w.record.Charges, c)
}

func price(n, quantity node) (currency string, amount *big.Rat, ok bool) {
	total := n.at("priceOverride")
	if total.v == nil {
		total = n.at("totalPriceComponent").first().at("amount")
	}
	if total.v != nil {
		amount, ok = total.at("value").decimal()
		return yuan(total.str("currency")), amount, ok
	}
	unit := n.at("unitPriceComponent").first().at("amount")
	amount, ok = unit.at("value").decimal()
	if times, good := quantity.decimal(); ok && good {
		amount = new(big.Rat).Mul(amount, times)
	}
	return yuan(unit.str("currency")), amount, ok
}

// yuan: CNY is not spelled out.
func yuan(currency string) string {
	if c := strings.ToUpper(currency); c != "CNY" && c != "RMB" {
		return c
	}
	return ""
}

// fen rounds yuan half away from zero.
func fen(amount *big.Rat) (int64, bool) {
	if amount == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(new(big.Rat).Mul(amount, big.NewRat(100, 1)).FloatString(0), 10, 64)
	return n, err == nil
}
