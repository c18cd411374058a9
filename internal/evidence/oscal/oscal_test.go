package oscal

import (
	"testing"

	"github.com/defenseunicorns/go-oscal/src/pkg/uuid"
	"github.com/stretchr/testify/assert"

	"securebaseline/internal/evidence"
)

func TestControlID(t *testing.T) {
	for id, want := range map[string]string{"SC-28": "sc-28", "SC-28(1)": "sc-28.1", "AC-4(21)": "ac-4.21"} {
		assert.Equal(t, want, ControlID(id))
	}
}

// TestNewUUID compares with the library's.
func TestNewUUID(t *testing.T) {
	for _, name := range []string{"", "https://example.com/", Namespace + "/é"} {
		assert.Equal(t, uuid.NewUUIDWithSource(name), newUUID(name), name)
	}
}

func TestDocumentWithoutADate(t *testing.T) {
	_, err := Document(evidence.Report{Date: "today"})
	assert.ErrorContains(t, err, `the report's date: parsing time "today"`)
}
