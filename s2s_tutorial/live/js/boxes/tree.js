/** A search tree as the book's stored figures draw it (figures/widgets/beam): a list of lists, laid out by CSS. */

import { el, short, shown } from "./dom.js";
import { SIGNS, caption, followed, signed } from "./beam_words.js";

const HEADER = 78; // pixels at the top of the screen that the site's own bar may cover

export class Tree {
  constructor() {
    this.list = el("ul", { className: "s2s-tree", role: "tree", onclick: (event) => this.press(event), onkeydown: (event) => this.walk(event) });
    this.scroll = el("div", { className: "s2s-scroll", tabIndex: 0, role: "region", "aria-label": "Search tree", onscroll: () => this.putNote() }, this.list);
    this.note = el("div", { className: "s2s-node-note", role: "status", onkeydown: ({ key }) => key === "Escape" && this.close() });
    this.root = el("div", { className: "s2s-stage" }, this.scroll, this.note);
    this.explained = null; // the card that the note is about
    document.addEventListener("pointerdown", ({ target }) => this.root.contains(target) || this.hide());
  }

  /** Draws `{search, below, places, ranking, path}`; `path` are the cards of the hypothesis to mark. */
  show(drawing) {
    const had = this.root.contains(document.activeElement);
    Object.assign(this, drawing, { step: this.step ?? Infinity });
    this.nodes = new Map();
    this.list.setAttribute("aria-label", `Search tree, ${this.search.steps} steps; arrows walk, Enter explains`);
    this.list.replaceChildren(this.item(0));
    this.hide();
    this.choose(this.nodes.has(this.now) ? this.now : 0, had);
  }

  item(k) {
    const { text, step, log_prob, here, fate, ends } = this.search.cards[k];
    const rank = ends && this.ranking.find((each) => !each.lost && each.path.at(-1) === k);
    const greedy = this.search.greedy.path.includes(k) && step > 0;
    const told = step === 0 ? "start" : `step ${step}, ${fate}, p ${short(Math.exp(here))}, log p ${signed(log_prob)}`;
    const marks = [fate, this.path.includes(k) && "best", greedy && "greedy"].filter(Boolean).map((each) => `s2s-${each}`);
    const card = el("span", {
      className: "s2s-card", role: "treeitem", tabIndex: -1, "aria-level": step + 1, data: { k },
    },
      el("span", { dir: "auto" }, el("b", { className: "s2s-sign", "aria-hidden": true }, step ? SIGNS[fate] : ""), ` ${shown(text)}`,
        greedy && el("b", { className: "s2s-greedy-sign", title: "greedy's path", "aria-hidden": true }, "g")), " ",
      el("span", { className: "s2s-heard" }, `${told}${greedy ? ", greedy's path" : ""}${marks.includes("s2s-best") ? ", on the marked path" : ""}`),
      step > 0 && el("i", { "aria-hidden": true }, signed(log_prob), rank && [" ", el("b", { className: "s2s-score" }, signed(rank.score))]));
    const node = el("li", { className: ["s2s-node", ...marks].join(" "), role: "none", data: { k } },
      card, this.below[k].length > 0 && el("ul", { role: "none" }, this.below[k].map((child) => this.item(child))));
    this.nodes.set(k, node);
    return node;
  }

  /** Shows what there is after a step; 0 is all of it. Returns the card to keep in sight. */
  paint(step) {
    this.step = step || Infinity;
    this.hide();
    const { style, offsetHeight } = this.scroll;
    if (step === 0) style.minHeight = "";
    else style.minHeight ||= `${offsetHeight}px`; // so that what stands below stays where it is
    for (const [k, node] of this.nodes) {
      const { step: own } = this.search.cards[k];
      node.classList.toggle("s2s-unborn", own >= this.step); // what follows it is not there yet
      node.classList.toggle("s2s-newest", own === this.step);
    }
    if (!this.seen(this.now)) this.choose(0, false);
    const at = (k) => this.search.cards[k].step === step;
    const newest = this.path.find(at) ?? [...this.nodes.keys()].find(at);
    if (step === 0 || newest === undefined) return null;
    const card = this.cardOf(newest);
    this.bring(card);
    return card;
  }

  cardOf(k) {
    return this.nodes.get(k).firstChild;
  }

  seen(k) {
    return this.nodes.has(k) && this.search.cards[k].step <= this.step;
  }

  /** Scrolls the tree's own box, up and down, just until a card is in it. */
  bring(card) {
    const box = card.getBoundingClientRect(), view = this.scroll.getBoundingClientRect();
    this.scroll.scrollTop += Math.max(0, box.bottom - view.bottom + 8) + Math.min(0, box.top - view.top - 8);
  }

  choose(k, focus) {
    for (const each of [this.now, k]) if (this.nodes.has(each)) this.cardOf(each).tabIndex = each === k ? 0 : -1;
    this.now = k;
    if (!focus) return;
    this.cardOf(k).focus({ preventScroll: true });
    this.cardOf(k).scrollIntoView({ block: "nearest", inline: "nearest" });
    if (this.explained !== null) this.explain(k);
  }

  press({ target }) {
    const card = target.closest(".s2s-card");
    if (card === null) return;
    const k = Number(card.parentElement.dataset.k);
    const again = k === this.explained;
    this.choose(k, true);
    if (again) this.hide();
    else this.explain(k);
  }

  /** Arrow keys: to the parent, the first child, and up and down among the candidates of one step. */
  walk(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("button")) return;
    const { cards } = this.search;
    const { column } = this.places.get(this.now);
    const beside = [...this.places].filter(([, place]) => place.column === column).sort((a, b) => a[1].row - b[1].row).map(([k]) => k);
    const at = beside.indexOf(this.now);
    const moves = {
      ArrowLeft: () => cards[this.now].parent, ArrowRight: () => this.below[this.now][0],
      ArrowUp: () => beside[at - 1], ArrowDown: () => beside[at + 1],
      Home: () => 0, End: () => this.path.filter((k) => this.seen(k)).at(-1),
      Enter: () => this.toggle(), " ": () => this.toggle(), Escape: () => this.hide(),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = moves[event.key]();
    if (this.seen(next)) this.choose(next, true);
  }

  toggle() {
    if (this.explained === null) this.explain(this.now);
    else this.hide();
  }

  /** Says at a card what it is and what could follow it. */
  explain(k) {
    const { cards, greedy, beam_size } = this.search;
    const { fate, ends } = cards[k];
    const next = cards.filter(({ parent }) => parent === k);
    const last = k === greedy.path.at(-1) && !ends;
    this.note.replaceChildren(
      el("button", { type: "button", className: "s2s-close", "aria-label": "Close", onclick: () => this.close() }, "×"),
      el("p", {}, caption(cards, k, this.ranking)),
      last ? el("p", {}, `Greedy, which keeps nothing else, went on from here and wrote “${greedy.text}”.`) : "",
      fate === "kept" && !ends ? el("p", {}, followed(cards, k, beam_size)) : "",
      el("ul", {}, next.map((child) => el("li", { className: `s2s-${child.fate}` },
        el("b", {}, SIGNS[child.fate]), ` ${shown(child.text)} `, el("small", {}, short(Math.exp(child.here)))))));
    this.explained = k;
    this.putNote();
  }

  /** Puts the note above its card, for what follows is drawn beside and below it, or below where there is no room. */
  putNote() {
    if (this.explained === null) return;
    const card = this.cardOf(this.explained).getBoundingClientRect();
    const view = this.scroll.getBoundingClientRect(), stage = this.root.getBoundingClientRect();
    if (card.bottom < view.top || card.top > view.bottom || card.right < view.left || card.left > view.right) return this.hide(); // it was scrolled away
    const { offsetHeight: height, offsetWidth: width } = this.note;
    const above = card.top - height - 8 > HEADER;
    this.note.style.top = `${above ? card.top - stage.top - height - 6 : card.bottom - stage.top + 6}px`;
    this.note.style.left = `${Math.max(0, Math.min(card.left - stage.left, stage.width - width))}px`;
  }

  hide() {
    this.explained = null;
    this.note.replaceChildren();
  }

  close() {
    this.hide();
    this.cardOf(this.now).focus({ preventScroll: true });
  }
}
