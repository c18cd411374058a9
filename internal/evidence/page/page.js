"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Filters need this script, so nobody sees them without.
  for (const form of all("form.filter")) {
    const section = document.getElementById(form.dataset.of);
    const items = all("[data-item]", section);
    const groups = all("[data-group]", section);
    const output = form.querySelector("output");
    const texts = new Map(items.map(item => {
      const group = item.closest("[data-group]");
      return [item, ((group ? group.querySelector("summary").textContent + " " : "") + item.textContent).toLowerCase()];
    }));
    const filter = () => {
      const { text, ...choices } = Object.fromEntries(new FormData(form));
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = Object.entries(choices).filter(([, value]) => value);
      let shown = 0;
      for (const item of items) {
        item.hidden = !words.every(word => texts.get(item).includes(word)) ||
          !chosen.every(([name, value]) => (item.dataset[name] || "").split("|").includes(value));
        shown += !item.hidden;
      }
      const filtered = words.length + chosen.length > 0;
      for (const group of groups) {
        group.hidden = filtered && !all("[data-item]", group).some(item => !item.hidden);
        if (filtered && !group.hidden) group.open = true;
      }
      output.textContent = shown + " of " + items.length;
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", event => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    filter();
  }

  // What a link leads to is shown, also where it was filtered out or closed.
  const show = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      target.closest("section").querySelector("form.filter")?.reset();
      for (const hidden of all("[data-item][hidden], [data-group][hidden]", target.closest("section"))) hidden.hidden = false;
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", show);
  show();

  const button = document.getElementById("open-all");
  const outer = all("details");
  const set = open => {
    for (const one of outer) one.open = open;
    button.textContent = open ? "Close all" : "Open all";
    button.setAttribute("aria-pressed", open);
  };
  button.hidden = false;
  button.addEventListener("click", () => set(button.textContent === "Open all"));

  // On paper nobody can open anything.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = outer.filter(one => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
