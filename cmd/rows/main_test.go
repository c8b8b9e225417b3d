package main

import "testing"

func TestPatternsReadTestNames(t *testing.T) {
	for name, text := range map[string]string{
		"plan_test.go":  "func TestFU03_LEEPSchedule(t *testing.T) {",
		"list.test.tsx": "test('FU-03 the ruler shows the days', async () => {",
		"day.spec.ts":   "it.only(\"FU-03 x\", fn)",
		"more.e2e.ts":   "test(`FU-03`, fn)",
	} {
		if m := testPattern(name).FindStringSubmatch(text); m == nil || m[1]+m[2] != "FU03" {
			t.Errorf("%s: %q is not read", name, text)
		}
	}
	if testPattern("plan.go") != nil {
		t.Error("a file without tests counts")
	}
	if goTest.MatchString("// func TestFU03_x") {
		t.Error("a comment counts as a test")
	}
}
