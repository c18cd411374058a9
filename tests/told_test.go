package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// TestSomebodyIsTold looks at everything in a stack that has something to tell. Production has nothing that reaches
// nobody; elsewhere the summary says so.
func TestSomebodyIsTold(t *testing.T) {
	for name, stack := range map[string]testkit.Stack{
		"production": testkit.Synthesize(t, "prod", nil),
		"everything": testkit.Synthesize(t, "prod", testkit.Everything()),
	} {
		assert.Empty(t, evidence.Unheard(stack.Template), name)
	}

	alone := testkit.Synthesize(t, "dev", nil)
	unheard := evidence.Unheard(alone.Template)
	want := 0
	for _, resourceType := range []string{"aws_cloudwatch_metric_alarm", "aws_db_event_subscription", "aws_sns_topic"} {
		want += len(alone.OfType(resourceType))
	}
	assert.Len(t, unheard, want, "without subscribers, everything reaches nobody")

	for environment, said := range map[string]string{
		"dev":  "WARNING: NOBODY IS TOLD: ",
		"prod": "e-mail subscriptions: 1; each hears nothing until its owner confirms the message from AWS\n",
	} {
		assert.Contains(t, summaryOf(t, environment, nil), said)
	}

	t.Run("one by one", func(t *testing.T) {
		stack := testkit.Synthesize(t, "prod", nil)
		for _, broken := range []struct{ resourceType, attribute string }{
			{"aws_cloudwatch_metric_alarm", "alarm_actions"}, {"aws_db_event_subscription", "sns_topic"},
		} {
			resource := stack.OfType(broken.resourceType)[0]
			before := resource.Attributes[broken.attribute]
			delete(resource.Attributes, broken.attribute)
			assert.Equal(t, []string{resource.Address}, evidence.Unheard(stack.Template))
			resource.Attributes[broken.attribute] = before
		}
	})
}
