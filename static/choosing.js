// Choosing rows of one list: a box for all of them, and how many are chosen.
const words = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
const all = (selector, root) => [...root.querySelectorAll(selector)];
const boxes = (scope) => all("tbody .pick input[type=checkbox]", scope);

function count(scope) {
  const found = boxes(scope);
  const chosen = found.filter((box) => box.checked).length;
  const whole = scope.querySelector("[data-select-all]");
  if (whole) Object.assign(whole, { checked: chosen && chosen === found.length, indeterminate: chosen && chosen < found.length });
  all("[data-selected-count]", scope).forEach((part) => { part.textContent = words.selected.replace("{n}", chosen); });
  all("[data-when-selected]", scope).forEach((part) => { part.hidden = chosen === 0; });
}

function countAll() {
  all("[data-selection]", document).forEach(count);
}

document.addEventListener("change", ({ target }) => {
  const scope = target.closest("[data-selection]");
  if (!scope) return;
  if (target.matches("[data-select-all]")) boxes(scope).forEach((box) => { if (!box.disabled) box.checked = target.checked; });
  count(scope);
});
document.addEventListener("htmx:afterSettle", countAll);
countAll();
