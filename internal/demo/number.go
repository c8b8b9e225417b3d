package demo

import "fmt"

// Numbers of the demo hospital cannot belong to anybody: mobiles use the unassigned prefix 154, identity cards
// carry city codes ending in 00 that no card was ever issued with, landlines are area code + x5550xxx.

// mobile turns a serial into a mobile number; different serials below 90 million give different numbers,
// and none of them starts with 1540, which is kept for the named patients.
func mobile(serial int) string {
	const space, stride = 90_000_000, 37_139_213 // the stride shares no factor with the space
	n := 10_000_000 + (uint64(serial)*stride+40_507)%space
	return fmt.Sprintf("154%08d", n)
}

// landline turns a serial into one of 7,000 local numbers of Jinan.
func landline(serial int) string {
	return fmt.Sprintf("0531-%d5550%03d", 2+serial/1000%7, serial%1000)
}

// placeholders are what clerks type where a mobile number is asked for and none is known.
var placeholders = []string{"13800000000", "11111111111", "00000000000", "15400000000"}

// idCard composes an identity card number (GB 11643): region, birth date, order (odd for men), check character.
func idCard(region string, birth day, order int) string {
	body := region + birth.compact() + fmt.Sprintf("%03d", order)
	return body + string(idCheck(body))
}

// idCheck is the ISO 7064 MOD 11-2 character of the first 17 digits (GB 11643 §4.4).
func idCheck(body string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// idCard15 is the first-generation form: no century, no check character. Only for births before 2000.
func idCard15(id string) string { return id[:6] + id[8:17] }

// mistype exchanges two neighbouring digits that differ, as tired clerks do; the check character no longer fits.
func mistype(d dice, number string) string {
	b := []byte(number)
	for range 20 {
		i := d.between(len(b)/2, len(b)-3)
		if b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			return string(b)
		}
	}
	return number
}

// idRegions are city codes (…00) by which the card number and the person's serial number give every person a card of their own.
// 371700 is left out: the named patients carry it.
var idRegions = []string{
	"370100", "370200", "370300", "370400", "370500", "370600", "370700", "370800", "370900", "371000",
	"371100", "371300", "371400", "371500", "371600", "320100", "320300", "320800", "410100", "410900",
	"130100", "130900", "340100", "340600", "230100", "210200", "420100", "510100", "610100", "140100",
}

const storyRegion = "371700"

// cardClass is one of the combinations of region and order number that persons of one sex share.
func cardClass(serial int, male bool) (region string, order int) {
	order = serial % 500 * 2
	if male {
		order++
	}
	return idRegions[serial/500%len(idRegions)], order
}

// cardCycle is how many persons lie between two of the same class; those two are kept apart by birth date.
func cardCycle() int { return 500 * len(idRegions) }
