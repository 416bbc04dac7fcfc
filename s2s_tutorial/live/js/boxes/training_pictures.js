// The charts of the training box.

import { element } from "./training_parts.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [340, 210, 38, 10, 14, 36];

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

/** The updates whose loss a table tells: the first, up to ten round ones, the last. @returns {number[]} */
export function landmarks(updates) {
  if (updates === 0) return [];
  const step = 25 * Math.ceil(updates / 250);
  return [...new Set([1, ...Array.from({ length: Math.floor(updates / step) }, (_, k) => step * (k + 1)), updates])];
}
