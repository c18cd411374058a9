package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"securebaseline/internal/problem"
)

// byteOrderMark begins a text in UTF-8 that some editors write.
var byteOrderMark = []byte("\uFEFF")

// parse reads a JSON document, and refuses in it what encoding/json and the CDKTF CLI would change without a word: of a
// name that is given twice only the last value counts, bytes and escapes that are no characters become U+FFFD, and
// numbers that no float64 holds become others.
//
// name is what the document is called in messages, path the path of its value. Without problems, the value is as
// encoding/json gives it.
func parse(name, path string, data []byte) (any, Problems) {
	r := reader{name: name, data: data}
	if bytes.HasPrefix(data, byteOrderMark) {
		return nil, Problems{problem.New(name, nil,
			"must begin without a byte order mark, which the CDKTF CLI cannot read; save it as plain UTF-8")}
	}
	if at := invalidUTF8(data); at >= 0 {
		return nil, Problems{problem.New(name, nil,
			fmt.Sprintf("must be UTF-8 text; %s has the byte 0x%02x", r.position(at), data[at]))}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return nil, Problems{problem.New(name, nil, "must be JSON; "+r.locate(err))}
	}
	r.decoder = json.NewDecoder(bytes.NewReader(data))
	r.decoder.UseNumber()
	value := r.value(path)
	return value, r.problems
}

// reader walks a document that is known to be JSON.
type reader struct {
	name     string
	data     []byte
	decoder  *json.Decoder
	problems Problems
}

func (r *reader) value(path string) any {
	token, at := r.next()
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(path)
		}
		return r.list(path)
	case json.Number:
		return r.number(path, token, at)
	case string:
		r.checkText(path, token, at)
	}
	return token
}

func (r *reader) object(path string) map[string]any {
	object, first := map[string]any{}, map[string]int{}
	for r.decoder.More() {
		token, at := r.next()
		name := token.(string) // a document that is JSON has nothing else there
		field := under(path, name)
		r.checkText(field, name, at)
		if before, twice := first[name]; twice {
			r.problem(field, nil, "must be given once; %s has it in %s and again in %s", r.name, r.position(before),
				r.position(at))
		} else {
			first[name] = at
		}
		object[name] = r.value(field)
	}
	r.next() // the closing brace
	return object
}

func (r *reader) list(path string) []any {
	list := []any{}
	for r.decoder.More() {
		list = append(list, r.value(element(path, len(list))))
	}
	r.next() // the closing bracket
	return list
}

// number refuses what overflows, and what is so near to zero that it becomes zero.
func (r *reader) number(path string, number json.Number, at int) any {
	value, err := number.Float64()
	digits, _, _ := strings.Cut(strings.ToLower(number.String()), "e")
	if err != nil || value == 0 && strings.ContainsAny(digits, "123456789") {
		r.problem(path, number, "must be a number that fits into 64 bits; it is in %s of %s", r.position(at),
			r.name)
	}
	return value
}

// checkText refuses half of a surrogate pair, which only an escape can write: it stands for no character.
func (r *reader) checkText(path, text string, at int) {
	if !strings.ContainsRune(text, utf8.RuneError) {
		return
	}
	if half := loneSurrogate(r.data[at:r.decoder.InputOffset()]); half != "" {
		r.problem(path, nil, `must be of whole characters; %s in %s of %s is half of one`, half, r.position(at), r.name)
	}
}

// next returns the next token and where it begins.
func (r *reader) next() (json.Token, int) {
	from := int(r.decoder.InputOffset())
	from += len(r.data[from:]) - len(bytes.TrimLeft(r.data[from:], " \t\r\n,:"))
	token, err := r.decoder.Token()
	if err != nil && !errors.Is(err, io.EOF) {
		panic(fmt.Sprintf("%s was JSON, and is not: %v", r.name, err))
	}
	return token, from
}

func (r *reader) problem(path string, value any, format string, arguments ...any) {
	r.problems = append(r.problems, problem.New(path, value, fmt.Sprintf(format, arguments...)))
}

// position says where a byte is, for a person with an editor: both numbers count from 1, the column in characters.
func (r *reader) position(at int) string {
	before := r.data[:at]
	lineStart := 1 + bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", 1+bytes.Count(before, []byte("\n")), 1+utf8.RuneCount(before[lineStart:]))
}

// locate adds the line and column to a JSON syntax error.
func (r *reader) locate(err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset > int64(len(r.data)) {
		return err.Error()
	}
	return r.position(max(0, int(syntax.Offset)-1)) + ": " + err.Error()
}

// invalidUTF8 returns where the first byte is that begins no character, or -1.
func invalidUTF8(data []byte) int {
	for at := 0; at < len(data); {
		character, size := utf8.DecodeRune(data[at:])
		if character == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return -1
}

// loneSurrogate returns the first escape of a JSON string that is half of a surrogate pair, or nothing.
func loneSurrogate(text []byte) string {
	unit := func(at int) rune {
		if at+6 > len(text) || string(text[at:at+2]) != `\u` {
			return utf8.RuneError
		}
		code, _ := strconv.ParseUint(string(text[at+2:at+6]), 16, 16) // JSON has checked the digits
		return rune(code)
	}
	for at := 0; at < len(text); at++ {
		if text[at] != '\\' {
			continue
		}
		if first := unit(at); utf16.IsSurrogate(first) {
			if utf16.DecodeRune(first, unit(at+6)) == utf8.RuneError {
				return string(text[at : at+6])
			}
			at += 6
		}
		at++ // the character after a backslash begins no escape
	}
	return ""
}
