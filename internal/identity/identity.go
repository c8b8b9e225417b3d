// Package identity knows how people are written down in China (身份规则): names and their pinyin, identity cards, telephone numbers,
// administrative divisions, ages, what may be shown of each, and the terms they are found by. It keeps no table and does no input or
// output, so every room and adapter may ask it.
package identity
