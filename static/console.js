// The console's script; every page works without it.
const words = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, act) => document.addEventListener(type, act);
const onClick = (selector, act) => on("click", (event) => {
  const target = event.target.closest?.(selector);
  if (target) act(target, event);
});

function make(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  if (name === "button") element.type = "button";
  return element;
}

// --- Toasts

function closeToast(toast) {
  const had = toast.contains(document.activeElement);
  toast.remove();
  stack();
  if (had) $("#main")?.focus();
}

function stack() {
  // At most three; a button opens the rest.
  const all = $$(".toasts .toast:not(.more)");
  const extra = Math.max(0, all.length - 3);
  all.forEach((toast, index) => toast.classList.toggle("extra", index < extra && !toast.dataset.opened));
  const hidden = $$(".toast.extra").length;
  $(".toast.more")?.remove();
  if (!hidden) return;
  const more = make("div", "toast more");
  const button = make("button", "btn", words.more.replace("{n}", hidden));
  button.onclick = () => { all.forEach((toast) => { toast.dataset.opened = "1"; }); stack(); };
  more.append(button);
  $(".toasts").prepend(more);
}

function tend(toast) {
  // Errors and toasts with a link or a form stay; others leave, but not under pointer or focus.
  if (toast.dataset.tended) return;
  toast.dataset.tended = "1";
  stack();
  if (toast.matches(".bad, :has(a, form)")) return;
  let left = 8;
  const timer = setInterval(() => {
    if (!toast.isConnected) clearInterval(timer);
    else if (!toast.matches(":hover, :focus-within") && !document.hidden && --left <= 0) closeToast(toast);
  }, 1000);
}

function show(text, tone = "bad") {
  const region = $(tone === "bad" ? "#alerts" : "#notices");
  if (!region || $$(".toast", region).some((toast) => toast.dataset.text === text)) return;
  const toast = make("div", `toast ${tone}`);
  toast.dataset.text = text;
  const close = make("button", "icon-btn", "✕");
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", words.dismiss);
  toast.append(make("div", "", text), close);
  region.append(toast);
  tend(toast);
}

onClick("[data-dismiss]", (button) => closeToast(button.closest(".toast")));

// --- The side panel: focus goes in, and back to the opener
const narrow = matchMedia("(max-width: 900px)");
const panel = () => $("#panel");
const panelOpen = () => Boolean(panel()?.firstElementChild);
let opener = null; // the link that opened the panel
let origin = null; // the list's address before it did
let entering = false;

function fence() {
  // A panel as wide as the window hides the page, which must not take focus then.
  const covered = panelOpen() && narrow.matches;
  $$(".top, .nav, #main, .skip").forEach((part) => { part.inert = covered; });
}

function closePanel(href) {
  panel().replaceChildren();
  fence();
  history.pushState({ htmx: true }, "", origin ?? href);
  document.title = `${$("h1")?.textContent.trim() ?? ""} · PSTN Hub`;
  const back = opener?.isConnected ? opener : opener && $(`a[href="${CSS.escape(opener.getAttribute("href") ?? "")}"]`);
  (back ?? $("h1") ?? $("#main")).focus();
  opener = origin = null;
}

onClick("[data-panel-close]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if ($("[data-behind]")) return; // no list yet: go there
  event.preventDefault();
  closePanel(link.href);
});
narrow.addEventListener("change", fence);

// --- htmx
let focusBefore = null;

on("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (document.hidden && /\bevery\b/.test(elt.getAttribute("hx-trigger") ?? "")) { event.preventDefault(); return; }
  target?.setAttribute("aria-busy", "true");
  if (target?.id !== "panel" || panel().contains(elt)) return;
  if (!panelOpen()) origin = location.href;
  opener = elt;
  entering = true;
});
on("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
on("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const signIn = $('meta[name="sign-in"]')?.content;
  if (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === signIn) {
    event.detail.shouldSwap = false;
    location.reload(); // the session is over: sign in and come back
    return;
  }
  focusBefore = target?.contains(document.activeElement) ? target.id : null;
});
on("htmx:afterSettle", (event) => {
  const region = (focusBefore && document.getElementById(focusBefore)) || event.detail.target;
  prepare(document);
  fence();
  if (event.detail.target?.id === "ask") event.detail.target.showModal();
  const opened = entering && event.detail.target?.id === "panel";
  const lost = !document.activeElement || document.activeElement === document.body;
  if (opened || (focusBefore && lost)) focusHeading(opened ? panel() : region);
  focusBefore = null;
  if (opened) entering = false;
});
on("htmx:sendError", () => show(words.offline));
on("htmx:timeout", () => show(words.offline));
on("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  show(status >= 500 ? words.broken : status === 403 ? words.forbidden : status === 404 ? words.missing : words.refused);
});

function focusHeading(region) {
  const heading = $("[data-errors]", region) ?? $("h1, h2, h3, caption", region) ?? region;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  heading.focus({ preventScroll: heading === region });
}

// --- Keys
on("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = $("#search");
    if (search && !search.closest("[inert]")) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key !== "Escape" || event.defaultPrevented || $("dialog[open], :popover-open")) return;
  const menu = event.target.closest?.("details.menu[open]") ?? $("details.menu[open]");
  const tip = event.target.closest?.(".tip:not(.shut)") ?? $(".tip:hover:not(.shut)");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
  else if (tip) tip.classList.add("shut");
  else if (panelOpen()) $("[data-panel-close]", panel())?.click();
  else return;
  event.preventDefault(); // the page leaves it alone then
});
// A menu stays open below its dialog, which gives the focus back to it.
on("click", ({ target }) => $$("details.menu[open]").forEach((menu) => { if (!menu.contains(target) && !target.closest("dialog")) menu.open = false; }));
on("pointerout", (event) => event.target.closest?.(".tip.shut")?.classList.remove("shut"));

// --- Dialogs, copying, sending once
onClick("[data-dialog]", (button, event) => {
  const dialog = document.getElementById(button.dataset.dialog);
  if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
});
onClick("[data-close]", (button) => button.closest("dialog")?.close());
onClick("[data-copy]", async (button) => {
  await navigator.clipboard?.writeText(button.dataset.copy);
  show(words.copied, "ok");
});
on("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => $$("[data-once]").forEach((form) => { delete form.dataset.sent; }));
onClick("[data-errors] a[href^='#']", (link, event) => {
  const field = document.getElementById(link.hash.slice(1));
  if (field) { event.preventDefault(); field.focus(); }
});

on("change", (event) => event.target.closest("[data-autosubmit]")?.requestSubmit());

// --- Rows chosen on several pages of a list: their script comes with the first sign of a choice
function wantChoosing(event) {
  const list = $("[data-keep]");
  if (list && (event?.target.closest?.("tr, .bulk") ?? sessionStorage[`chosen:${list.dataset.keep}`])) import(list.dataset.script);
}
["pointerover", "focusin"].forEach((type) => on(type, wantChoosing));

// --- After load and after every swap
function prepare(root) {
  $$("[data-import]", root).forEach((part) => { import(part.dataset.import); }); // what only some pages need
  wantChoosing();
  $$(".toasts .toast:not(.more)").forEach(tend);
}

prepare(document);
fence();
if ($("[data-errors]")) $("[data-errors]").focus();
else if (panelOpen()) focusHeading(panel());
// A region filled before it is listened to says nothing: fill it once more.
for (const region of $$("#notices, #alerts")) {
  const toasts = [...region.children];
  region.replaceChildren();
  setTimeout(() => region.append(...toasts), 150);
}
