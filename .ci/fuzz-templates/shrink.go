package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	tokens = regexp.MustCompile(`(?s)\{\{-?\s*(if|with|range|define|block|end|else)?|-?\}\}|"(?:\\.|[^"\\])*"|` + "`[^`]*`" + `|[\w.$]+|\s+|.`)
	opens  = regexp.MustCompile(`^\{\{-?\s*(if|with|range|define|block)$`)
	ends   = regexp.MustCompile(`^\{\{-?\s*end$`)
)

// shrink makes a chart smaller as long as it fails.
func shrink(c chart, fails func(chart) bool) chart {
	left, begin := 4000, time.Now()
	try := func(smaller chart) bool {
		if left--; left < 0 || time.Since(begin) > time.Minute || !fails(smaller) {
			return false
		}
		c = smaller
		return true
	}
	for changed := true; changed && left > 0 && time.Since(begin) < time.Minute; {
		changed = false
		for i := range c.files {
			for smaller := true; smaller; {
				smaller = false
				shorter(c.files[i].text, func(text string) bool {
					next := c
					next.files = slices.Clone(c.files)
					next.files[i].text = text
					smaller = len(text) < len(c.files[i].text) && try(next)
					changed = changed || smaller
					return smaller
				})
			}
		}
		for key := range maps.Clone(c.values) {
			next := c
			next.values = maps.Clone(c.values)
			delete(next.values, key)
			changed = try(next) || changed
		}
		for key, value := range maps.Clone(c.values) {
			for _, part := range parts(value) {
				next := c
				next.values = maps.Clone(c.values)
				next.values[key] = part
				if try(next) {
					changed = true
					break
				}
			}
		}
	}
	return c
}

// parts gives what is a little less than a value.
func parts(value any) (all []any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			smaller := maps.Clone(value)
			delete(smaller, key)
			all = append(all, smaller)
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			for _, part := range parts(value[key]) {
				smaller := maps.Clone(value)
				smaller[key] = part
				all = append(all, smaller)
			}
		}
	case []any:
		for i := range value {
			all = append(all, append(slices.Clone(value[:i]), value[i+1:]...))
		}
		for i := range value {
			for _, part := range parts(value[i]) {
				smaller := slices.Clone(value)
				smaller[i] = part
				all = append(all, smaller)
			}
		}
	case string:
		if runes := []rune(value); len(runes) > 1 {
			all = append(all, string(runes[:len(runes)/2]), string(runes[len(runes)/2:]), string(runes[1:]), string(runes[:len(runes)-1]))
		}
	}
	return all
}

func join(words ...[]string) string { return strings.Join(slices.Concat(words...), "") }

// after is the index behind the end of an action.
func after(words []string, at int) int {
	for at < len(words) && !strings.HasSuffix(words[at], "}}") {
		at++
	}
	return min(at+1, len(words))
}

// shorter tries texts with something left out until one is taken.
func shorter(text string, try func(string) bool) {
	words := tokens.FindAllString(text, -1)
	for size := len(words); size > 0; size /= 2 {
		for at := 0; at+size <= len(words); at += max(size/2, 1) {
			if try(join(words[:at], words[at+size:])) {
				return
			}
		}
	}
	var open, actions []int
	for at, word := range words {
		switch {
		case word == "(":
			open = append(open, at)
		case word == ")" && len(open) > 0:
			from := open[len(open)-1]
			open = open[:len(open)-1]
			inner := words[from+1 : at]
			for _, instead := range [][]string{{`""`}, {"1"}, {"."}, inner} {
				if try(join(words[:from], instead, words[at+1:])) {
					return
				}
			}
		case opens.MatchString(word):
			actions = append(actions, at)
		case ends.MatchString(word) && len(actions) > 0:
			from := actions[len(actions)-1]
			actions = actions[:len(actions)-1]
			to := after(words, at)
			if try(join(words[:from], words[to:])) || try(join(words[:from], words[min(after(words, from), at):at], words[to:])) {
				return
			}
		case strings.HasPrefix(word, "{{"):
			if try(join(words[:at], words[after(words, at):])) {
				return
			}
		}
	}
	for at, word := range words {
		if len(word) > 4 && (word[0] == '"' || word[0] == '`') {
			runes := []rune(word)
			for _, part := range []string{string(runes[:len(runes)/2]) + word[:1], word[:1] + string(runes[len(runes)/2:]), word[:1] + string(runes[2:]), string(runes[:len(runes)-2]) + word[:1]} {
				if try(join(words[:at], []string{part}, words[at+1:])) {
					return
				}
			}
		}
	}
}
