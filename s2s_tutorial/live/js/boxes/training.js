// The box in which a reader trains two models on the game of reversed letters: predict, train, compare.

import { shareLink, stateFromLink } from "./link.js";
import { dress } from "./looks.js";
import { Chart, landmarks, runningMean } from "./training_pictures.js";
import { NAMES, element, fillTable, inWords, settingsForm, settingsOf } from "./training_parts.js";
import { choicesOf, questionOf, verdictOn } from "./training_question.js";
import { WeightMap } from "./weight_map.js";

const GOAL = 400, MORE = 200, WINDOW = 25, POINTS = 200;
const percent = (share) => (share == null ? "–" : `${Math.round(100 * share)} %`);

class TrainingBox {
  /** @param {HTMLElement} root the box, with its fallback inside */
  constructor(root) {
    this.settings = { ...settingsOf(root), ...(root.id && stateFromLink(root.id)) };
    this.goal = GOAL;
    this.asked = []; // the settings of each run, as they were asked for
    this.shown = null; // the number of the run in view
    this.build(root);
    this.begin(this.settings);
  }

  /** Build what is seen. */
  build(root) {
    const button = (text, onclick) => element("button", { type: "button", onclick }, text);
    this.train = button("Train", () => (this.running ? this.send({ do: "pause" }) : this.run()));
    this.train.classList.add("s2s-training-main");
    this.count = element("span", { class: "s2s-training-count" });
    this.said = element("p", { class: "s2s-training-said", "aria-live": "polite" });
    this.summary = element("span");
    this.form = settingsForm(this.settings, (changed) => this.begin(changed));
    this.loss = new Chart("Loss", "updates", `(nats a token, mean of ${WINDOW} updates)`, false);
    this.right = new Chart("Written right", "letters in the string", "(share of new strings)", true);
    this.map = new WeightMap();
    this.looked = element("figure", { class: "s2s-training-map" },
      element("figcaption", {}, "Where it looks", element("span", {}, " (a row for each letter written)")), this.map.root);
    this.written = element("div", { class: "s2s-training-written" });
    this.legend = element("p", { class: "s2s-training-legend", "aria-hidden": "true" });
    this.question = element("fieldset", { class: "s2s-training-question" });
    this.tables = ["shares", "losses", "map"].map(() => element("table"));
    this.numbers = element("details", { ontoggle: () => this.drawTables() }, element("summary", {}, "The same in numbers"),
      ...this.tables.map((table) => element("div", { class: "s2s-training-table", tabindex: "0", role: "region", "aria-label": "Numbers" }, table)));
    root.classList.add("s2s-training");
    root.replaceChildren(
      this.question,
      element("div", { class: "s2s-training-controls" },
        this.train, button("One update", () => this.send({ do: "step" })), button("Reset", () => this.begin(this.settings)),
        root.id ? button("Link", async () => this.say(await shareLink(root.id, this.settings))) : null, this.count),
      element("details", {}, element("summary", {}, element("b", {}, "Change the game: "), this.summary), this.form.form),
      this.said, this.legend,
      element("div", { class: "s2s-training-pictures" }, this.loss.figure, this.right.figure, this.looked, this.written),
      this.numbers);
  }

  /** Ask for a new run; settings that cannot be will be refused, and all stays as it is. */
  begin(settings) {
    if (!this.worker) {
      this.worker = new Worker(new URL("../training/worker.js", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }) => this.receive(data);
      this.worker.onerror = () => this.fail();
    }
    this.asked.push(settings);
    this.worker.postMessage({ do: "reset", settings, run: this.asked.length - 1 });
  }

  /** Tell the thread something; a thread that is gone begins anew. */
  send(message) {
    if (!this.worker) this.begin(this.settings);
    this.worker.postMessage(message);
  }

  run() {
    if (this.updates >= this.goal) this.goal = this.updates + MORE;
    this.say(`Training, up to update ${this.goal}.`);
    this.send({ do: "run", until: this.goal });
    this.showRunning(true);
  }

  showRunning(running) {
    this.running = running;
    this.train.textContent = running ? "Pause" : this.updates >= this.goal ? `Train ${MORE} more` : "Train";
  }

  fail() {
    this.worker?.terminate();
    this.worker = null;
    this.showRunning(false);
    this.say("The training stopped with an error. Reset starts it anew; if it stops again, this browser cannot run it.");
  }

  say(sentence) {
    this.said.textContent = sentence;
  }

  /** A report, or a refusal, from the thread. */
  receive(report) {
    if (report.refused) {
      this.form.refuse(this.asked.at(-1));
      return this.say(`${report.refused} The game goes on as it was.`);
    }
    if (report.diverged) {
      this.showRunning(false);
      return this.say(report.diverged);
    }
    if (report.run !== this.shown) this.restart(report.run);
    const was = this.running;
    this.latest = report;
    this.updates = report.updates;
    for (const [kind, losses] of Object.entries(report.losses)) this.losses[kind].push(...losses);
    this.showRunning(report.running);
    if (!report.running && report.updates) this.say(was ? this.verdict() : `Update ${report.updates}.`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 0, now = performance.now();
    if (report.running && now - this.drawn < calm) return;
    this.drawn = now;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** A new run: nothing is learnt yet. */
  restart(run) {
    this.shown = run;
    this.settings = this.asked[run];
    this.form.take(this.settings);
    [this.goal, this.updates, this.running, this.drawn] = [GOAL, 0, false, 0];
    const { models } = this.settings;
    this.losses = Object.fromEntries(models.map((kind) => [kind, []]));
    this.summary.textContent = inWords(this.settings);
    this.ask();
    this.looked.hidden = !models.includes("attention");
    this.legend.replaceChildren(...models.map((kind) => element("span", { class: `s2s-training-${kind}` }, NAMES[kind])));
    this.say("Make your guess, then press Train.");
  }

  /** The question to answer before the press; a guess made before stands. */
  ask() {
    const name = `s2s-guess-${Math.random().toString(36).slice(2)}`;
    const choices = Object.entries(choicesOf(this.settings)).map(([value, text]) => element("label", {},
      element("input", { type: "radio", name, value, checked: this.guess === value, onchange: () => { this.guess = value; } }), text));
    this.question.replaceChildren(element("legend", {}, questionOf(this.settings, GOAL)), ...choices);
  }

  /** What came out, beside what was guessed. */
  verdict() {
    const { accuracy, updates } = this.latest, { longest, models } = this.settings;
    const right = Object.fromEntries(models.map((kind) => [kind, accuracy[kind][longest - 1]]));
    const found = models.map((kind) => `${NAMES[kind]} ${percent(right[kind])}`).join(", ");
    const result = `After ${updates} updates, of new strings of ${longest} letters: ${found}.`;
    return `${result} ${updates >= GOAL ? verdictOn(right, this.guess) : ""}`.trim();
  }

  /** Draw the latest report. */
  draw() {
    const { updates, accuracy, looks, spent } = this.latest, curves = {}, shares = {};
    this.means = Object.entries(this.losses).map(([kind, losses]) => [kind, runningMean(losses, WINDOW)]);
    const speed = spent > 500 && updates > 5 ? `, ${Math.round((1000 * updates) / spent)} a second` : "";
    this.count.textContent = `update ${updates}${speed}`;
    for (const [kind, means] of this.means) {
      const every = Math.ceil(means.length / POINTS);
      curves[kind] = means.map((mean, i) => [i + 1, mean]).filter((_, i) => i % every === 0 || i === means.length - 1);
      shares[kind] = accuracy[kind].map((share, n) => [n + 1, share]).filter(([, share]) => share != null);
    }
    this.loss.draw(curves, [0, Math.max(this.goal, updates)], 3);
    this.right.draw(shares, [1, this.settings.longest], 1, true);
    if (looks.attention) this.map.draw(looks.attention, { rows: looks.attention.src.length + 2 });
    this.drawWritten(looks);
    this.drawTables();
  }

  /** One string and what each model makes of it, wrong letters struck out, an unknown one as a question mark. */
  drawWritten(looks) {
    const { src } = Object.values(looks)[0], wanted = [...src].reverse();
    const lines = Object.entries(looks).flatMap(([kind, { written }]) => {
      const letters = written.filter((each) => each !== "<eos>"), fits = letters.map((each, i) => each === wanted[i]);
      const marked = letters.map((each, i) => element(fits[i] ? "span" : "s", {}, each.length > 1 ? "?" : each));
      const score = element("span", {}, `${fits.filter(Boolean).length} of ${src.length}`);
      return [element("dt", {}, NAMES[kind]), element("dd", {}, element("code", {}, ...marked), score)];
    });
    const given = [element("dt", {}, "the string"), element("dd", {}, element("code", {}, src.join("")))];
    this.written.replaceChildren(element("p", {}, "A new string, written backwards"), element("dl", {}, ...given, ...lines));
  }

  /** The same in numbers, where a reader has opened them. */
  drawTables() {
    if (!this.numbers.open || !this.latest) return;
    const { accuracy, looks } = this.latest, { models, longest } = this.settings, [shares, losses, map] = this.tables;
    const lengths = Array.from({ length: longest }, (_, n) => n + 1);
    fillTable(shares, "New strings written right, by length", ["letters", ...models.map((kind) => NAMES[kind])],
      lengths.map((n) => [String(n), ...models.map((kind) => percent(accuracy[kind][n - 1]))]));
    fillTable(losses, `Loss, in nats a token (mean of ${WINDOW} updates)`, ["updates", ...models.map((kind) => NAMES[kind])],
      landmarks(this.means[0][1].length).map((n) => [String(n), ...this.means.map(([, means]) => means[n - 1].toFixed(3))]));
    map.parentElement.hidden = !looks.attention;
    if (!looks.attention) return;
    const { src, written, weights } = looks.attention;
    fillTable(map, "Weights on the letters read", ["written", ...src], weights.map((row, i) => [written[i], ...row.map((w) => w.toFixed(2))]));
  }
}

/** Build the box in its place. @param {HTMLElement} root a div.s2s-live with data-box="training" */
export function mount(root) {
  dress(root);
  for (const name of ["boxes.css", "training.css"]) {
    const href = new URL(name, import.meta.url).href;
    if (![...document.styleSheets].some((sheet) => sheet.href === href)) document.head.append(element("link", { rel: "stylesheet", href }));
  }
  return new TrainingBox(root);
}
