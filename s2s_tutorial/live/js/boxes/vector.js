/** A state or a context as the book's figures draw it (`bars` in figures/widgets/svg/shapes.py). */

import { svg } from "./dom.js";
import { LOOKS } from "./looks.js";

const ROWS = 16; // of a vector that is drawn whole: its numbers stand in columns of so many
const WIDEST = 280; // pixels: what a phone has room for

/** The numbers that are drawn of a vector where many stand side by side: the first ones of each direction. */
export function drawnOf(vector, directions) {
  const size = vector.length / directions, few = Math.min(LOOKS.vector.units / directions, size);
  return Array.from({ length: directions }, (_, k) => [...vector.slice(k * size, k * size + few)]).flat();
}

/** All numbers of a vector, in columns. */
export const columnsOf = (vector) =>
  Array.from({ length: Math.ceil(vector.length / ROWS) }, (_, k) => [...vector.slice(k * ROWS, (k + 1) * ROWS)]);

/** A frame with columns of bars, one a number, from the middle line: to the right edge for 1, to the left for -1. */
export function vectorPicture(columns, color, label = "") {
  const { size: [most, least], units, inset, bar, ...look } = LOOKS.vector;
  const rows = columns[0].length, ink = LOOKS.colors[color], edge = look.stroke / 2;
  const wide = Math.min(most, WIDEST / columns.length), width = wide * columns.length;
  const height = rows > units ? 2 * inset + (rows / units) * (least - 2 * inset) : least;
  const pitch = (height - 2 * inset) / rows;
  const at = (k) => ((k + 0.5) * wide).toFixed(1);
  const bars = columns.flatMap((numbers, k) => numbers.map((number, row) => {
    const length = Math.max(Math.min(Math.abs(number), 1) * (wide / 2 - inset), look.least) * (number < 0 ? -1 : 1);
    return `M${at(k)} ${(inset + pitch * (row + (1 - bar) / 2)).toFixed(1)}h${length.toFixed(1)}v${(pitch * bar).toFixed(1)}H${at(k)}z`;
  }));
  const zeros = columns.map((_, k) => `M${at(k)} ${inset - 1}V${height - inset + 1}`);
  const told = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return svg("svg", { viewBox: [-edge, -edge, width + 2 * edge, height + 2 * edge].join(" "), width: width + 2 * edge, ...told },
    svg("rect", { width, height, rx: look.radius, fill: ink, "fill-opacity": look.tint, stroke: ink, "stroke-width": look.stroke }),
    svg("path", { d: bars.join(""), fill: ink }),
    svg("path", { d: zeros.join(""), stroke: "currentColor", "stroke-opacity": look["zero-tint"], "stroke-width": look.zero }));
}
