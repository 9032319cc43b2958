// How long a text is, said as it is typed: <textarea data-length="600">. It never blocks; the server has the last word.

function watch(area) {
  if (area.dataset.counted) return;
  area.dataset.counted = "yes";
  const most = Number(area.dataset.length);
  const count = document.createElement("p");
  count.className = "field__count";
  count.setAttribute("aria-hidden", "true");
  area.after(count);
  const say = () => {
    count.textContent = `${area.value.length} / ${most}`;
    count.classList.toggle("is-over", area.value.length > most);
  };
  area.addEventListener("input", say);
  say();
}

const all = (root) => root.querySelectorAll("textarea[data-length]").forEach(watch);
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
