/** The map of attention: a row for each token written, a column for each one read. */

import { el, shown } from "./dom.js";

const STOPS = ["#F9F5F7", "#F6CDE5", "#EAA7D6", "#D983C7", "#C45FB9", "#A546A3", "#872D8E", "#690F78", "#4A005B"];

/** The colour of a weight from 0 to 1, on the book's map (WEIGHTS_CMAP of s2s_tutorial/figures/style.py). */
export function weightColor(weight) {
  const at = Math.min(Math.max(weight, 0), 1) * (STOPS.length - 1), low = Math.min(Math.floor(at), STOPS.length - 2);
  const channel = (color, k) => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(STOPS[low], k) * (low + 1 - at) + channel(STOPS[low + 1], k) * (at - low)));
  return `rgb(${mixed.join(" ")})`;
}

/** A picture for those who look: the table under it has the numbers, its label says what it is. */
export class WeightMap {
  constructor() {
    this.grid = el("div", { className: "s2s-map-grid", role: "img" });
    this.root = el("div", { className: "s2s-map" }, this.grid);
  }

  /** Shows weights, a row a step; `chosen` is the row to mark, `rows` for how many there is to be room. */
  draw({ src, written, weights }, { chosen = null, rows = 0 } = {}) {
    this.root.style.setProperty("--s2s-rows", rows);
    const words = JSON.stringify([src, written]);
    if (this.words !== words) this.lay(src, written);
    this.words = words;
    weights.flat().forEach((weight, k) => (this.cells[k].style.background = weightColor(weight)));
    this.rows.forEach((row, i) => row.classList.toggle("s2s-map-chosen", i === chosen));
  }

  /** Places words and cells anew. */
  lay(src, written) {
    const label = `Where the model looks while it writes ${written.join(" ")}, having read ${src.join(" ")}. The numbers are in the table below.`;
    const grows = (i) => `--s2s-row: ${i}`;
    this.rows = written.map((token, i) => el("span", { className: "s2s-map-written", style: grows(i) }, shown(token)));
    const lines = this.rows.map((row, i) => [row, ...src.map(() => el("i", { style: grows(i) }))]);
    this.cells = lines.flatMap(([, ...cells]) => cells);
    this.grid.setAttribute("aria-label", label);
    this.grid.style.setProperty("--s2s-columns", src.length);
    this.grid.classList.toggle("s2s-map-letters", src.every((token) => [...token].length === 1));
    this.grid.replaceChildren(el("span"), ...src.map((token) => el("span", { className: "s2s-map-read" }, shown(token))), ...lines.flat());
    const wide = this.root.scrollWidth > this.root.clientWidth; // then a keyboard has to reach it
    for (const [name, value] of [["tabindex", 0], ["role", "region"], ["aria-label", "Map of weights"]]) {
      if (wide) this.root.setAttribute(name, value);
      else this.root.removeAttribute(name);
    }
  }
}
