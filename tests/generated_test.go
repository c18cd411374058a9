package tests

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/config"
	"securebaseline/internal/testkit"
)

// TestGeneratorKnowsEveryField keeps up with the schema.
func TestGeneratorKnowsEveryField(t *testing.T) {
	known := testkit.NewGenerator(t, 0).Fields()
	var missing []string
	var visit func(of reflect.Type, path string)
	visit = func(of reflect.Type, path string) {
		for i := range of.NumField() {
			if of.Field(i).Anonymous {
				visit(of.Field(i).Type, path)
				continue
			}
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			field := strings.TrimPrefix(path+"."+name, ".")
			switch _, drawn := known[field]; {
			case drawn || field == "region" || field == "accountId":
			case of.Field(i).Type.Kind() == reflect.Struct:
				visit(of.Field(i).Type, field)
			default:
				missing = append(missing, field)
			}
		}
	}
	visit(reflect.TypeFor[config.Settings](), "")
	assert.Empty(t, missing)
}

// TestAcceptedConfigurationsSynthesize builds what the configuration accepts: the constructs refuse none of it.
func TestAcceptedConfigurationsSynthesize(t *testing.T) {
	drawn, refused := 0, 0
	for seed := range uint64(40) {
		accepted, not := testkit.NewGenerator(t, seed).Draw(t)
		drawn, refused = drawn+len(accepted), refused+not
		if !assert.NotPanics(t, func() { testkit.Synthesize(t, "dev", accepted) }) || t.Failed() {
			t.Fatalf("seed %d: %v", seed, accepted)
		}
	}
	t.Logf("%d testkit.Settings accepted, %d refused", drawn, refused)
	assert.Greater(t, refused, drawn/10, "the values are at the limits")
}
