package demo

import (
	"fmt"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// HL7 writes a record as an HL7 v2.4 message in UTF-8, segments ended by CR, the way a Chinese HIS sends it:
// what the demo HIS puts on the wire. Events that no v2 message carries give an empty result.
func HL7(r intake.Record) []byte {
	kind := r.Type
	if _, ok := structures[kind]; !ok {
		kind = types[r.Event]
	}
	if kind == "" {
		return nil
	}
	var w segments
	trigger := kind + "^" + structures[kind]
	app, facility, _ := strings.Cut(r.Sender, "/")
	w.raw("MSH|^~\\&|" + escape(app) + "|" + escape(facility) + "|RENXIN|RA01|" + stamp(r.OccurredAt) + "||" + trigger + "|" + escape(r.ControlID) + "|P|2.4|||AL|NE|CHN|UNICODE UTF-8")
	if strings.HasPrefix(kind, "SIU") {
		w.schedule(r, kind)
		return w.bytes()
	}
	if strings.HasPrefix(kind, "ADT") || strings.HasPrefix(kind, "DFT") {
		w.raw("EVN|" + kind[4:] + "|" + stamp(r.OccurredAt))
	}
	w.person(r.Patient)
	for _, m := range r.Merges {
		w.raw("MRG|" + identifiers(m.From))
	}
	if r.Encounter != nil {
		w.visit(*r.Encounter)
	}
	w.clinical(r)
	return w.bytes()
}

// structures are the message structures of HL7 v2.4 chapter 3, 6, 7 and 10 for the triggers that a HIS of the demo sends.
var structures = map[string]string{
	"ADT^A01": "ADT_A01", "ADT^A03": "ADT_A03", "ADT^A04": "ADT_A01", "ADT^A08": "ADT_A01", "ADT^A11": "ADT_A09", "ADT^A28": "ADT_A05",
	"ADT^A31": "ADT_A05", "ADT^A40": "ADT_A39", "DFT^P03": "DFT_P03", "ORU^R01": "ORU_R01",
	"SIU^S12": "SIU_S12", "SIU^S13": "SIU_S12", "SIU^S15": "SIU_S12", "SIU^S26": "SIU_S12",
}

// segments collects the segments of one message.
type segments struct{ b strings.Builder }

func (w *segments) raw(segment string) {
	w.b.WriteString(strings.TrimRight(segment, "|"))
	w.b.WriteByte('\r')
}

// set writes a segment whose fields stand at the given numbers; values come escaped.
func (w *segments) set(name string, last int, at map[int]string) {
	f := make([]string, last+1)
	f[0] = name
	for i, v := range at {
		f[i] = v
	}
	w.raw(strings.Join(f, "|"))
}

func (w *segments) bytes() []byte { return []byte(w.b.String()) }

func (w *segments) person(p intake.Person) {
	own, others := phones(p.Telecoms)
	w.set("PID", 30, map[int]string{
		1: "1", 3: identifiers(p.Identifiers), 5: field(p.Name), 7: strings.ReplaceAll(field(p.BirthDate), "-", ""), 8: sexCode(p.Sex),
		11: addressField(p), 13: own, 16: coded(maritals, p.Marital), 22: coded(ethnicities, p.Ethnicity),
	})
	for i, t := range others {
		w.set("NK1", 5, map[int]string{1: fmt.Sprint(i + 1), 3: escape(relations[t.Owner]), 5: escape(t.Value)})
	}
}

// relations are the Chinese words of NK1-3 for the owners of a number.
var relations = map[string]string{"mother": "母亲", "father": "父亲", "daughter": "女儿", "son": "儿子", "spouse": "配偶"}

// phones splits the contact points into PID-13 and those that belong to relatives (NK1).
func phones(all []intake.Telecom) (own string, others []intake.Telecom) {
	var list []string
	for _, t := range all {
		switch {
		case t.Owner != "" && t.Owner != "self":
			others = append(others, t)
		case t.System == "mobile":
			list = append(list, escape(t.Value)+"^PRN^CP")
		case t.System == "phone":
			list = append(list, escape(t.Value)+"^PRN^PH")
		}
	}
	return strings.Join(list, "~"), others
}

// identifierTypes are the CX-5 words that Chinese interface specifications use.
var identifierTypes = map[string]string{
	"other": "PatientNO", "id_card": "IdentifyNO", "card": "CardNO", "outpatient": "OutpatientNO", "inpatient": "InpatientNO", "checkup": "PatientNO",
}

func identifiers(all []intake.Identifier) string {
	var list []string
	for _, x := range all {
		issuer := x.Issuer
		if x.Kind == "id_card" {
			issuer = "GA"
		}
		list = append(list, escape(x.Value)+"^^^"+escape(issuer)+"^"+identifierTypes[x.Kind])
	}
	return strings.Join(list, "~")
}

// addressField is PID-11: street text and, as its county component, the code of the division.
func addressField(p intake.Person) string {
	if p.Address == nil {
		return ""
	}
	a := field(p.Address) + "^^^^^CHN^H"
	if p.RegionCode != nil {
		a += "^^" + field(p.RegionCode)
	}
	return a
}

func (w *segments) visit(e intake.Encounter) {
	class := map[string]string{"AMB": "O", "CHK": "O", "EMER": "E", "IMP": "I"}[e.Class]
	kind := map[string]string{"AMB": "OP", "CHK": "CHK", "EMER": "EM", "IMP": "IP"}[e.Class]
	where := component(e.DepartmentCode, e.DepartmentName)
	service := ""
	if e.Class == "IMP" && e.WardCode != "" {
		where, service = escape(e.WardCode)+"^^"+escape(e.Bed)+"^本部", component(e.DepartmentCode, e.DepartmentName)
	}
	w.set("PV1", 45, map[int]string{
		1: "1", 2: class, 3: where, 7: component(e.DoctorCode, e.DoctorName), 10: service, 18: kind, 19: escape(e.Number),
		36: escape(e.Disposition), 44: stamp(e.StartedAt), 45: stamp(e.EndedAt),
	})
}

// clinical writes diagnoses, operations, charges and results.
func (w *segments) clinical(r intake.Record) {
	for i, c := range r.Conditions {
		kind := map[string]string{"admission": "A", "discharge": "F", "working": "W", "outpatient": "F"}[c.Kind]
		w.set("DG1", 15, map[int]string{1: fmt.Sprint(i + 1), 2: "ICD10", 3: component(c.Code, c.Name), 5: stamp(c.At), 6: kind, 15: fmt.Sprint(c.Rank)})
	}
	for i, p := range r.Procedures {
		w.set("PR1", 19, map[int]string{1: fmt.Sprint(i + 1), 2: "ICD9CM3", 3: component(p.Code, p.Name), 5: stamp(p.At), 11: component("", p.Doctor), 19: escape(p.Number)})
	}
	for i, c := range r.Charges {
		sign := "CG"
		if c.AmountFen < 0 {
			sign = "CR"
		}
		w.set("FT1", 12, map[int]string{
			1: fmt.Sprint(i + 1), 2: escape(c.Number), 4: stamp(c.At), 5: stamp(c.At), 6: sign, 7: component(c.Code, c.Name), 10: escape(c.Quantity),
			11: yuan(c.AmountFen), 12: yuan(c.AmountFen),
		})
	}
	for i, x := range r.Reports {
		w.report(i+1, x)
	}
}

func (w *segments) report(n int, x intake.Report) {
	section := map[string]string{"lab": "LAB", "imaging": "RAD", "checkup": "TJ"}[x.Kind]
	flag := map[string]string{"abnormal": "A", "critical": "AA"}[x.Abnormal]
	w.set("OBR", 25, map[int]string{1: fmt.Sprint(n), 3: escape(x.Number), 4: escape(x.Name) + "^" + escape(x.Name) + "^L", 7: stamp(x.At), 22: stamp(x.At), 24: section, 25: "F"})
	w.set("OBX", 11, map[int]string{1: "1", 2: "ST", 3: "SUM^结论^L", 5: escape(x.Conclusion), 8: flag, 11: "F"})
}

// schedule writes a SIU message: SCH, PID, PV1, RGS, AIS, AIP.
func (w *segments) schedule(r intake.Record, kind string) {
	a := r.Appointment
	state := map[string]string{"SIU^S12": "Booked", "SIU^S13": "Booked", "SIU^S15": "Cancelled", "SIU^S26": "Noshow"}[kind]
	minutes := fmt.Sprint(a.EndsAt.Sub(a.StartsAt).Minutes())
	w.set("SCH", 25, map[int]string{
		1: escape(a.Placer), 2: escape(a.Number), 6: escape(a.Reason), 7: escape(a.Reason), 8: "NORMAL", 9: minutes, 10: "min",
		11: "^^" + minutes + "^" + stamp(a.StartsAt) + "^" + stamp(a.EndsAt), 25: state,
	})
	w.person(r.Patient)
	department := component(a.DepartmentCode, a.DepartmentName)
	w.set("PV1", 7, map[int]string{1: "1", 2: "O", 3: department, 7: component(a.DoctorCode, a.DoctorName)})
	w.raw("RGS|1|A")
	w.set("AIS", 8, map[int]string{1: "1", 2: "A", 3: department, 4: stamp(a.StartsAt), 7: minutes, 8: "min"})
	if a.DoctorCode != "" {
		w.set("AIP", 3, map[int]string{1: "1", 2: "A", 3: component(a.DoctorCode, a.DoctorName)})
	}
}

func component(code, name string) string {
	if name == "" {
		return escape(code)
	}
	return escape(code) + "^" + escape(name)
}

// stamp is a time of HL7 (TS) in the hospital's zone, "" for none.
func stamp(i clock.Instant) string {
	if i == 0 {
		return ""
	}
	return zone.Local(i).Format("20060102150405")
}

var zone = clock.New(nil)

func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

func field(t intake.Text) string {
	if t == nil {
		return ""
	}
	if *t == "" {
		return `""`
	}
	return escape(*t)
}

func sexCode(t intake.Text) string {
	return map[string]string{"male": "M", "female": "F", "other": "O", "unknown": "U"}[field(t)]
}

// Codes of GB/T 2261.2 and GB/T 3304 for the words that the demo uses.
var (
	maritals    = map[string]string{"未婚": "10", "已婚": "20", "丧偶": "30", "离婚": "40"}
	ethnicities = map[string]string{"汉族": "HA"}
)

// coded is a CE: code^text.
func coded(codes map[string]string, t intake.Text) string {
	if word := field(t); word != "" {
		return codes[word] + "^" + word
	}
	return ""
}

// escape protects the delimiters of HL7 v2 §2.10.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer(`\`, `\E\`, "|", `\F\`, "^", `\S\`, "&", `\T\`, "~", `\R\`, "\r", `\.br\`)
