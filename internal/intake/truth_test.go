package intake_test

import (
	"strconv"
	"strings"
	"testing"

	"renxin/internal/intake/intaketest"
)

// truthOf gives whose each row of the linkage sample is, by the row's place in the file (line 1 holds the headings).
func truthOf(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(intaketest.File(t, "linkage-cn-authored", "cn_patients_dev.truth.csv"))), "\n") {
		f := strings.Split(line, ",")
		if i > 0 {
			n, err := strconv.Atoi(f[0])
			if err != nil {
				t.Fatal(err)
			}
			out["R"+strconv.Itoa(n+1)] = f[1]
		}
	}
	return out
}
