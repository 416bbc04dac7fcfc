/** The vectors of an answer: under each word its state and behind them their context, or the one that all must pass through. */

import { weightedSum } from "../attention.js";
import { el, short, shown } from "./dom.js";
import { columnsOf, drawnOf, vectorPicture } from "./vector.js";

const BARS = "each a bar from −1, left, to 1, right. The table below has them.";

/** A letter with its index. */
const name = (letter, ...index) => el("span", {}, el("i", {}, letter), index.length > 0 && el("sub", {}, index.map(String)));

/** The picture of a source word's state; its numbers are in the table. */
export const statePicture = ({ memory, directions }, j) => vectorPicture([drawnOf(memory[j], directions)], "encoder");

/** What stands behind the source words: the context of target word i, under its name. */
export function contextOf({ memory, directions, steps }, i) {
  const context = weightedSum(steps[i].weights, memory), numbers = drawnOf(context, directions);
  const label = `Context c ${i + 1}, of “${shown(steps[i].token)}”: the words' states, weighed and summed. ${numbers.length} of its ${context.length} numbers, ${BARS}`;
  return [el("span", { className: "s2s-name s2s-of-context" }, name("c", i + 1)), vectorPicture([numbers], "context", label)];
}

/** What the pictures are. */
export function saidOf({ memory, directions }, i) {
  const few = drawnOf(memory[0], directions).length / directions, all = memory[0].length / directions;
  return [el("b", { className: "s2s-of-encoder" }, "Blue"), ": the state ", name("h", "j"), " of each word. ",
    el("b", { className: "s2s-of-context" }, "Green"), ": the context ", name("c", i + 1), " = Σ", el("sub", {}, "j"), " ", name("α", i + 1, "j"), " ", name("h", "j"),
    `. Drawn are the first ${few} ${directions > 1 ? "of each direction’s" : "of"} ${all} numbers.`];
}

/** The vector that passes from encoder to decoder, whole, and what it is. */
export function passing({ passes, memory, src_tokens }) {
  const { length } = src_tokens, columns = columnsOf(passes);
  const tokens = `${length} token${length === 1 ? "" : "s"}`;
  const label = `The vector that passes: ${passes.length} numbers in ${columns.length} columns of ${columns[0].length}, ${BARS}`;
  return [vectorPicture(columns, "context", label), el("p", {},
    el("span", { className: "s2s-name s2s-of-context" }, passes.length === memory[0].length ? [name("c"), " = ", name("h", length)] : "The last states"),
    `: all that the decoder is told of these ${tokens}, in ${passes.length} numbers. A longer text gets no more.`)];
}

const table = (head, rows) => el("table", {},
  el("thead", {}, el("tr", {}, head.map((cell) => (cell === "" ? el("td") : el("th", { scope: "col" }, cell))))),
  el("tbody", {}, rows.map(([first, ...cells]) => el("tr", {}, first === null ? "" : el("th", { scope: "row" }, first), cells))));
const cell = (number) => el("td", {}, (Math.round(100 * number) / 100 + 0).toFixed(2).replace("-", "−")); // + 0: no −0.00

/** Every weight, for those who read rather than look. */
export const weightsTable = ({ steps }, src) => table(["", ...src.map(shown)], steps.map(({ token, weights }) => [shown(token),
  ...weights.map((weight) => el("td", { style: `--s2s-weight:${weight.toFixed(3)}` }, weight < 0.005 ? "" : short(weight)))]));

/** The numbers that are drawn of the states, and of their sum by the weights of target word i. */
export function statesTable({ memory, directions, steps }, src, i) {
  const { weights } = steps[i], drawn = memory.map((state) => drawnOf(state, directions));
  const context = drawnOf(weightedSum(weights, memory), directions);
  return table(["", name("α", i + 1, "j"), ...context.map((_, k) => String(k + 1))],
    [...src.map((token, j) => [shown(token), cell(weights[j]), ...drawn[j].map(cell)]),
      [name("c", i + 1), el("td"), ...context.map(cell)]]);
}

/** The numbers of the vector that passes, as they stand in its picture. */
export function passingTable({ passes }) {
  const columns = columnsOf(passes), ends = columns.map((_, k) => columns.slice(0, k + 1).flat().length);
  return table(columns.map(({ length }, k) => `${ends[k] - length + 1}–${ends[k]}`),
    columns[0].map((_, row) => [null, ...columns.map((numbers) => (row < numbers.length ? cell(numbers[row]) : el("td")))]));
}
