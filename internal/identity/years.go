package identity

import "strconv"

// Years is an age in whole years; negative means "not known", which is null in JSON.
type Years int

// MarshalJSON implements json.Marshaler.
func (y Years) MarshalJSON() ([]byte, error) {
	if y < 0 {
		return []byte("null"), nil
	}
	return []byte(strconv.Itoa(int(y))), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (y *Years) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*y = -1
		return nil
	}
	n, err := strconv.Atoi(string(b))
	*y = Years(n)
	return err
}
