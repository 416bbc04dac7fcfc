/** The map of attention: a row for each token written, a column for each one read. */

import { el, shown } from "./dom.js";
import { weightColor } from "./looks.js";

/** A picture for those who look: the table under it has the numbers, its label says what it is. */
export class WeightMap {
  /** `choose(i)`, if given, is called where a finger or the mouse presses row i; keys have the words. */
  constructor(choose = null) {
    const row = ({ target }) => this.rows.findIndex((written) => target.style.getPropertyValue("--s2s-row") === written.style.getPropertyValue("--s2s-row"));
    this.grid = el("div", { className: choose ? "s2s-map-grid s2s-map-pressed" : "s2s-map-grid", role: "img",
      onclick: (event) => choose && row(event) >= 0 && choose(row(event)) });
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
