// A signature drawn on the glass: strokes of points, each from 0 to 1000 of the pad's width.
import { button, h } from "./dom.js";
import { t } from "./words.js";

const MOST_POINTS = 4000;

export function signaturePad() {
  const canvas = h("canvas", { class: "pad", width: 800, height: 400, "aria-label": t("在这里签名") });
  const pen = canvas.getContext("2d");
  pen.lineWidth = 5;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#14333b";
  let strokes = [], points = 0, last = null;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [Math.round(((event.clientX - box.left) / box.width) * 1000), Math.round(((event.clientY - box.top) / box.width) * 1000)];
  };
  const line = ([x1, y1], [x2, y2]) => {
    pen.beginPath();
    pen.moveTo(x1 * 0.8, y1 * 0.8);
    pen.lineTo(x2 * 0.8, y2 * 0.8);
    pen.stroke();
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    strokes.push([last]);
    line(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || points >= MOST_POINTS) return;
    const next = at(event);
    if (Math.abs(next[0] - last[0]) + Math.abs(next[1] - last[1]) < 4) return;
    strokes[strokes.length - 1].push(next);
    points += 1;
    line(last, next);
    last = next;
  });
  const up = () => { last = null; };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  const clear = () => {
    strokes = [];
    points = 0;
    pen.clearRect(0, 0, canvas.width, canvas.height);
  };
  return {
    element: h("div", { class: "pad-box" }, canvas, button(t("重写"), clear, { tone: "quiet" })),
    strokes: () => strokes,
    isEmpty: () => points < 5,
    clear,
  };
}
