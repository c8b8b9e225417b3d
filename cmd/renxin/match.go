package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"renxin/internal/match"
)

// matchCommand judges the matching on records whose persons are known.
func matchCommand(_ context.Context, a *app, args []string) error {
	if len(args) == 0 || args[0] != "evaluate" {
		return errors.New("match: say evaluate RECORDS TRUTH, or evaluate --febrl FILE… (see: renxin match --help)")
	}
	asJSON, febrl, paths := false, false, []string(nil)
	for _, arg := range args[1:] {
		switch {
		case arg == "--json" || arg == "-json":
			asJSON = true
		case arg == "--febrl" || arg == "-febrl":
			febrl = true
		case strings.HasPrefix(arg, "-"):
			return fmt.Errorf("match: unknown option %s (see: renxin help)", arg)
		case filepath.IsAbs(arg):
			paths = append(paths, arg)
		default:
			paths = append(paths, filepath.Join(a.dir, arg))
		}
	}
	began := time.Now()
	profile, read := match.Hospital, readHospital
	if febrl {
		profile, read = match.FEBRL, readFEBRL
	}
	s, err := read(paths)
	if err != nil {
		return err
	}
	s.countNames()
	m := profile.Evaluate(s.records, s.entity)
	if asJSON {
		return printMeasureJSON(a.out, s, m, time.Since(began))
	}
	printMeasure(a.out, s, m, time.Since(began))
	return nil
}

// pairJSON is a pair of rows with its judgement; it holds no value of either.
type pairJSON struct {
	Rows    [2]string      `json:"rows"`
	Bits    float64        `json:"bits"`
	Zone    match.Zone     `json:"zone"`
	Reasons []match.Reason `json:"reasons"`
}

func pairsJSON(s sample, ps []match.Pair) []pairJSON {
	out := make([]pairJSON, len(ps))
	for i, p := range ps {
		out[i] = pairJSON{[2]string{s.names[p.A], s.names[p.B]}, p.Result.Bits, p.Result.Zone, p.Result.Reasons}
	}
	return out
}

func printMeasureJSON(w io.Writer, s sample, m match.Measure, took time.Duration) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Auto        match.Quality `json:"auto"`
		Review      match.Quality `json:"review"` // automatic and review together
		Records     int           `json:"records"`
		TruePairs   int           `json:"true_pairs"`
		AutoPairs   int           `json:"auto_pairs"`
		ReviewPairs int           `json:"review_pairs"`
		Seconds     float64       `json:"seconds"`
		WrongAuto   []pairJSON    `json:"wrong_auto"`
		WrongReview []pairJSON    `json:"wrong_review"`
		Missed      []pairJSON    `json:"missed"`
	}{m.Auto, m.Review, len(s.records), m.True, m.Joined, m.Asked, took.Seconds(), pairsJSON(s, m.WrongAuto), pairsJSON(s, m.WrongReview), pairsJSON(s, m.Missed)})
}

// shown bounds a list of pairs on the terminal; --json gives them all.
const shown = 40

func printMeasure(w io.Writer, s sample, m match.Measure, took time.Duration) {
	fmt.Fprintf(w, "%d records, %d pairs of one person, %.2f s\n\n", len(s.records), m.True, took.Seconds())
	fmt.Fprintf(w, "%-24s %10s %10s %10s %8s\n", "", "precision", "recall", "F1", "pairs")
	for _, l := range []struct {
		name  string
		q     match.Quality
		pairs int
	}{{"automatic", m.Auto, m.Joined}, {"automatic and review", m.Review, m.Joined + m.Asked}} {
		fmt.Fprintf(w, "%-24s %10.4f %10.4f %10.4f %8d\n", l.name, l.q.Precision, l.q.Recall, l.q.F1(), l.pairs)
	}
	for _, l := range []struct {
		title string
		pairs []match.Pair
	}{{"joined without asking, but two persons", m.WrongAuto}, {"asked, but two persons", m.WrongReview}, {"one person, but neither joined nor asked", m.Missed}} {
		fmt.Fprintf(w, "\n%s: %d\n", l.title, len(l.pairs))
		for _, p := range l.pairs[:min(len(l.pairs), shown)] {
			fmt.Fprintf(w, "  %s and %s: %.1f bits,%s\n", s.names[p.A], s.names[p.B], p.Result.Bits, reasons(p.Result))
		}
		if n := len(l.pairs) - shown; n > 0 {
			fmt.Fprintf(w, "  and %d more (--json lists all)\n", n)
		}
	}
}

func reasons(r match.Result) string {
	var b strings.Builder
	for _, x := range r.Reasons {
		if x.Field != match.FieldPrior {
			fmt.Fprintf(&b, " %s %s %+g", x.Field, x.Outcome, x.Bits)
		}
	}
	return b.String()
}
