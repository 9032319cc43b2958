// Small comforts over pages that work without them: closing messages, asking before harm, one submit at a time, the theme.

const words = document.getElementById("words")?.dataset ?? {};

function button(label, className, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", onClick);
  return made;
}

for (const flash of document.querySelectorAll("[data-flash]")) {
  flash.append(button(words.close, "flash__close", () => flash.remove()));
}

document.querySelector("[data-focus]")?.focus();

// On a telephone a row of links is wider than the screen: bring the current one into sight, without moving the page.
for (const current of document.querySelectorAll("nav [aria-current]")) {
  for (const row of [current.closest("ul"), current.closest("nav")]) {
    if (!row || row.scrollWidth <= row.clientWidth) continue;
    const [place, room] = [current.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += place.left - room.left - (room.width - place.width) / 2;
  }
}

function ask(question) {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  const text = document.createElement("p");
  const actions = document.createElement("div");
  title.textContent = words.confirmTitle;
  title.id = "confirm-title";
  text.textContent = question;
  actions.className = "form-actions";
  actions.append(
    button(words.cancel, "btn btn-secondary", () => dialog.close("")),
    button(words.confirm, "btn btn-danger", () => dialog.close("yes")),
  );
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, text, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// Capture: before htmx, which would send the form at once.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (form.dataset.confirm && !form.dataset.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      if (await ask(form.dataset.confirm)) {
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter);
      }
      return;
    }
    delete form.dataset.confirmed;
    if (!("once" in form.dataset)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  },
  true,
);

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target instanceof HTMLFormElement) release(event.target);
});

// A page that comes back from the browser's memory can send again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

const place = document.querySelector("[data-theme-switch]");
if (place) {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => (isDark() ? words.light : words.dark);
  const toggle = button(label(), "nav-link-quiet", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
    toggle.textContent = label();
  });
  place.append(toggle);
  place.hidden = false;
}
