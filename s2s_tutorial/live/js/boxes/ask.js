/** The box in which a reader asks a model, or two, and lays a hand on what they do. */

import { el } from "./dom.js";
import { shareLink, stateFromLink } from "./link.js";
import { mixed, modelNamed } from "./models.js";
import { Panel } from "./panel.js";
import { answer, isTouched, neverSeen, readState, untouched } from "./session.js";

const TOOLS = {
  mask: "hides it from the attention (its neighbours have read it)",
  unknown: "makes it unknown (the attention may still look there)",
  both: "does both",
};

/**
 * Builds the box. `data-models`: names of models, by commas, `data-titles` what they are called;
 * `data-question`, what to predict; `data-text`, what stands there first; `data-examples`, by `|`;
 * `data-can`, of "erase", "padding", "mix" (with `data-mix`, another model); `data-size`, said on the
 * button before a large model is fetched.
 */
export async function mount(box) {
  const { models, titles = models, question, text = "", examples = "", can = "", mix, size } = box.dataset;
  const name = box.id || models;
  const names = models.split(",");
  const linked = stateFromLink(name);
  let state = linked === null ? untouched(text) : readState(linked);
  let tool = "both";
  let share = 0;

  const input = el("input", { type: "text", value: state.text, autocomplete: "off", spellcheck: false, maxLength: 1000 });
  const ask = el("button", { type: "submit", className: "s2s-ask" }, size ? `Ask (loads ${size})` : "Ask");
  const status = el("p", { className: "s2s-status", role: "status" });
  const form = el("form", { onsubmit: (event) => (event.preventDefault(), restart(input.value)) },
    el("label", {}, el("span", {}, box.dataset.label ?? "Write"), input), ask);
  const chips = examples.split("|").filter(Boolean).map((example) =>
    el("button", { type: "button", onclick: () => ((input.value = example), restart(example)) }, example));
  const panels = names.map((each, k) => new Panel(titles.split(",")[k], (changed) => update(changed)));
  const tools = makeTools();
  const end = el("p", { className: "s2s-end", hidden: true },
    el("button", { type: "button", onclick: () => restart(state.text) }, "Put everything back"),
    el("button", { type: "button", onclick: async () => (status.textContent = await shareLink(name, state)) }, "Link to this"));
  box.replaceChildren(
    question ? el("p", { className: "s2s-question" }, el("strong", {}, "Predict first. "), question) : "",
    form,
    chips.length ? el("p", { className: "s2s-examples" }, "Or press: ", chips) : "",
    status, tools, ...panels.map((panel) => panel.root), end,
  );
  if (linked !== null || box.dataset.ask === "now") await update(state);

  /** A new text, nothing changed. */
  function restart(written) {
    share = 0;
    tools.querySelectorAll("input[type=range]").forEach((range) => (range.value = 0));
    tools.querySelectorAll("input[type=checkbox]").forEach((check) => (check.checked = true));
    tools.querySelectorAll("output").forEach((output) => (output.value = output.defaultValue));
    panels.forEach((panel) => panel.forget());
    return update(untouched(written));
  }

  /** Answers a state and shows it; what was there stays if it cannot be answered. */
  async function update(changed) {
    ask.disabled = true;
    try {
      if (!status.textContent) status.textContent = "Fetching the model …";
      const ready = await Promise.all(names.map(modelNamed));
      if (share > 0) ready[0] = mixed(ready[0], await modelNamed(mix), share);
      const answers = ready.map((model) => answer(model, changed));
      state = changed;
      const first = answers[0];
      panels.forEach((panel, k) => panel.show(answers[k], state, can.includes("erase") ? tool : null));
      status.textContent = said(first);
      tools.hidden = tools.childElementCount === 0;
      end.hidden = false;
    } catch (error) {
      status.textContent = error.message;
    } finally {
      ask.disabled = false;
      if (size) ask.textContent = "Ask";
    }
  }

  function said({ unknown, src_tokens, milliseconds }) {
    const took = `${src_tokens.length} tokens, answered in ${Math.max(1, Math.round(milliseconds))} ms.`;
    return took + neverSeen(unknown) + (isTouched(state) ? " Changed by you; what it was stands below." : "");
  }

  function makeTools() {
    const made = el("div", { className: "s2s-tools", hidden: true });
    if (can.includes("erase")) {
      const group = `${name}-tool`;
      made.append(el("fieldset", {}, el("legend", {}, "A press on a source word"),
        Object.entries(TOOLS).map(([way, says]) => el("label", {},
          el("input", { type: "radio", name: group, value: way, checked: way === tool, onchange: () => ((tool = way), update(state)) }),
          says))));
    }
    if (can.includes("padding")) {
      const shown = el("output", {}, "0");
      made.append(el("label", {}, "Padding behind the sentence ",
        el("input", { type: "range", min: 0, max: 8, value: state.padding, oninput: ({ target }) => {
          shown.textContent = target.value;
          update({ ...state, padding: Number(target.value), weights: {} });
        } }), shown),
      el("label", {}, el("input", { type: "checkbox", checked: state.mask,
        onchange: ({ target }) => update({ ...state, mask: target.checked, weights: {} }) }), "mask"));
    }
    if (can.includes("mix")) {
      const shown = el("output", {}, "0 %");
      made.append(el("label", {}, "Share of the other model's weights ",
        el("input", { type: "range", min: 0, max: 100, step: 5, value: 0, oninput: ({ target }) => {
          share = Number(target.value) / 100;
          shown.textContent = `${target.value} %`;
          update(state);
        } }), shown));
    }
    return made;
  }
}
