// Comforts of the registration pages; each form works without them.

// A question's kind decides which of the other fields mean anything.
const kinds = document.querySelectorAll('input[name="kind"][type="radio"]');

function showWhatMatters() {
  const chosen = document.querySelector('input[name="kind"]:checked')?.value ?? "";
  for (const part of document.querySelectorAll("[data-shown-for]")) {
    part.hidden = !part.dataset.shownFor.split(" ").includes(chosen);
  }
}

for (const kind of kinds) kind.addEventListener("change", showWhatMatters);
if (kinds.length) showWhatMatters();

// One box ticks every registration that waits on this page.
const all = document.querySelector("[data-tick-all]");
if (all) {
  const boxes = [...document.querySelectorAll('input[name="refs"]')];
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
