// Drag in a ranked list. The list works without: each item has its « Monter » and « Descendre » forms.
// <ol class="ranked" data-ranking="URL"> posts the ids of its <li data-id> items, in their new order, as « order ».

const words = document.getElementById("words")?.dataset ?? {};
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

function announce(list, text) {
  let region = list.parentElement.querySelector("[data-ranking-status]");
  if (!region) {
    region = document.createElement("p");
    region.setAttribute("role", "status");
    region.dataset.rankingStatus = "";
    list.after(region);
  }
  region.textContent = text;
}

function number(list) {
  list.querySelectorAll(".ranked__rank").forEach((rank, index) => {
    rank.textContent = index + 1;
  });
}

// The page as it is now has the right buttons at both ends of its list.
async function renew(list) {
  const page = await fetch(location.href).catch(() => null);
  const html = page?.ok ? await page.text() : "";
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-ranking]");
  if (!fresh) return;
  list.replaceChildren(...fresh.children);
  arm(list);
  window.htmx?.process(list);
}

function arm(list) {
  for (const item of items(list)) item.draggable = true;
}

async function save(list, before) {
  const body = new URLSearchParams(items(list).map((item) => ["order", item.dataset.id]));
  const answer = await fetch(list.dataset.ranking, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, Accept: "text/html" },
  }).catch(() => null);
  if (answer?.ok) {
    await renew(list);
  } else {
    list.append(...before);
    number(list);
  }
  announce(list, answer?.ok ? words.saved : words.failed);
}

const items = (list) => [...list.querySelectorAll(":scope > [data-id]")];

function watch(list) {
  if (list.dataset.watched) return;
  list.dataset.watched = "yes";
  let dragged = null;
  let before = [];
  arm(list);

  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-id]");
    before = items(list);
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
  });

  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-id]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
    over[event.clientY < middle ? "before" : "after"](dragged);
  });

  list.addEventListener("drop", (event) => event.preventDefault());

  list.addEventListener("dragend", () => {
    dragged.classList.remove("is-dragged");
    dragged = null;
    number(list);
    if (items(list).some((item, index) => item !== before[index])) save(list, before);
  });
}

document.querySelectorAll("[data-ranking]").forEach(watch);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll("[data-ranking]").forEach(watch));
