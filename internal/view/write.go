package view

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Mark begins the line of an exported file that is ours and no row of the list; who reads such a file again stops there.
const Mark = "※"

// writer is a file being written row by row.
type writer interface {
	row(cells []string) error
	end(mark string, decoy []string) error // the last lines; nothing may follow
	close()
}

func newWriter(format string, to io.Writer, sheet Sheet, mark, dir string) (writer, error) {
	if format == "csv" {
		return newCSV(to, sheet.Heads)
	}
	return newBook(to, sheet, mark, dir)
}

// Harmless keeps a cell from being a formula in a spreadsheet program: what begins like one gets an apostrophe before it. Chinese
// programs read the full-width signs alike.
func Harmless(cell string) string {
	if cell == "" {
		return cell
	}
	if r, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + cell
	}
	return cell
}

type csvFile struct {
	buffer *bufio.Writer
	w      *csv.Writer
	cells  []string
}

func newCSV(to io.Writer, heads []string) (writer, error) {
	b := bufio.NewWriterSize(to, 64<<10)
	b.WriteString("\ufeff") // spreadsheet programs take the file for UTF-8
	f := &csvFile{buffer: b, w: csv.NewWriter(b)}
	return f, f.row(heads)
}

func (f *csvFile) row(cells []string) error {
	f.cells = f.cells[:0]
	for _, c := range cells {
		f.cells = append(f.cells, Harmless(c))
	}
	return f.w.Write(f.cells)
}

func (f *csvFile) end(mark string, decoy []string) error {
	if len(decoy) > 0 { // before our line, where it is a row like the others
		if err := f.row(decoy); err != nil {
			return err
		}
	}
	if err := f.row([]string{mark}); err != nil {
		return err
	}
	f.w.Flush()
	if err := f.w.Error(); err != nil {
		return err
	}
	return f.buffer.Flush()
}

func (f *csvFile) close() {}

// book writes a worksheet in a stream: every cell is text, so that leading zeros and long numbers stay what they are.
type book struct {
	to     io.Writer
	f      *excelize.File
	w      *excelize.StreamWriter
	text   int // style of text cells
	n      int
	values []any
}

func newBook(to io.Writer, sheet Sheet, mark, dir string) (writer, error) {
	f := excelize.NewFile(excelize.Options{TmpDir: dir})
	b := &book{to: to, f: f}
	fail := func(err error) (writer, error) { f.Close(); return nil, err }
	name := title(sheet.Title)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fail(err)
	}
	plain := strings.ReplaceAll(strings.ReplaceAll(mark, "{rows}", ""), "&", "&&")
	if err := f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: "&L" + clip(plain, 200), OddFooter: "&C&P / &N"}); err != nil {
		return fail(err)
	}
	var err error
	if b.text, err = f.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return fail(err)
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fail(err)
	}
	if b.w, err = f.NewStreamWriter(name); err != nil {
		return fail(err)
	}
	if err := b.w.SetColWidth(1, max(1, len(sheet.Heads)), 16); err != nil {
		return fail(err)
	}
	if err := b.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fail(err)
	}
	if err := b.line(sheet.Heads, bold); err != nil {
		return fail(err)
	}
	return b, nil
}

func (b *book) row(cells []string) error { return b.line(cells, b.text) }

func (b *book) line(cells []string, style int, opts ...excelize.RowOpts) error {
	b.n++
	at, err := excelize.CoordinatesToCellName(1, b.n)
	if err != nil {
		return err
	}
	b.values = b.values[:0]
	for _, c := range cells {
		b.values = append(b.values, excelize.Cell{StyleID: style, Value: Harmless(c)})
	}
	return b.w.SetRow(at, b.values, opts...)
}

func (b *book) end(mark string, decoy []string) error {
	if len(decoy) > 0 {
		if err := b.line(decoy, b.text, excelize.RowOpts{Hidden: true}); err != nil {
			return err
		}
	}
	if err := b.line([]string{mark}, b.text); err != nil {
		return err
	}
	if err := b.w.Flush(); err != nil {
		return err
	}
	_, err := b.f.WriteTo(b.to)
	return err
}

func (b *book) close() { b.f.Close() }

// title is what a worksheet may be called: at most 31 characters, none of :\/?*[].
func title(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, s)
	if s = clip(strings.TrimSpace(s), 31); s == "" {
		return "Sheet1"
	}
	return s
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
