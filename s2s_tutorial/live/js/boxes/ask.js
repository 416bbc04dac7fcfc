/** The box in which a reader asks a model, or two, and lays a hand on what they do. */

import { el, writingLine } from "./dom.js";
import { linkButton, stateFromLink } from "./link.js";
import { dress } from "./looks.js";
import { mixed, modelNamed } from "./models.js";
import { Panel } from "./panel.js";
import { answer, answering, isTouched, neverSeen, ofPanel, readState, untouched, withChange } from "./session.js";
import { Tools } from "./tools.js";

const SLICE = 30; // milliseconds that models write before what they have written is shown

/**
 * Builds the box. `data-models`: names of models, by commas, `data-titles` what they are called;
 * `data-question`, what to predict; `data-text`, what stands there first; `data-examples`, by `|`;
 * `data-can`, of "erase", "padding", "mix" (with `data-mix`, another model); `data-size`, said on the
 * button before a large model is fetched.
 */
export async function mount(box) {
  dress(box);
  const { models, titles = models, question, text = "", examples = "", can = "", mix, size } = box.dataset;
  const name = box.id || models;
  const names = models.split(",");
  const linked = stateFromLink(name);
  let state = linked === null ? untouched(text) : readState(linked, names.length);
  let turn = 0; // counts what was asked: an answer that another one has overtaken is not shown

  const input = el("input", { type: "text", value: state.text, autocomplete: "off", spellcheck: false, maxLength: 1000 });
  const ask = el("button", { type: "button", className: "s2s-ask" }, size ? `Ask (loads ${size})` : "Ask");
  const status = el("p", { className: "s2s-status", role: "status" });
  const line = writingLine(box.dataset.label ?? "Write", input, ask, restart);
  const chips = examples.split("|").filter(Boolean).map((example) =>
    el("button", { type: "button", onclick: () => ((input.value = example), restart(example)) }, example));
  const panels = names.map((_, k) => new Panel(titles.split(",")[k], (changed) => update(withChange(state, k, changed))));
  const tools = new Tools(name, can, names.length > 1, () => state, update);
  const end = el("p", { className: "s2s-end", hidden: true },
    el("button", { type: "button", onclick: () => restart(state.text) }, "Put everything back"),
    linkButton(name, () => state, status));
  box.replaceChildren(
    question ? el("p", { className: "s2s-question" }, el("strong", {}, "Predict first. "), question) : "",
    line,
    chips.length ? el("p", { className: "s2s-examples" }, "Or press: ", chips) : "",
    status, tools.root,
    el("div", { className: names.length > 2 ? "s2s-panels s2s-many" : "s2s-panels" }, panels.map((panel) => panel.root)), end,
  );
  if (linked !== null || box.dataset.ask === "now") await update(state);

  /** A new text, nothing changed. */
  function restart(written) {
    panels.forEach((panel) => panel.forget());
    return update(untouched(written), !matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  /** Answers a state and shows it, word by word if it `grows`; what was there stays if it cannot be answered. */
  async function update(changed, grows = false) {
    const mine = (turn += 1);
    ask.disabled = true;
    try {
      if (!status.textContent) status.textContent = "Fetching the model …";
      const ready = await Promise.all(names.map(modelNamed));
      const blend = mix && changed.share > 0 ? mixed(ready[0], await modelNamed(mix), changed.share) : ready[0];
      if (mine !== turn) return;
      const draw = (answers, options) => {
        state = changed;
        panels.forEach((panel, k) => panel.show(answers[k], ofPanel(state, k), tools.way, options));
      };
      let slow = false;
      const answers = await writtenBy([blend, ...ready.slice(1)], changed, grows && (async (soFar) => {
        slow = true;
        draw(soFar, { whole: false });
        await painted();
        return mine === turn;
      }));
      if (answers === null) return;
      if (isTouched(changed)) compare(changed, ready); // a link brings changes without what was before
      draw(answers, { grows: grows && !slow });
      status.textContent = said(answers[0]);
      end.hidden = false;
    } catch (error) {
      if (mine === turn) status.textContent = error.message;
    } finally {
      if (mine === turn) {
        if (!end.hidden) tools.show(state);
        ask.disabled = false;
        if (size) ask.textContent = "Ask";
      }
    }
  }

  /** Gives panels that have shown nothing yet the answer to the text as it is. */
  function compare({ text }, ready) {
    panels.forEach((panel, k) => (panel.first ??= answer(ready[k], ofPanel(untouched(text), k))));
  }

  function said({ unknown, src_tokens, milliseconds }) {
    const took = `${src_tokens.length} tokens, answered in ${Math.max(1, Math.round(milliseconds))} ms.`;
    return took + neverSeen(unknown) + (isTouched(state) ? " Changed by you; what it was stands below." : "");
  }
}

/**
 * What models write, a word each in turn.
 *
 * Where that takes long, `pause(answers)` is called with what there is, and may end it with false: then null is returned.
 */
async function writtenBy(models, state, pause) {
  const writing = models.map((model, k) => answering(model, ofPanel(state, k)));
  const answers = [];
  let begun = performance.now();
  for (let going = true; going; ) {
    going = false;
    for (const [k, each] of writing.entries()) {
      const { value, done } = each.next();
      if (!done) [answers[k], going] = [value, true];
    }
    if (!pause || !going || performance.now() - begun < SLICE) continue;
    if (!(await pause(answers))) return null;
    begun = performance.now();
  }
  return answers;
}

/** When the page has been drawn. */
const painted = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
