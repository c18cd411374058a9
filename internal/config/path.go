package config

import (
	"regexp"
	"strconv"

	"securebaseline/internal/problem"
)

// plainName matches the names of fields that need no quotation marks in a path.
var plainName = regexp.MustCompile(`^[^\s".\[\]=\x00-\x20\x7f-\x9f]{1,128}$`)

// under returns the path of a field of the object at a path. A name that would read as several, or break the line, is
// quoted, and a very long one cut.
func under(path, name string) string {
	if !plainName.MatchString(name) {
		name = problem.Show(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// element returns the path of an element of the list at a path, counted from 0.
func element(path string, index int) string { return path + "[" + strconv.Itoa(index) + "]" }

// field returns the path of a field below the baseline document, by the names on the way.
func field(names ...string) string {
	path := root
	for _, name := range names {
		path = under(path, name)
	}
	return path
}

// placeOf returns the path of a location in the baseline document. What is an index and what is a name that looks like
// one, the document itself says.
func placeOf(document any, location []string) string {
	path := root
	for _, name := range location {
		switch container := document.(type) {
		case map[string]any:
			path, document = under(path, name), container[name]
		case []any:
			index, _ := strconv.Atoi(name)
			path, document = element(path, index), container[index]
		}
	}
	return path
}
