//go:build browser

package report

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"securebaseline/internal/evidence"
	"securebaseline/internal/testkit"
)

// browser finds a browser of Chromium's family.
func browser(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	require.Fail(t, "no browser", "one of these must be on the PATH: %s", strings.Join(names, ", "))
	return ""
}

// tab is a page that is open, and what the browser has said and asked for.
type tab struct {
	context.Context
	mutex    sync.Mutex
	said     []string
	requests []string
}

func (b *tab) hear(event any) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, string(event.Type))
	case *log.EventEntryAdded:
		b.said = append(b.said, event.Entry.Text)
	case *network.EventRequestWillBeSent:
		scheme, _, _ := strings.Cut(event.Request.URL, ":")
		b.requests = append(b.requests, scheme)
	}
}

// open shows a page from a file, in a window of a size, light or dark.
func open(t *testing.T, text []byte, fragment string, width int64, scheme string) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser(t)), chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	chrome, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(chrome))
	limited, cancel := context.WithTimeout(chrome, 3*time.Minute)
	t.Cleanup(cancel)
	opened := &tab{Context: limited}
	require.NoError(t, chromedp.Listen(limited, opened.hear))
	call(t, opened, network.Enable, network.EnableParams{})
	call(t, opened, log.Enable, cdp.Empty{})
	call(t, opened, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 500})
	call(t, opened, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	run(t, opened, chromedp.Navigate((&url.URL{Scheme: "file", Path: file, Fragment: fragment}).String()))
	return opened
}

func call[P, R any](t *testing.T, b *tab, command cdp.Command[P, R], parameters P) {
	t.Helper()
	_, err := chromedp.Call(b, command, parameters)
	require.NoError(t, err)
}

func run[R any](t *testing.T, b *tab, action chromedp.Action[R]) R {
	t.Helper()
	result, err := chromedp.Run(b, action)
	require.NoError(t, err)
	return result
}

// value is that of an expression in the page.
func value[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	return run(t, b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// visible counts what can be seen of a selector.
func visible(selector string) string {
	return `[...document.querySelectorAll("` + selector + `")].filter(one => one.checkVisibility()).length`
}

// TestPageInBrowser opens the page as an auditor does: wide and narrow, light and dark.
func TestPageInBrowser(t *testing.T) {
	report := reportOn(t, testkit.Synthesize(t, "dev", nil), "dev", exceptions(t), reported)
	found := relaxed(t, "dev", nil)
	report.Relaxed = &found
	text := pageOf(t, report, `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="300">`+
		`<style>rect { fill: red }</style><rect width="2000" height="300"/></svg>`)
	for name, window := range map[string]struct {
		width  int64
		scheme string
	}{"wide": {1280, "light"}, "dark": {1280, "dark"}, "phone": {390, "light"}, "phone in the dark": {390, "dark"}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, text, "", window.width, window.scheme)
			assert.Equal(t, len(report.Rules), value[int](t, b, visible("#rules [data-item]")))
			assert.LessOrEqual(t, value[int64](t, b, "document.documentElement.scrollWidth"), window.width,
				"nothing is wider than the window")
			screenshots(t, b, name)
			assert.Equal(t, window.scheme == "dark",
				value[string](t, b, "getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)")
			assert.Equal(t, 2000, value[int](t, b, `document.querySelector("figure img").naturalWidth`))
			run(t, b, chromedp.Click("#open-all"))
			assert.Equal(t, len(report.Inventory), value[int](t, b, visible("#inventory [data-item]")))
			assert.LessOrEqual(t, value[int64](t, b, "document.documentElement.scrollWidth"), window.width)
			assert.Empty(t, violations(t, b))
			b.assertQuiet(t)
		})
	}
}

// assertQuiet demands that the browser had nothing to say and nothing to ask for.
func (b *tab) assertQuiet(t *testing.T) {
	t.Helper()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	assert.Empty(t, b.said)
	require.NotEmpty(t, b.requests)
	for _, scheme := range b.requests {
		assert.Contains(t, []string{"file", "data"}, scheme)
	}
}

// screenshots keeps what a window shows of each section where somebody wants to look at it.
func screenshots(t *testing.T, b *tab, name string) {
	t.Helper()
	directory := os.Getenv("PICTURES")
	if directory == "" {
		return
	}
	require.NoError(t, os.MkdirAll(directory, 0o755))
	for _, id := range value[[]string](t, b, `[...document.querySelectorAll("section")].map(one => one.id)`) {
		run(t, b, chromedp.Evaluate[any](`document.getElementById("`+id+`").scrollIntoView()`))
		png := run(t, b, chromedp.CaptureScreenshot())
		require.NoError(t, os.WriteFile(filepath.Join(directory, name+" "+id+".png"), png, 0o600))
	}
}

// violations lists what axe-core finds wrong for people who use a keyboard or a screen reader, or see colors otherwise.
func violations(t *testing.T, b *tab) []string {
	t.Helper()
	axe := testkit.ReadFile(t, os.Getenv("AXE"))
	value[int](t, b, axe+";0")
	found := value[string](t, b, `axe.run().then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.help +
		": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join("; "))))`)
	var all []string
	require.NoError(t, json.Unmarshal([]byte(found), &all))
	return all
}

// TestPageIsUsed filters, follows links and prints.
func TestPageIsUsed(t *testing.T) {
	report := reportOn(t, testkit.Synthesize(t, "dev", nil), "dev", exceptions(t), reported)
	found := relaxed(t, "dev", nil)
	report.Relaxed = &found
	text := pageOf(t, report, "")
	severe := 0
	for _, rule := range report.Rules {
		if rule.Severity == evidence.Critical {
			severe++
		}
	}
	key := report.Inventory[len(report.Inventory)-1].Address
	b := open(t, text, "resource-"+key, 1280, "light")
	inView := func(id string) bool {
		return value[bool](t, b, `(() => { const one = document.getElementById("`+id+`");
			const box = one.getBoundingClientRect();
			return one.checkVisibility() && box.bottom > 0 && box.top < innerHeight; })()`)
	}
	assert.True(t, inView("resource-"+key), "a link from elsewhere opens what it leads to")

	choose := func(form, field, value string) {
		run(t, b, chromedp.Evaluate[any](`(() => {
			const one = document.querySelector('form[data-of="`+form+`"] [name="`+field+`"]');
			one.value = "`+value+`";
			one.dispatchEvent(new Event("input", {bubbles: true}));
		})()`))
	}
	choose("rules", "severity", "critical")
	assert.Equal(t, severe, value[int](t, b, visible("#rules [data-item]")))
	choose("rules", "severity", "")
	choose("rules", "result", "excepted")
	assert.Equal(t, report.Summary.Excepted, value[int](t, b, visible("#rules [data-item]")))
	choose("rules", "text", "no such text")
	assert.Zero(t, value[int](t, b, visible("#rules [data-item]")))
	choose("inventory", "text", key)
	assert.Equal(t, 1, value[int](t, b, visible("#inventory [data-item]")))
	reasons := 0
	for _, one := range report.Order {
		if len(one.Through) > 0 || slices.ContainsFunc(one.After, func(c evidence.Cause) bool { return c.Why != "" }) {
			reasons++
		}
	}
	choose("order", "kind", "aws")
	assert.Equal(t, reasons, value[int](t, b, visible("#order [data-item]")))
	choose("costs", "text", "aws_kms_key")
	assert.Equal(t, 2, value[int](t, b, visible("#costs [data-item]")), "the key, and its requests")
	choose("relaxed", "text", "no standby")
	assert.Equal(t, 1, value[int](t, b, visible("#relaxed [data-item]")))
	choose("controls", "text", "CloudTrail.5")
	assert.Equal(t, 1, value[int](t, b, visible("#controls [data-item]")))

	hidden := report.Rules[0].ID
	value[any](t, b, `new Promise(done => {
		addEventListener("hashchange", () => setTimeout(done)); location.hash = "`+hidden+`"; })`)
	assert.True(t, inView(hidden), "a link shows what was filtered out")

	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	assert.NotZero(t, value[int](t, b, `document.querySelectorAll("details:not([open])").length`))
	value[any](t, b, `dispatchEvent(new Event("beforeprint"))`)
	assert.Zero(t, value[int](t, b, `document.querySelectorAll("details:not([open])").length`))
	assert.Zero(t, value[int](t, b, visible("nav, form")))
	b.assertQuiet(t)
}

// TestPageIsUsedByKeyboard skips to the report, opens a part of it and types into a filter.
func TestPageIsUsedByKeyboard(t *testing.T) {
	report := reportOn(t, testkit.Synthesize(t, "prod", nil), "prod", nil, reported)
	b := open(t, pageOf(t, report, ""), "", 1280, "light")
	focused := func() string {
		return value[string](t, b, `document.activeElement.className || document.activeElement.id`)
	}
	run(t, b, chromedp.KeyEvent(kb.Tab))
	assert.Equal(t, "skip", focused())
	run(t, b, chromedp.KeyEvent(kb.Enter))
	assert.Equal(t, "main", focused())

	assert.Zero(t, value[int](t, b, visible("#inventory [data-item]")))
	run(t, b, chromedp.Focus("#inventory summary"))
	run(t, b, chromedp.KeyEvent(kb.Enter))
	assert.NotZero(t, value[int](t, b, visible("#inventory [data-item]")))

	run(t, b, chromedp.SendKeys(`form[data-of="rules"] [name="text"]`, report.Rules[0].ID))
	assert.Equal(t, 1, value[int](t, b, visible("#rules [data-item]")))
	b.assertQuiet(t)
}
