// A pad to draw a signature on. The picture goes into the hidden field beside it as a PNG; typing needs none of this.
const pad = (event) => event.target.closest?.("[data-pad]");

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
}

function pen(canvas) {
  const context = canvas.getContext("2d");
  context.lineWidth = 5;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
  return context;
}

const keep = (canvas) => { canvas.parentElement.querySelector("input").value = canvas.toDataURL("image/png"); };

addEventListener("pointerdown", (event) => {
  const canvas = event.target;
  if (!pad(event) || canvas.tagName !== "CANVAS" || event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  const context = pen(canvas);
  let [x, y] = place(canvas, event);
  context.beginPath();
  context.arc(x, y, 2.5, 0, 7);  // a dot is a stroke too
  context.fill();
  const draw = (moved) => {
    context.beginPath();
    context.moveTo(x, y);
    [x, y] = place(canvas, moved);
    context.lineTo(x, y);
    context.stroke();
  };
  const end = () => {
    canvas.removeEventListener("pointermove", draw);
    canvas.removeEventListener("pointerup", end);
    canvas.removeEventListener("pointercancel", end);
    keep(canvas);
  };
  canvas.addEventListener("pointermove", draw);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
});

addEventListener("click", (event) => {
  const here = pad(event), button = event.target.closest?.("button");
  if (!here || !button) return;
  const canvas = here.querySelector("canvas");
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  here.querySelector("input").value = "";
});

// A form that comes back with an error shows what was drawn.
for (const here of document.querySelectorAll("[data-pad]")) {
  const drawn = here.querySelector("input").value;
  if (!drawn.startsWith("data:image/png;base64,")) continue;
  const image = new Image();
  image.onload = () => here.querySelector("canvas").getContext("2d").drawImage(image, 0, 0);
  image.src = drawn;
}
