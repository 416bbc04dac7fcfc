// The pictures of the training box: two charts of lines, and the map of weights.

import { element } from "./training_parts.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [340, 210, 38, 10, 14, 36];
const STOPS = ["#F9F5F7", "#F6CDE5", "#EAA7D6", "#D983C7", "#C45FB9", "#A546A3", "#872D8E", "#690F78", "#4A005B"];

/** The colour of a weight from 0 to 1, on the book's map (WEIGHTS_CMAP of s2s_tutorial/figures/style.py). */
export function weightColor(weight) {
  const at = Math.min(Math.max(weight, 0), 1) * (STOPS.length - 1), low = Math.min(Math.floor(at), STOPS.length - 2);
  const channel = (color, k) => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(STOPS[low], k) * (low + 1 - at) + channel(STOPS[low + 1], k) * (at - low)));
  return `rgb(${mixed.join(" ")})`;
}

/** Up to six round numbers from 0 to a limit. */
function ticks(limit) {
  const rough = limit / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  return Array.from({ length: Math.floor(limit / step + 1e-9) + 1 }, (_, k) => Number((k * step).toPrecision(6)));
}

/** Chart with one line for each model. `draw` takes lines by kind, each a list of [x, y], and the limits of the axes. */
export class Chart {
  /** @param {string} title @param {string} xTitle @param {string} yTitle @param {boolean} marks whether each point has a mark */
  constructor(title, xTitle, yTitle, marks) {
    this.marks = marks;
    this.axes = element("svg:g", { class: "s2s-training-axes" });
    this.lines = element("svg:g");
    const middle = (LEFT + WIDTH - RIGHT) / 2;
    this.svg = element("svg:svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
      this.axes, this.lines,
      element("svg:text", { x: middle, y: HEIGHT - 3, "text-anchor": "middle" }, xTitle));
    this.figure = element("figure", { class: "s2s-training-chart" }, element("figcaption", {}, title, element("span", {}, ` ${yTitle}`)), this.svg);
  }

  draw(lines, [xLow, xHigh], yHigh, whole = false) {
    const x = (value) => LEFT + ((value - xLow) / (xHigh - xLow || 1)) * (WIDTH - LEFT - RIGHT);
    const y = (value) => HEIGHT - BOTTOM - (Math.min(value, yHigh) / yHigh) * (HEIGHT - TOP - BOTTOM);
    const limits = `${xLow} ${xHigh} ${yHigh}`;
    if (this.limits !== limits) {
      this.limits = limits;
      const across = whole ? Array.from({ length: xHigh - xLow + 1 }, (_, k) => xLow + k) : ticks(xHigh);
      this.axes.replaceChildren(
        ...ticks(yHigh).flatMap((value) => [
          element("svg:line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
          element("svg:text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, String(value))]),
        ...across.map((value) => element("svg:text", { x: x(value), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }, String(value))));
    }
    this.lines.replaceChildren(...Object.entries(lines).map(([kind, points]) => this.line(kind, points.map(([a, b]) => [x(a), y(b)]))));
  }

  line(kind, points) {
    const d = points.map(([a, b], k) => `${k ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`).join("");
    const mark = ([a, b]) => (kind === "vector"
      ? element("svg:rect", { x: a - 3.5, y: b - 3.5, width: 7, height: 7 })
      : element("svg:circle", { cx: a, cy: b, r: 4 }));
    return element("svg:g", { class: `s2s-training-${kind}` }, element("svg:path", { d }), ...(this.marks ? points.map(mark) : []));
  }
}

/** The mean of the last so many numbers at each of them. @returns {number[]} */
export function runningMean(numbers, window) {
  let sum = 0;
  return numbers.map((number, i) => {
    sum += number - (i >= window ? numbers[i - window] : 0);
    return sum / Math.min(i + 1, window);
  });
}

/** The map of attention: a row for each letter written, a column for each letter read. */
export class WeightMap {
  constructor() {
    this.svg = element("svg:svg", { role: "img" });
  }

  /** @param {{src: string[], written: string[], weights: number[][]}} look */
  draw({ src, written, weights }) {
    this.svg.setAttribute("aria-label", `Where the model looks while it writes ${written.join(" ")}, having read ${src.join(" ")}. The numbers are in the table below.`);
    const all = weights.flat(), words = `${src} ${written}`;
    if (this.words !== words) this.lay(src, written, weights);
    this.words = words;
    all.forEach((weight, k) => this.cells[k].setAttribute("fill", weightColor(weight)));
  }

  /** Place letters and cells anew. */
  lay(src, written, weights) {
    const size = Math.min(28, 250 / src.length), left = 56, top = 24, rows = src.length + 1;
    const [width, height] = [left + size * src.length + 4, top + size * rows + 4];
    const text = (x, y, content, anchor) => element("svg:text", { x, y, "text-anchor": anchor }, content);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.width = `${width}px`;
    this.cells = weights.flatMap((row, i) => row.map((_, j) =>
      element("svg:rect", { x: left + size * j, y: top + size * i, width: size - 1, height: size - 1 })));
    this.svg.replaceChildren(
      ...src.map((letter, j) => text(left + size * (j + 0.5), top - 8, letter, "middle")),
      ...written.map((letter, i) => text(left - 6, top + size * (i + 0.5) + 5, letter, "end")),
      ...this.cells);
  }
}
