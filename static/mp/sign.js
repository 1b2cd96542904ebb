// 手写签名: what a finger, pen or mouse draws in the field becomes strokes in the form. Without a script the form says so.
document.querySelectorAll("[data-pad]").forEach((pad) => {
  const canvas = pad.querySelector("canvas"), kept = pad.querySelector("input[name=strokes]"), ink = canvas.getContext("2d");
  const WIDTH = 600, HEIGHT = 200;
  let strokes = [], now = null;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) * WIDTH / box.width, y = (event.clientY - box.top) * HEIGHT / box.height;
    return [Math.min(WIDTH, Math.max(0, x)), Math.min(HEIGHT, Math.max(0, y))].map((n) => Math.round(n * 10) / 10);
  };
  const draw = () => {
    ink.clearRect(0, 0, WIDTH, HEIGHT);
    Object.assign(ink, { lineWidth: 3.2, lineCap: "round", lineJoin: "round", strokeStyle: "#1e1c18" });
    strokes.forEach((stroke) => {
      ink.beginPath();
      stroke.forEach(([x, y], n) => (n ? ink.lineTo(x, y) : ink.moveTo(x, y)));
      ink.stroke();
    });
    kept.value = strokes.length ? JSON.stringify(strokes) : "";
    pad.classList.toggle("is-drawn", strokes.length > 0);
  };
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    strokes.push(now = [place(event)]);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!now) return;
    now.push(place(event));
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { now = null; draw(); });
  pad.querySelector("[data-clear]").addEventListener("click", () => { strokes = []; draw(); });
  try { strokes = JSON.parse(kept.value || "[]"); } catch { strokes = []; }
  draw();
});
