package sheet

import (
	"testing"

	"renxin/internal/intake"
)

// A list that this house exported comes in again: its headings mean what they meant, and our own last lines are no patients.
func TestPT10_OwnExportComesInAgain(t *testing.T) {
	file := "\ufeff姓名,性别,出生日期,年龄,手机,电话,身份证号,门诊号,住院号,地址,来源,标签,最近就诊,建档日期\n" +
		"张三,男,1980-01-02,46,15412345678,,,0001234,,山东省济南市,网络,VIP,2026-11-01,2025-01-01\n" +
		"李四,女,1990-05-06,36,15412345679,,,0001235,,,,,,2025-01-01\n" +
		"濮清远,女,,,15400000001,,,,,,,,,\n" +
		"※ 导出人：吴志刚；时间：2026-11-23 07:00；数据范围：全院；编号：ve_0akwtrrwm0000，共 2 行。内部资料，请勿外传。\n"
	reading, records := open(t, []byte(file), intake.ReadOptions{Issuer: "HIS"})
	if reading.Total != 2 || len(records) != 2 {
		t.Fatalf("%d told, %d read", reading.Total, len(records))
	}
	for _, c := range reading.Columns {
		want := map[string]string{"姓名": patientName, "性别": patientSex, "出生日期": patientBirth, "手机": patientMobile, "电话": patientPhone, "身份证号": patientIDCard,
			"门诊号": patientOutpatient, "住院号": patientInpatient, "地址": patientAddress, "来源": patientSource}[c.Heading]
		if c.Field != want {
			t.Errorf("%s is read as %q, want %q", c.Heading, c.Field, want)
		}
	}
	plain, all := open(t, []byte("姓名,手机\n张三,15412345678\n※ 备注,\n"), intake.ReadOptions{Issuer: "HIS"})
	if plain.Total != 2 || len(all) != 2 {
		t.Errorf("a line of somebody else with our sign is taken for ours: %d", len(all))
	}
}
