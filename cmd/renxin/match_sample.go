package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"renxin/internal/adapter/sheet"
	"renxin/internal/identity"
	"renxin/internal/intake"
	"renxin/internal/match"
	"renxin/internal/platform/clock"
)

// sample is records whose persons are known: entity "" where the truth is silent. names are what the files call the rows.
type sample struct {
	records []match.Record
	entity  []string
	names   []string
}

// countNames tells every record how frequent its name is in the sample.
func (s sample) countNames() {
	count := match.Names{}
	for _, r := range s.records {
		count.Add(identity.SplitName(r.Name))
	}
	for i := range s.records {
		s.records[i].NameShare = count.Share(identity.SplitName(s.records[i].Name))
	}
}

// readHospital reads RECORDS as an import would, and TRUTH with its columns row and entity. A row is named by the column 行号 (or row,
// 序号, no), else by its place from 1.
func readHospital(paths []string) (sample, error) {
	if len(paths) != 2 {
		return sample{}, errors.New("match: two files are needed, RECORDS and TRUTH")
	}
	raw, err := os.ReadFile(paths[0])
	if err != nil {
		return sample{}, err
	}
	cells, err := sheet.Cells(raw)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", filepath.Base(paths[0]), err)
	}
	reading, err := sheet.Reader{}.Open(raw, intake.ReadOptions{})
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", filepath.Base(paths[0]), err)
	}
	truth, err := readTruth(paths[1])
	if err != nil {
		return sample{}, err
	}
	s, i, known := sample{}, 0, 0
	column := cells.Column("行号", "row", "序号", "no", "编号")
	for r := range reading.Records {
		name := strconv.Itoa(i + 1)
		if column >= 0 && cells.Rows[i][column] != "" {
			name = cells.Rows[i][column]
		}
		if truth[name] != "" {
			known++
		}
		s.records, s.entity, s.names = append(s.records, r.Patient.Evidence("")), append(s.entity, truth[name]), append(s.names, "row "+name)
		i++
	}
	if known == 0 {
		return s, fmt.Errorf("match: no row of %s is named in %s", filepath.Base(paths[0]), filepath.Base(paths[1]))
	}
	return s, nil
}

// readTruth reads which person each row is.
func readTruth(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := sheet.Cells(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	row, entity, rows := t.Column("row", "行号", "序号"), t.Column("entity", "person", "实体", "人"), t.Rows
	if row < 0 || entity < 0 {
		if len(t.Head) != 2 {
			return nil, fmt.Errorf("%s: the columns row and entity are missing", filepath.Base(path))
		}
		row, entity, rows = 0, 1, append(rows, t.Head) // two columns without a heading
	}
	out := map[string]string{}
	for _, r := range rows {
		out[r[row]] = r[entity]
	}
	return out, nil
}

// febrlPerson is the person in a rec_id: rec-223-org and rec-223-dup-0 are one.
var febrlPerson = regexp.MustCompile(`^rec-(\d+)-`)

// readFEBRL reads files of the FEBRL benchmark; records of several files are one set.
func readFEBRL(paths []string) (sample, error) {
	s := sample{}
	if len(paths) == 0 {
		return s, errors.New("match: at least one FEBRL file is needed")
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return s, err
		}
		t, err := sheet.Cells(raw)
		if err != nil {
			return s, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		id := t.Column("rec_id")
		if id < 0 {
			return s, fmt.Errorf("%s: the column rec_id is missing", filepath.Base(path))
		}
		for _, r := range t.Rows {
			m := febrlPerson.FindStringSubmatch(r[id])
			if m == nil {
				return s, fmt.Errorf("%s: %q is no rec_id", filepath.Base(path), r[id])
			}
			s.records, s.entity, s.names = append(s.records, febrlRecord(t, r)), append(s.entity, m[1]), append(s.names, r[id])
		}
	}
	return s, nil
}

// febrlRecord is a row in match's terms: the social security number is a document of the state.
func febrlRecord(t sheet.Table, r []string) match.Record {
	words := func(columns ...string) string {
		var out []string
		for _, c := range columns {
			if i := t.Column(c); i >= 0 && r[i] != "" {
				out = append(out, r[i])
			}
		}
		return strings.Join(out, " ")
	}
	m := match.Record{Name: words("given_name", "surname"), Pinyin: strings.ReplaceAll(words("given_name", "surname"), " ", ""),
		Address: words("street_number", "address_1", "address_2", "suburb", "postcode", "state")}
	if d := words("date_of_birth"); len(d) == 8 {
		m.Birth, _ = clock.ParseDate(d[:4] + "-" + d[4:6] + "-" + d[6:])
	}
	if n := words("soc_sec_id"); n != "" {
		m.Numbers = []match.Number{{Kind: "passport", Value: n}}
	}
	return m
}
