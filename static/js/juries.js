// Keys for a reviewer: a digit gives that value to the criterion in focus and goes on to the next one; N opens the next file.

const scales = [...document.querySelectorAll("[data-jury-scale]")];

function choose(scale, digit) {
  const value = [...scale.querySelectorAll("input[type=radio]")].find((input) => input.value === digit);
  if (!value) return false;
  value.checked = true;
  value.dispatchEvent(new Event("change", { bubbles: true }));
  const following = scales[scales.indexOf(scale) + 1];
  const focused = following?.querySelector("input:checked") ?? following?.querySelector("input[type=radio]");
  (focused ?? value).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable], dialog")) return;
  const scale = event.target.closest("[data-jury-scale]") ?? scales[0];
  if (/^\d$/.test(event.key) && scale && choose(scale, event.key)) {
    event.preventDefault();
  } else if (event.key.toUpperCase() === "N") {
    document.querySelector("[data-next-file]")?.click();
  }
});
