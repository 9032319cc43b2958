// Keys for a buyer's answers: on the card that has the focus, each button's data-shortcut letter presses it;
// J and K go to the next and the previous card.

const cards = () => [...document.querySelectorAll(".answer-card")];

function go(from, step) {
  const all = cards();
  const next = all[from ? all.indexOf(from) + step : 0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable], dialog")) return;
  const card = event.target.closest(".answer-card");
  const key = event.key.toUpperCase();
  if (key === "J" || key === "K") {
    event.preventDefault();
    go(card, key === "J" ? 1 : -1);
    return;
  }
  const button = card?.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
    // « Décliner » unfolds its reasons: the first one takes the focus, the arrows choose.
    if (button.parentElement.open) button.parentElement.querySelector("input[type=radio]")?.focus();
  }
});

// The button pressed may be gone from the card drawn again (« Annuler ma réponse »): the card itself takes the focus.
let held = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const card = event.detail.target.closest?.(".answer-card");
  held = card?.contains(document.activeElement) ? card.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (held && document.activeElement === document.body) document.getElementById(held)?.focus();
});
