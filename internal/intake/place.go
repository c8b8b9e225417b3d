package intake

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// CreateDepartment, said of a department's name in a table, makes a department of that name.
const CreateDepartment = "+"

// UnknownPlace is a department that a table names and we do not know.
type UnknownPlace struct {
	Place
	Word    string // what the answer is given for: the code, else the name
	Suggest string // code of a department with a similar name, "" for none
}

// places knows which departments the words of tables mean.
type places struct {
	byCode map[string]string // code → name
	byName map[string]string // name → code, "" where two bear it
	said   map[string]string // word → code, CreateDepartment or ""
}

// placesOf gathers our departments, what was said about words before, and what the options say.
func (s *Service) placesOf(ctx context.Context, o ReadOptions) (places, error) {
	p := places{byCode: map[string]string{}, byName: map[string]string{}, said: map[string]string{}}
	list, err := s.Visit.Staff.Departments(access.AsSystem(ctx, "intake"))
	if err != nil {
		return p, err
	}
	codes := map[staff.DepartmentID]string{}
	for _, d := range list {
		codes[d.ID] = d.Code
		p.byCode[d.Code] = d.Name
		for _, c := range d.Codes {
			p.said[c.Code] = d.Code
		}
		if !d.Active {
			continue
		}
		if _, two := p.byName[d.Name]; two {
			p.byName[d.Name] = ""
		} else {
			p.byName[d.Name] = d.Code
		}
	}
	said, err := listSaid(ctx, s.DB.Read(ctx))
	for _, x := range said {
		if code := codes[x.DepartmentID]; code != "" {
			p.said[x.Word] = code
		}
	}
	for word, code := range o.Departments {
		p.said[word] = code
	}
	return p, err
}

// find gives the code that a department of a table has with us. known is false where nobody said what the word means.
func (p places) find(code, name string) (ours string, known bool) {
	if _, ok := p.byCode[code]; ok {
		return code, true
	}
	if said, ok := p.said[cmp.Or(code, name)]; ok {
		return said, true
	}
	if code == "" || code == name {
		if c := p.byName[name]; c != "" {
			return c, true
		}
	}
	return "", false
}

// settle replaces a department in a record by ours. One that nobody knows is taken as it is, which makes a department of it, and the
// row is marked so that it can be found; one that a person left out is left out.
func (p places) settle(r *Record, code, name *string) {
	if *code == "" && *name == "" {
		return
	}
	word := cmp.Or(*code, *name)
	ours, known := p.find(*code, *name)
	switch {
	case !known:
		r.Problems = append(r.Problems, Problem{Code: "intake.record.new_department", Field: word})
	case ours == "":
		*code, *name = "", ""
		r.Problems = append(r.Problems, Problem{Code: "intake.record.no_department", Field: word})
	case ours != CreateDepartment:
		*code, *name = ours, p.byCode[ours]
	}
}

// placed settles the departments of every record of a table.
func (p places) placed(records iter.Seq[Record]) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for r := range records {
			if e := r.Encounter; e != nil {
				p.settle(&r, &e.DepartmentCode, &e.DepartmentName)
			}
			if a := r.Appointment; a != nil {
				if e := r.Encounter; e != nil {
					a.DepartmentCode, a.DepartmentName = e.DepartmentCode, e.DepartmentName
				} else {
					p.settle(&r, &a.DepartmentCode, &a.DepartmentName)
				}
			}
			if !yield(r) {
				return
			}
		}
	}
}

// unknown lists the departments of a table about which a person has to be asked.
func (p places) unknown(list []Place) []UnknownPlace {
	var out []UnknownPlace
	for _, x := range list {
		if _, known := p.find(x.Code, x.Name); known {
			continue
		}
		u := UnknownPlace{Place: x, Word: cmp.Or(x.Code, x.Name), Suggest: p.similar(cmp.Or(x.Name, x.Code))}
		if i := slices.IndexFunc(out, func(o UnknownPlace) bool { return o.Word == u.Word }); i >= 0 {
			out[i].Rows += u.Rows
			continue
		}
		out = append(out, u)
	}
	return out
}

// similar finds the department whose name is part of the word, or the other way round; the longest wins.
func (p places) similar(word string) string {
	best, code := "", ""
	for name, c := range p.byName {
		if c == "" || len([]rune(name)) < 2 || !strings.Contains(word, name) && !strings.Contains(name, word) {
			continue
		}
		if len(name) > len(best) || len(name) == len(best) && name < best {
			best, code = name, c
		}
	}
	return code
}

// answered refuses an import while a department of the table is neither known nor decided.
func (r Reading) answered() error {
	if len(r.Unknown) > 0 {
		return fault.New(fault.Invalid, "intake.upload.departments").With("departments", "intake.upload.departments")
	}
	return nil
}

// rememberPlaces keeps what a person said about departments, and makes those that are to be made.
func (s *Service) rememberPlaces(ctx context.Context, tx *db.Tx, o ReadOptions, list []Place) error {
	if len(o.Departments) == 0 {
		return nil
	}
	all, err := s.Visit.Staff.Departments(access.AsSystem(ctx, "intake"))
	if err != nil {
		return err
	}
	for word, code := range o.Departments {
		switch code {
		case "":
		case CreateDepartment:
			i := slices.IndexFunc(list, func(p Place) bool { return cmp.Or(p.Code, p.Name) == word })
			if i < 0 {
				continue
			}
			if _, err := s.Visit.Staff.Department(ctx, word, cmp.Or(list[i].Name, word)); err != nil {
				return err
			}
		default:
			i := slices.IndexFunc(all, func(d staff.Department) bool { return d.Code == code })
			if i < 0 {
				return fault.New(fault.Invalid, "intake.upload.departments").With("departments", "intake.upload.departments")
			}
			if err := putSaid(ctx, tx, said{word, all[i].ID}, access.From(ctx).StaffID); err != nil {
				return err
			}
		}
	}
	return nil
}

// said is what a person said about a word.
type said struct {
	Word         string
	DepartmentID staff.DepartmentID
}
