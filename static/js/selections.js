// The board by drag, and its answers put in place. Everything works without: each file has its buttons.

const TARGET = "#board";
let moved = "";

const board = () => document.querySelector("[data-board]");

function post(values) {
  moved = values.application;
  window.htmx.ajax("POST", board().dataset.decide, {
    target: TARGET,
    swap: "outerHTML",
    values: { ...values, version: board().dataset.version },
  });
}

// A refusal, too, is a board: with what changed meanwhile, and the button that applies it all the same.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 409 || !board()) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.parameters.application) moved = event.detail.parameters.application;
});

document.addEventListener("htmx:afterSettle", () => {
  const notice = board()?.querySelector("[role=alert]");
  if (notice) {
    notice.focus();
  } else if (moved && document.activeElement === document.body) {
    document.querySelector(`#file-${CSS.escape(String(moved))} button`)?.focus({ preventScroll: true });
  }
  arm();
});

function arm() {
  for (const card of document.querySelectorAll("[data-draggable]")) card.draggable = true;
  const kind = document.querySelector("#kind[name=kind]");
  const parts = document.querySelectorAll("[data-for-kind]");
  const choice = document.querySelector(".rule__add select[name=kind]") ?? kind;
  if (!choice || !parts.length) return;
  const show = () => {
    for (const part of parts) part.hidden = part.dataset.forKind !== choice.value;
  };
  choice.addEventListener("change", show);
  show();
}

let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-draggable]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  dragged.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const zone = event.target.closest?.("[data-zone]") ?? event.target.closest?.(".selection__zone")?.querySelector("[data-zone]");
  for (const other of document.querySelectorAll(".is-over")) if (other !== zone) other.classList.remove("is-over");
  if (!dragged || !zone) return;
  event.preventDefault();
  zone.classList.add("is-over");
});

document.addEventListener("drop", (event) => {
  const zone = document.querySelector(".is-over");
  if (!dragged || !zone) return;
  event.preventDefault();
  const values = { application: dragged.dataset.id, outcome: zone.dataset.zone };
  const others = [...zone.querySelectorAll(":scope > [data-id]")].filter((card) => card !== dragged);
  const above = others.filter((card) => {
    const place = card.getBoundingClientRect();
    return place.top + place.height / 2 < event.clientY;
  });
  if (zone.dataset.zone === "reserve") values.rank = above.length + 1;
  if (zone !== dragged.parentElement || zone.dataset.zone === "reserve") post(values);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  for (const zone of document.querySelectorAll(".is-over")) zone.classList.remove("is-over");
  dragged = null;
});

arm();
