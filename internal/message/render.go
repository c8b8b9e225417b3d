package message

import (
	"regexp"
	"sort"
	"strings"
	"unicode"
)

// variable is `{{name}}` or `{{name|fallback}}`; names are letters of any script, digits, dots and underscores.
var variable = regexp.MustCompile(`\{\{\s*([\p{L}\p{N}_.]+)\s*(?:\|([^{}]*))?\}\}`)

// Render puts values into body. A missing or blank value takes the fallback behind the bar (`{{name|您}}`, which may be
// empty: `{{title|}}`); a variable with neither is listed in missing, sorted and once, and the text must not be sent.
// Values lose control characters and line breaks, so that data from outside cannot reshape a message.
func Render(body string, values map[string]string) (text string, missing []string) {
	lacking := map[string]bool{}
	text = variable.ReplaceAllStringFunc(body, func(match string) string {
		part := variable.FindStringSubmatch(match)
		if v := plain(values[part[1]]); v != "" {
			return v
		}
		if strings.Contains(match, "|") {
			return part[2]
		}
		lacking[part[1]] = true
		return match
	})
	for name := range lacking {
		missing = append(missing, name)
	}
	sort.Strings(missing)
	return text, missing
}

// Variables lists the names that body uses, sorted and once.
func Variables(body string) []string {
	seen := map[string]bool{}
	names := []string{}
	for _, part := range variable.FindAllStringSubmatch(body, -1) {
		if !seen[part[1]] {
			seen[part[1]] = true
			names = append(names, part[1])
		}
	}
	sort.Strings(names)
	return names
}

// Signed puts 【signature】 in front of text unless text already begins or ends with it; operators demand it on every message.
func Signed(text, signature string) string {
	mark := "【" + signature + "】"
	if signature == "" || strings.HasPrefix(text, mark) || strings.HasSuffix(text, mark) {
		return text
	}
	return mark + text
}

func plain(v string) string {
	v = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, v)
	return strings.TrimSpace(v)
}
