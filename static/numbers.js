// Choosing numbers on several pages of their list: kept in this tab until a job begins with them.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, act) => document.addEventListener(type, act);
const key = () => `chosen:${$("[data-keep]")?.dataset.keep}`;
const kept = () => new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]"));
const boxes = () => $$("[data-keep] tbody .pick input");
let last = null; // the box before, where a range begins

function show(values) {
  const bar = $("[data-keep] #bulk-bar");
  if (!bar) return;
  if (values.size) sessionStorage.setItem(key(), JSON.stringify([...values]));
  else sessionStorage.removeItem(key());
  const all = boxes();
  all.forEach((box) => { box.checked = values.has(box.value); });
  const here = all.filter((box) => box.checked).length;
  Object.assign($("[data-page]"), { checked: here && here === all.length, indeterminate: here && here < all.length });
  bar.classList.toggle("on", values.size > 0);
  const count = $("[data-kept]", bar);
  count.textContent = values.size ? count.dataset.kept.replace("{n}", values.size) : "";
  // Those of other pages go with the form too.
  $$("[data-elsewhere]", bar).forEach((field) => field.remove());
  const shown = new Set(all.map((box) => box.value));
  bar.append(...[...values].filter((value) => !shown.has(value)).map((value) => {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "numbers", value });
    field.dataset.elsewhere = "";
    return field;
  }));
}

function choose(box, withRange) {
  const all = boxes();
  const ends = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  const range = box.matches("[data-page]") ? all : withRange && ends[0] >= 0 ? all.slice(ends[0], ends[1] + 1) : [box];
  const values = kept();
  range.forEach(({ value }) => { if (box.checked) values.add(value); else values.delete(value); });
  last = box;
  show(values);
}

on("click", (event) => {
  const box = event.target.closest?.("[data-keep] .pick input");
  if (box) choose(box, event.shiftKey);
  if (event.target.closest?.("[data-unselect]")) {
    $("#bulk").reset();
    show(new Set());
    $("[data-page]").focus();
  }
});
// In a row: x selects, Shift and x as far as here, j and k go down and up. Escape, when nothing else is open, selects none.
on("keydown", (event) => {
  const { key, shiftKey, target } = event, row = target.closest?.("[data-keep] tbody tr");
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest?.("input:not([type=checkbox]), textarea, select")) return;
  if (key === "Escape" && !$("dialog[open], :popover-open")) $("[data-keep] .on [data-unselect]")?.click();
  if (!row) return;
  if (/^x$/i.test(key)) $(".pick input", row).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  if (/^[jk]$/.test(key)) (key === "j" ? row.nextElementSibling : row.previousElementSibling)?.querySelector("th a").focus();
});
on("submit", ({ target }) => {
  if (/\/jobs\/[^/]+\/start\/$/.test(target.action)) sessionStorage.removeItem(key());
});
on("htmx:afterSettle", () => show(kept()));
// Boxes that were ticked before this script was here count as well.
const ticked = boxes().filter((box) => box.checked || $("[data-page]").checked);
last = ticked.at(-1) ?? null;
show(new Set([...kept(), ...ticked.map((box) => box.value)]));
