/** The box in which a reader's own sentence is searched: greedily, and with a beam whose tree grows step by step. */

import { signed, stepCaptions, sum, verdict } from "./beam_words.js";
import { LIMITS, laidOut, ranked, readBeam, searched } from "./candidates.js";
import { el, nextId, short, shown, styleSheet, writingLine } from "./dom.js";
import { linkButton, stateFromLink } from "./link.js";
import { dress } from "./looks.js";
import { modelNamed } from "./models.js";
import { neverSeen } from "./session.js";
import { stepBar } from "./steps.js";
import { Tree } from "./tree.js";

const COLUMN = 95; // pixels; with the next, as in s2s_tutorial/figures/widgets/beam/markup.py
const FIT = 6; // columns; if so many do not fit, the tree is an outline

/**
 * Builds the box. `data-models`: the model's name; `data-text`, what stands there first;
 * `data-examples`, by `|`; `data-question`, what to predict; `data-beam` and `data-penalty`, where
 * the two sliders stand first; `data-size`, said on the button before a large model is fetched.
 */
export async function mount(box) {
  dress(box);
  const { models, question, text = "", examples = "", beam = 3, penalty = 0, size } = box.dataset;
  const name = box.id || models;
  const first = { text, beam_size: Number(beam), length_penalty: Number(penalty), dropped: false };
  const linked = stateFromLink(name);
  let state = linked === null ? first : readBeam(linked, first);
  let search = null;
  let chosen = 0;
  const outline = await looks();

  const input = el("input", { type: "text", value: state.text, autocomplete: "off", spellcheck: false, maxLength: 1000 });
  const ask = el("button", { type: "button", className: "s2s-ask" }, size ? `Search (loads ${size})` : "Search");
  const status = el("p", { className: "s2s-status", role: "status" });
  const line = writingLine(box.dataset.label ?? "Write", input, ask, write);
  const chips = examples.split("|").filter(Boolean).map((example) =>
    el("button", { type: "button", onclick: () => ((input.value = example), write(example)) }, example));
  const dropped = el("input", { type: "checkbox", checked: state.dropped, onchange: () => change({ dropped: dropped.checked }) });
  const settings = el("div", { className: "s2s-tools" },
    slider("Beam size k", "beam_size", 1, String), slider("Length penalty λ", "length_penalty", 0.1, (value) => value.toFixed(1)),
    el("label", {}, dropped, "what was dropped"));

  const bar = stepBar();
  const tree = new Tree();
  const own = nextId();
  const told = el("p", { className: "s2s-verdict" });
  const figure = el("div", { className: `s2s-figure s2s-beam s2s-ready ${own}`, role: "group", "aria-label": "The search, step by step", hidden: true },
    tree.root, bar.root, key());
  const ranking = el("section", { className: "s2s-panel", hidden: true });
  const table = el("details", { className: "s2s-weights", hidden: true, ontoggle: () => drawTable() });
  const end = el("p", { className: "s2s-end", hidden: true },
    linkButton(name, () => state, status));
  bar.start(figure, () => stepCaptions(search), (step) => tree.paint(step), ".s2s-stage");
  box.replaceChildren(
    question ? el("p", { className: "s2s-question" }, el("strong", {}, "Predict first. "), question) : "",
    line, chips.length ? el("p", { className: "s2s-examples" }, "Or press: ", chips) : "",
    settings, status, figure, told, ranking, table, end,
  );
  if (linked !== null) await write(state.text);

  function slider(label, what, step, says) {
    const [min, max] = LIMITS[what];
    const value = el("output", {}, says(state[what]));
    return el("label", {}, label, el("input", { type: "range", min, max, step, value: state[what], oninput: ({ target }) => {
      value.textContent = says(Number(target.value));
      change({ [what]: Number(target.value) });
    } }), value);
  }

  /** Another setting: of a search that was made, or of the one to come. */
  function change(settings) {
    state = { ...state, ...settings };
    if (search !== null) write(state.text, false);
  }

  /** Searches for a text if it has to, and shows what was found; what was there stays if it cannot. */
  async function write(written, asked = true) {
    ask.disabled = asked;
    try {
      if (search === null) status.textContent = "Fetching the model …";
      const model = await modelNamed(models);
      const anew = asked || search.beam_size !== state.beam_size;
      if (anew) search = searched(model, written, state.beam_size);
      state = { ...state, text: written };
      chosen = 0;
      draw();
      if (anew) bar.begin(stepCaptions(search), asked);
      const took = `${search.src_tokens.length} tokens, searched in ${Math.max(1, Math.round(search.milliseconds))} ms.`;
      status.textContent = took + neverSeen(search.unknown);
    } catch (error) {
      status.textContent = error.message;
    } finally {
      ask.disabled = false;
      if (size) ask.textContent = "Search";
    }
  }

  function draw() {
    const found = ranked(search, state.length_penalty);
    const columns = Math.min(FIT, 1 + search.steps);
    outline(own, COLUMN * columns);
    for (const each of [figure, ranking, table, end]) each.hidden = false;
    tree.show({ search, ...laidOut(search, state.dropped), ranking: found, path: found[chosen].path });
    tree.paint(bar.now());
    told.textContent = verdict(search, found);
    drawRanking(found);
    drawTable();
  }

  /** The hypotheses; a press marks one's path. */
  function drawRanking(found) {
    const had = ranking.contains(document.activeElement);
    const rows = found.map((each, i) => el("li", {},
      el("button", { type: "button", "aria-pressed": i === chosen, onclick: () => ((chosen = i), draw()) },
        el("span", {}, each.lost ? "– " : `${i + 1}. `, el("span", { className: "s2s-written", dir: "auto" }, each.text || "(nothing)"),
          each.greedy && el("b", { className: "s2s-greedy-sign" }, "greedy")),
        el("small", {}, `${sum(each)}, ${each.length} tokens${each.lost ? ": not among what the beam finished" : ""}`))));
    ranking.replaceChildren(
      el("p", { className: "s2s-title" }, "Ranked by log p / lp = score"),
      el("p", { className: "s2s-formula" }, `lp = ((5 + tokens) / 6)^λ, λ = ${state.length_penalty.toFixed(1)}; <eos> counts. Press one to see its path.`),
      el("ol", { className: "s2s-ranking" }, rows));
    if (had) ranking.querySelector("[aria-pressed=true]").focus();
  }

  /** Every candidate in a table, for those who read rather than look; made when it is opened. */
  function drawTable() {
    const head = ["step", "candidate", "so far", "p here", "log p", "fate"];
    const rows = () => search.cards.slice(1).map((card) => el("tr", {},
      [card.step, card.place, card.prefix.map(shown).join(" "), short(Math.exp(card.here)), signed(card.log_prob), card.fate]
        .map((cell) => el("td", {}, String(cell)))));
    table.replaceChildren(el("summary", {}, "All candidates as a table"), table.open && search !== null ?
      el("div", { className: "s2s-scroll", tabIndex: 0, role: "region", "aria-label": "Candidates" },
        el("table", {}, el("thead", {}, el("tr", {}, head.map((cell) => el("th", { scope: "col" }, cell)))), el("tbody", {}, rows()))) : "");
  }
}

/** What the signs say, as under the stored tree. */
const key = () => el("p", { className: "s2s-beam-key" },
  el("b", {}, "→"), " kept ", el("b", {}, "✓"), " finished, with its score ", el("b", {}, "✗"), " dropped ",
  el("b", { className: "s2s-greedy-sign" }, "g"), " greedy's path. The number at each token: log p of everything up to it. Press a node to read about it.");

/** Loads the rules of the stored tree; returns what sets below which width one box's tree is an outline. */
async function looks() {
  await Promise.all(["../widgets/step_figure.css", "../widgets/beam/tree.css", "beam.css"].map(styleSheet));
  const answer = await fetch(new URL("../widgets/beam/outline.css", import.meta.url));
  const rules = answer.ok ? await answer.text() : "";
  const style = el("style", {});
  document.head.append(style);
  return (own, width) => {
    const higher = ".s2s-beam .s2s-card{min-height:1.75rem;align-items:center}"; // a finger has to meet it
    style.textContent = `@container (max-width:${width}px){${(rules + higher).replaceAll(".s2s-beam", `.s2s-figure.${own}`)}}`;
  };
}
