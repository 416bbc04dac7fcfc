// The box in which a reader trains two models on the game of reversed letters: predict, train, compare.

import { Chart, WeightMap, runningMean } from "./training_pictures.js";
import { NAMES, element, fillTable, inWords, settingsForm, settingsOf } from "./training_parts.js";

const GOAL = 400, MORE = 200, WINDOW = 25, POINTS = 200, ENOUGH = 0.15;
const GUESSES = [["as many", "about as many"], ["fewer", "clearly fewer"], ["none", "hardly any: fewer than 15 in 100"]];
const percent = (share) => (share == null ? "not yet" : `${Math.round(100 * share)} %`);

class TrainingBox {
  /** @param {HTMLElement} root the box, with its fallback inside */
  constructor(root) {
    this.settings = settingsOf(root);
    this.goal = GOAL;
    this.build(root);
    this.begin();
  }

  /** Build what is seen. */
  build(root) {
    const button = (text, press) => element("button", { type: "button", onclick: press }, text);
    this.train = button("Train", () => (this.running ? this.send({ do: "pause" }) : this.run()));
    this.train.classList.add("s2s-training-main");
    this.step = button("One update", () => this.send({ do: "step" }));
    this.again = button("Reset", () => this.begin());
    this.count = element("span", { class: "s2s-training-count" });
    this.said = element("p", { class: "s2s-training-said", "aria-live": "polite" });
    this.summary = element("span");
    this.form = settingsForm(this.settings, (changed) => this.begin(changed));
    this.loss = new Chart("Loss", "updates", `(nats a token, mean of the last ${WINDOW} updates)`, false);
    this.right = new Chart("Written right", "letters in the string", "(share of new strings without a mistake)", true);
    this.map = new WeightMap();
    this.written = element("div", { class: "s2s-training-written" });
    this.looked = element("figure", { class: "s2s-training-map" }, element("figcaption", {}, "Where it looks", element("span", {}, " (a row for each letter written)")), this.map.svg);
    this.tables = ["table", "table"].map((tag) => element(tag));
    this.legend = element("p", { class: "s2s-training-legend", "aria-hidden": "true" });
    root.classList.add("s2s-training");
    root.replaceChildren(
      this.question(),
      element("div", { class: "s2s-training-controls" }, this.train, this.step, this.again, this.count),
      element("details", {}, element("summary", {}, element("b", {}, "Change the game: "), this.summary), this.form.form),
      this.said, this.legend,
      element("div", { class: "s2s-training-pictures" }, this.loss.figure, this.right.figure, this.looked, this.written),
      element("details", {}, element("summary", {}, "The same in numbers"),
        ...this.tables.map((table) => element("div", { class: "s2s-training-table", tabindex: "0", role: "region", "aria-label": "table" }, table))));
  }

  /** The question to answer before the press. */
  question() {
    const name = `s2s-guess-${Math.random().toString(36).slice(2)}`;
    this.asked = element("legend");
    return element("fieldset", { class: "s2s-training-question" }, this.asked, ...GUESSES.map(([value, text]) =>
      element("label", {}, element("input", { type: "radio", name, value, onchange: () => { this.guess = value; } }), text)));
  }

  /** Start anew, with these settings or the same; settings that cannot be leave all as it is. */
  begin(changed = this.settings) {
    this.asking = changed;
    if (!this.worker) {
      this.worker = new Worker(new URL("../training/worker.js", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }) => this.receive(data);
      this.worker.onerror = () => this.say("The training stopped with an error. Reset starts it anew; if it stops again, this browser cannot run it.", this.stop());
    }
    this.fresh = true;
    this.send({ do: "reset", settings: changed });
  }

  send(message) {
    if (!this.worker) return this.begin();
    this.worker.postMessage(message);
  }

  run() {
    if (this.updates >= this.goal) this.goal = this.updates + MORE;
    this.running = true;
    this.train.textContent = "Pause";
    this.say(`Training, up to update ${this.goal}.`);
    this.send({ do: "run", until: this.goal });
  }

  /** The thread is gone: a new one comes with the next reset. */
  stop() {
    this.worker?.terminate();
    this.worker = null;
    this.running = false;
    this.train.textContent = "Train";
  }

  say(sentence) {
    this.said.textContent = sentence;
  }

  /** A report, or a refusal, from the thread. */
  receive(data) {
    if (data.refused) {
      this.fresh = false;
      return this.say(`${data.refused} The game goes on as it was.`);
    }
    if (this.fresh && data.updates === 0) this.restart();
    const stopped = this.running && !data.running;
    Object.assign(this, { updates: data.updates, running: data.running, latest: data });
    for (const [kind, losses] of Object.entries(data.losses)) this.losses[kind].push(...losses);
    this.train.textContent = data.running ? "Pause" : data.updates >= this.goal ? `Train ${MORE} more` : "Train";
    if (stopped) this.say(this.verdict());
    else if (!data.running && data.updates) this.say(`Update ${data.updates}.`);
    const now = performance.now(), calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 0;
    if (data.running && now - (this.drawn ?? 0) < calm) return;
    this.drawn = now;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** New settings are taken: nothing is learnt yet. */
  restart() {
    this.fresh = false;
    this.settings = this.asking;
    this.form.take(this.settings);
    this.goal = GOAL;
    const { models, longest } = this.settings, both = models.length === 2;
    this.losses = Object.fromEntries(models.map((kind) => [kind, []]));
    this.summary.textContent = inWords(this.settings);
    this.asked.textContent = both
      ? `Two models, the same ${GOAL} updates on the same strings. Of new strings of ${longest} letters, the model with attention will write most backwards without a mistake. And the one that hands over one vector?`
      : `How many new strings of ${longest} letters will it write backwards without a mistake after ${GOAL} updates?`;
    this.asked.parentElement.hidden = !both;
    this.looked.hidden = !models.includes("attention");
    this.legend.replaceChildren(...models.map((kind) => element("span", { class: `s2s-training-${kind}` }, NAMES[kind])));
    this.say("Make your guess, then press Train.");
  }

  /** What came out, beside what was guessed. */
  verdict() {
    const { accuracy, updates } = this.latest, { longest, models } = this.settings;
    const right = Object.fromEntries(models.map((kind) => [kind, accuracy[kind].at(-1)]));
    const found = models.map((kind) => `${NAMES[kind]} ${percent(right[kind])}`).join(", ");
    const result = `After ${updates} updates, of strings of ${longest} letters: ${found}.`;
    if (models.length < 2) return result;
    if (right.attention < 0.5) return `${result} Attention has not learnt the game yet: train on, or make it easier.`;
    const true_ = right.vector >= right.attention - ENOUGH ? "as many" : right.vector < ENOUGH ? "none" : "fewer";
    const text = Object.fromEntries(GUESSES);
    if (!this.guess) return `${result} So: ${text[true_]}.`;
    return `${result} Your guess, “${text[this.guess]}”, was ${this.guess === true_ ? "right" : `not right: it is “${text[true_]}”`}.`;
  }

  /** Draw the latest report. */
  draw() {
    const { updates, accuracy, looks, spent } = this.latest, { longest } = this.settings;
    const rate = spent > 500 && updates ? `, ${Math.round((1000 * updates) / spent)} a second` : "";
    this.count.textContent = `update ${updates}${rate}`;
    const curves = {}, shares = {};
    for (const [kind, losses] of Object.entries(this.losses)) {
      const means = runningMean(losses, WINDOW), every = Math.ceil(means.length / POINTS);
      curves[kind] = means.map((mean, i) => [i + 1, mean]).filter((_, i) => i % every === 0 || i === means.length - 1);
      shares[kind] = accuracy[kind].map((share, n) => [n + 1, share]).filter(([, share]) => share != null);
    }
    this.loss.draw(curves, [0, Math.max(this.goal, updates)], 3);
    this.right.draw(shares, [1, longest], 1, true);
    if (looks.attention) this.map.draw(looks.attention);
    this.drawWritten(looks);
    this.drawTables();
  }

  /** One string and what each model makes of it, wrong letters marked. */
  drawWritten(looks) {
    const { src } = Object.values(looks)[0], wanted = [...src].reverse();
    const lines = Object.entries(looks).map(([kind, { written }]) => {
      const letters = written.filter((each) => each !== "<eos>");
      const right = letters.filter((each, i) => each === wanted[i]).length;
      const marked = letters.map((each, i) => (each === wanted[i] ? element("span", {}, each) : element("s", {}, each)));
      return [element("dt", {}, NAMES[kind]), element("dd", {}, element("code", {}, ...marked), ` ${right} of ${src.length} right`)];
    });
    const given = [element("dt", {}, "read"), element("dd", {}, element("code", {}, src.join("")))];
    this.written.replaceChildren(element("p", {}, "One new string"), element("dl", {}, ...given, ...lines.flat()));
  }

  drawTables() {
    const { accuracy, looks } = this.latest, { models, longest } = this.settings;
    const lengths = Array.from({ length: longest }, (_, n) => n + 1);
    fillTable(this.tables[0], "Strings written right, by length", ["letters", ...models.map((kind) => NAMES[kind])],
      lengths.map((n) => [String(n), ...models.map((kind) => percent(accuracy[kind][n - 1]))]));
    this.tables[1].parentElement.hidden = !looks.attention;
    if (looks.attention) {
      const { src, written, weights } = looks.attention;
      fillTable(this.tables[1], "Weights", ["written", ...src], weights.map((row, i) => [written[i], ...row.map((w) => w.toFixed(2))]));
    }
  }
}

/** Build the box in its place. @param {HTMLElement} root a div.s2s-live with data-box="training" */
export function mount(root) {
  const style = element("link", { rel: "stylesheet", href: new URL("training.css", import.meta.url) });
  if (!document.querySelector(`link[href="${style.href}"]`)) document.head.append(style);
  return new TrainingBox(root);
}
