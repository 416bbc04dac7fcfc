/** One model's answer: source words with states and weights, target words, what else could stand there. */

import { el, nextId, short, shown } from "./dom.js";
import { withWeight } from "./session.js";
import { contextOf, passing, passingTable, saidOf, statePicture, statesTable, weightsTable } from "./states.js";
import { WeightMap } from "./weight_map.js";

const PACE = 45; // milliseconds from word to word where an answer grows,
const LONGEST = 900; // and of them all

/** How an erased word is called. */
const ERASED = { mask: "hidden", unknown: "unknown", both: "erased" };

export class Panel {
  /** `change({erased})`, `change({forced})` or `change({weights})` is called with what the reader made of them. */
  constructor(title, change) {
    Object.assign(this, { change, chosen: 0, first: null });
    const heading = nextId();
    this.source = el("div", { className: "s2s-source", role: "group", "aria-label": "Source words and their weights" });
    this.context = el("div", { className: "s2s-word s2s-context" });
    this.said = el("p", { className: "s2s-said" });
    this.passes = el("div", { className: "s2s-passes" });
    this.target = el("div", { className: "s2s-target", role: "group", "aria-label": "Target words" });
    this.instead = el("p", { className: "s2s-instead" });
    this.was = el("p", { className: "s2s-was" });
    this.map = new WeightMap((i) => this.choose(i));
    this.looked = el("div", {}, el("p", { className: "s2s-map-title" }, "Where it looks ", el("span", {}, "(a row for each word written)")), this.map.root);
    this.table = el("details", { className: "s2s-weights" });
    this.root = el("section", { className: "s2s-panel", "aria-labelledby": heading, hidden: true },
      el("p", { id: heading, className: "s2s-title" }, title),
      this.source, this.said, this.passes, this.target, this.instead, this.was, this.looked, this.table);
  }

  /** The next answer is to a new text: there is nothing to compare it with. */
  forget() {
    this.first = null;
    this.chosen = 0;
    this.open = null;
  }

  /**
   * Shows an answer to its panel's state; `tool` is what a press on a source word does, null for nothing.
   *
   * `whole` is false while words are still to come. One that `grows` has its place at once, and its
   * words and weights appear row by row, unless the reader wants no motion.
   */
  show(answer, state, tool, { whole = true, grows = false } = {}) {
    this.first ??= answer;
    Object.assign(this, { answer, state, tool });
    this.chosen = Math.min(this.chosen, answer.steps.length - 1);
    this.root.hidden = false;
    this.root.classList.toggle("s2s-grows", grows);
    this.root.style.setProperty("--s2s-pace", `${Math.min(PACE, LONGEST / answer.steps.length)}ms`);
    this.drawSource();
    this.drawTarget();
    for (const each of [this.instead, this.was, this.looked, this.table]) each.hidden = !whole;
    if (!whole) return;
    this.drawInstead();
    this.drawMap();
    this.drawTable();
    const same = this.first.text === answer.text;
    this.was.hidden = this.first === answer;
    this.was.textContent = same ? "It writes what it wrote before." : `Before your change: ${this.first.text || "nothing"}`;
  }

  get step() {
    return this.answer.steps[this.chosen];
  }

  /** Source words; with attention a slider each, which holds the weight of the chosen target word. */
  drawSource() {
    const { src_tokens } = this.answer;
    const attends = this.step.weights !== null;
    this.source.hidden = !attends && this.tool === null;
    this.said.hidden = !attends;
    this.passes.hidden = attends;
    const all = [...src_tokens, ...Array(attends ? this.step.weights.length - src_tokens.length : 0).fill("<pad>")];
    if (this.drawn?.join("\u0000") !== all.join("\u0000")) {
      this.drawn = all;
      this.source.classList.toggle("s2s-attends", attends);
      this.words = all.map((token, j) => this.word(token, j, attends));
      this.source.replaceChildren(...this.words.map(({ root }) => root), attends ? this.context : "");
    }
    if (attends) {
      this.context.replaceChildren(...contextOf(this.answer, this.chosen));
      this.said.replaceChildren(...saidOf(this.answer, this.chosen));
    } else this.passes.replaceChildren(...passing(this.answer));
    for (const [j, word] of this.words.entries()) {
      const way = this.state.erased[j];
      const pressed = way !== undefined;
      word.name.setAttribute?.("aria-pressed", pressed);
      word.root.classList.toggle("s2s-erased", pressed);
      word.note.textContent = pressed ? ERASED[way] : "";
      if (!attends) continue;
      const weight = this.step.weights[j];
      if (document.activeElement !== word.slider || !this.dragging) word.slider.value = weight;
      word.slider.setAttribute("aria-valuetext", `${Math.round(100 * weight)} percent`);
      word.slider.style.setProperty("--s2s-weight", weight);
      word.number.textContent = weight < 0.005 ? "" : short(weight);
      if (this.pictured !== this.answer.memory) word.state.replaceChildren(statePicture(this.answer, j));
    }
    this.pictured = this.answer.memory;
  }

  word(token, j, attends) {
    const real = j < this.answer.src_tokens.length;
    const press = this.tool !== null && real;
    const name = press
      ? el("button", { type: "button", className: "s2s-token", onclick: () => this.erase(j) }, shown(token))
      : el("span", { className: "s2s-token" }, shown(token));
    const note = el("small", {});
    const state = attends && el("span", {});
    const number = attends && el("output", {});
    const slider = attends && el("input", {
      type: "range", min: 0, max: 1, step: 0.01, className: "s2s-weight",
      "aria-label": `Weight of ${shown(token)}, word ${j + 1}`,
      oninput: ({ target }) => this.weigh(j, Number(target.value)),
      onpointerdown: () => (this.dragging = true),
      onpointerup: () => (this.dragging = false),
    });
    const root = el("div", { className: real ? "s2s-word" : "s2s-word s2s-pad" }, name, state, slider, number, note);
    return { root, name, note, state, slider, number };
  }

  erase(j) {
    const erased = { ...this.state.erased };
    if (erased[j] === this.tool) delete erased[j];
    else erased[j] = this.tool;
    this.change({ erased });
  }

  weigh(j, weight) {
    const row = withWeight(this.step.weights, j, weight);
    this.change({ weights: { ...this.state.weights, [this.chosen]: row } });
  }

  /** Target words; a press chooses one. */
  drawTarget() {
    const before = this.first.steps;
    const buttons = this.answer.steps.map((step, i) => {
      const changed = before[i]?.token !== step.token;
      const marks = [step.forced && "s2s-forced", changed && "s2s-changed"].filter(Boolean);
      const told = `${shown(step.token)}, ${Math.round(100 * Math.exp(step.log_prob))} percent${changed ? ", changed" : ""}`;
      return el("button", {
        type: "button", className: ["s2s-token", ...marks].join(" "), "aria-pressed": i === this.chosen,
        "aria-label": told, style: `--s2s-row: ${i}`, onclick: () => this.choose(i),
      }, shown(step.token));
    });
    const had = this.target.contains(document.activeElement);
    this.target.replaceChildren(...buttons);
    if (had) buttons[this.chosen].focus();
  }

  choose(i) {
    this.chosen = i;
    this.show(this.answer, this.state, this.tool);
  }

  /** The five most probable tokens of the chosen step; a press writes one. */
  drawInstead() {
    const { step } = this;
    const options = step.top.map(({ token, log_prob }) => el("button", {
      type: "button", className: "s2s-option", "aria-pressed": token === step.token, onclick: () => this.force(token),
    }, shown(token), el("small", {}, ` ${short(Math.exp(log_prob))}`)));
    const had = this.instead.contains(document.activeElement);
    this.instead.replaceChildren(`Word ${this.chosen + 1}, probabilities; press one to have it written here: `, ...options);
    if (had) options.find((option) => option.getAttribute("aria-pressed") === "true")?.focus();
  }

  force(token) {
    const forced = { ...this.state.forced };
    for (const i of Object.keys(forced)) if (i > this.chosen) delete forced[i];
    if (forced[this.chosen] === token || this.step.top[0].token === token) delete forced[this.chosen];
    else forced[this.chosen] = token;
    this.change({ forced });
  }

  /** All weights as a map, in which the chosen word's row is marked. */
  drawMap() {
    this.looked.hidden = this.step.weights === null;
    if (this.looked.hidden) return;
    const { steps } = this.answer;
    this.map.draw({ src: this.drawn, written: steps.map(({ token }) => token), weights: steps.map(({ weights }) => weights) }, { chosen: this.chosen });
  }

  /** The same in numbers, for those who read rather than look. */
  drawTable() {
    const { answer, drawn, chosen } = this;
    const tables = this.step.weights === null ? { "Numbers of the vector": passingTable(answer) }
      : { Weights: weightsTable(answer, drawn), "States and their context": statesTable(answer, drawn, chosen) };
    const title = this.step.weights === null ? "The vector in numbers" : "Weights, states and context as tables";
    this.table.replaceChildren(el("summary", {}, title), ...Object.entries(tables).map(([name, table]) =>
      el("div", { className: "s2s-scroll", tabIndex: 0, role: "region", "aria-label": name }, table)));
  }
}
