// Between two answers of the server, the timer of the room goes on by itself, a second at a time.
// <p data-timer data-left="245"> holds the seconds left when the page was written; paused ones stand still.

const LAST_MINUTE = 60;
let shown = null;
let since = 0;

function figures(left) {
  const seconds = Math.abs(left);
  return `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function pace(left) {
  if (left <= 0) return "over";
  return left <= LAST_MINUTE ? "last" : "running";
}

function show(timer, left) {
  const now = pace(left);
  timer.querySelector("[data-timer-figures]").textContent = figures(left);
  timer.querySelector("[data-timer-word]").textContent = timer.dataset[now];
  const card = timer.closest(".room-timer");
  card.classList.remove("room-timer--running", "room-timer--last-minute", "room-timer--over");
  card.classList.add(`room-timer--${now === "last" ? "last-minute" : now}`);
}

function tick() {
  const timer = document.querySelector("[data-timer]");
  if (timer !== shown) {
    shown = timer;
    since = performance.now();
  }
  if (!timer || "paused" in timer.dataset) return;
  show(timer, Number(timer.dataset.left) - Math.floor((performance.now() - since) / 1000));
}

// The clock of the wall goes on the same way: data-clock holds the seconds since midnight in the morning's time zone.
const DAY = 24 * 3600;
let clock = null;
let clockSince = 0;

function tickClock() {
  const time = document.querySelector("[data-clock]");
  if (!time) return;
  if (time !== clock) {
    clock = time;
    clockSince = performance.now();
  }
  const seconds = (Number(time.dataset.clock) + Math.floor((performance.now() - clockSince) / 1000)) % DAY;
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, "0");
  const told = time.textContent.replace(/\d+(\D+)\d+/, `${Math.floor(seconds / 3600)}$1${minutes}`);
  if (told !== time.textContent) time.textContent = told;
}

function tickAll() {
  tick();
  tickClock();
}

tickAll();
setInterval(tickAll, 250);

// The screen of the room: it says that the network is gone, stays lit, and fills the whole screen when asked to.
const offline = document.querySelector("[data-offline]");
if (offline) {
  for (const fault of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(fault, () => {
      offline.hidden = false;
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    offline.hidden = true;
  });
  const stayLit = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", stayLit);
  stayLit();
}

const full = document.querySelector("[data-fullscreen]");
if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}

// The remote: while one of its keys has the focus, their letters press them.
document.querySelector(".remote")?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.currentTarget.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key.toUpperCase())}"]`);
  if (!key) return;
  event.preventDefault();
  key.click();
});
