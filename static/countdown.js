// Time that runs out, by the second: an element with data-countdown, which hears `expired` when it is over.
const words = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");

function tick() {
  document.querySelectorAll("[data-countdown]").forEach((clock) => {
    if (clock.dataset.over) return;
    clock.wrong ??= Date.now() - new Date(clock.dataset.now); // how wrong the clock of this computer is
    const left = Math.ceil((new Date(clock.dataset.countdown) - Date.now() + clock.wrong) / 1000);
    clock.textContent = left > 0 ? new Date(left * 1000).toISOString().slice(left < 3600 ? 14 : 11, 19).replace(/^0(?=\d)/, "") : words.expired;
    clock.classList.toggle("soon", left <= 60);
    if (left === 60) document.getElementById("sr-status").textContent = words.minute;
    if (left <= 0) { clock.dataset.over = "1"; clock.dispatchEvent(new CustomEvent("expired", { bubbles: true })); }
  });
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
