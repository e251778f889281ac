// What stands as dots is shown while somebody wants to read it. The button brings the words for both.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const word = button.firstChild;
  field.type = field.type === "password" ? "text" : "password";
  [word.data, button.dataset.other] = [button.dataset.other, word.data];
});
