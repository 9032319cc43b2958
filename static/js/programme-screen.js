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

tick();
setInterval(tick, 250);
