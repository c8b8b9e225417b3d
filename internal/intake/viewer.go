package intake

import (
	"context"
	"net/url"
	"strings"
)

// ReportLink is the address at which the system that holds a report shows it, "" where none is set up. The setting
// intake.report.viewers names a template per source, intake.report.hosts the machines that a link may lead to.
func (s *Service) ReportLink(ctx context.Context, issuer, number string) string {
	return reportLink(s.Setting.Text(ctx, "intake.report.viewers", 0), s.Setting.Text(ctx, "intake.report.hosts", 0), issuer, number)
}

// reportLink fills {number} into the template of the source. viewers is a list of source=template separated by blanks, in
// which * stands for every source without a template of its own; only http and https addresses of listed hosts are given.
func reportLink(viewers, hosts, issuer, number string) string {
	if number == "" {
		return ""
	}
	template := ""
	for _, word := range strings.Fields(viewers) {
		source, address, ok := strings.Cut(word, "=")
		if ok && (source == issuer || source == "*" && template == "") {
			template = address
			if source == issuer {
				break
			}
		}
	}
	if strings.Contains(before(template, "?"), "{number}") {
		template = strings.ReplaceAll(before(template, "?"), "{number}", url.PathEscape(number)) + after(template, "?")
	}
	link, err := url.Parse(strings.ReplaceAll(template, "{number}", url.QueryEscape(number)))
	if err != nil || link.Scheme != "http" && link.Scheme != "https" || link.User != nil || !listed(hosts, link) {
		return ""
	}
	return link.String()
}

func before(s, sep string) string { a, _, _ := strings.Cut(s, sep); return a }

// after gives what follows the first sep, with it.
func after(s, sep string) string {
	if i := strings.Index(s, sep); i >= 0 {
		return s[i:]
	}
	return ""
}

// listed: the host stands in the list, with its port where the address names one.
func listed(hosts string, link *url.URL) bool {
	for _, word := range strings.FieldsFunc(hosts, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' || r == '\r' }) {
		if link.Host != "" && strings.EqualFold(word, link.Host) {
			return true
		}
	}
	return false
}
