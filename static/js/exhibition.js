// Dragging a stand on the organiser's plan; the arrows of the list do the same without it.
const drawing = document.querySelector("[data-plan]");
const form = document.querySelector("#plan-drop");
const hint = document.querySelector("[data-plan-hint]");

function metresAt(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  const unit = Number(drawing.dataset.unit);
  return { x: point.x / unit, y: point.y / unit };
}

function within(value, most) {
  return Math.max(0, Math.min(most, Math.round(value)));
}

function place(stand, from, now) {
  const { x, y, w, d } = stand.dataset;
  return {
    x: within(Number(x) + now.x - from.x, Number(drawing.dataset.width) - Number(w)),
    y: within(Number(y) + now.y - from.y, Number(drawing.dataset.depth) - Number(d)),
  };
}

function drop(stand, target) {
  form.action = form.dataset.action.replace(/\/0\/move$/, `/${stand.dataset.stand}/move`);
  form.elements.x.value = target.x;
  form.elements.y.value = target.y;
  form.submit();
}

function follow(stand, begun) {
  const from = metresAt(begun);
  const unit = Number(drawing.dataset.unit);
  let target = { x: Number(stand.dataset.x), y: Number(stand.dataset.y) };
  const moved = () => target.x !== Number(stand.dataset.x) || target.y !== Number(stand.dataset.y);
  const move = (event) => {
    target = place(stand, from, metresAt(event));
    const shift = [target.x - Number(stand.dataset.x), target.y - Number(stand.dataset.y)];
    stand.setAttribute("transform", `translate(${shift[0] * unit} ${shift[1] * unit})`);
    stand.classList.toggle("is-dragged", moved());
  };
  const end = (event) => {
    stand.removeEventListener("pointermove", move);
    stand.removeEventListener("pointerup", end);
    stand.removeEventListener("pointercancel", end);
    if (event.type === "pointerup" && moved()) {
      stand.addEventListener("click", (click) => click.preventDefault(), { once: true });
      drop(stand, target);
      return;
    }
    stand.removeAttribute("transform");
    stand.classList.remove("is-dragged");
  };
  stand.setPointerCapture(begun.pointerId);
  stand.addEventListener("pointermove", move);
  stand.addEventListener("pointerup", end);
  stand.addEventListener("pointercancel", end);
}

if (drawing && form) {
  drawing.classList.add("is-ready");
  hint.hidden = false;
  for (const stand of drawing.querySelectorAll("[data-stand]")) {
    stand.addEventListener("dragstart", (event) => event.preventDefault());
    stand.addEventListener("pointerdown", (event) => {
      if (event.button === 0) follow(stand, event);
    });
  }
}
