const root = document.documentElement;

// What may be wider than the page is scrolled by keyboard too.
for (const equation of document.querySelectorAll('mjx-container[display="true"], dl mjx-container')) equation.tabIndex = 0;

// So are listings and outputs: each can be reached (s2s_smooth.py) until it is seen that it does not scroll.
const listings = "pre, .cell_output > .output, .jp-RenderedHTMLCommon, .pst-scrollable-table-container";
const stops = new ResizeObserver((changes) => {
  const scrolls = changes.map(({ target: box }) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
  changes.forEach(({ target }, k) => (target.tabIndex = scrolls[k] ? 0 : -1));
});
document.querySelectorAll(listings).forEach((box) => stops.observe(box));
new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes) node.querySelectorAll?.(listings).forEach((box) => stops.observe(box));
}).observe(document.body, { childList: true, subtree: true });

// A page that is read from its beginning is laid out in pieces, each in an idle moment (theme.css, s2s_smooth.py).
const idle = window.requestIdleCallback ?? ((next) => setTimeout(next, 30, { timeRemaining: () => 8 }));
const pieces = root.classList.contains("s2s-pieces") ? [...document.querySelectorAll(".bd-article section > :not(section, h1, h2, h3, h4, span)")] : [];
function layOut(moment) {
  const end = performance.now() + Math.min(8, moment.timeRemaining());
  while (pieces.length && performance.now() < end) {
    const piece = pieces.shift();
    piece.style.contentVisibility = "visible";
    piece.getBoundingClientRect();
  }
  if (pieces.length) idle(layOut);
}
addEventListener("load", () => idle(layOut));

// Paper is white: whatever the reader's colours, a printed page has the light ones, and each figure its whole picture.
const paper = matchMedia("print");
let onScreen = null; // what to go back to
function move(range, step) {
  if (range.value === step) return;
  range.value = step;
  range.dispatchEvent(new Event("input"));
}
function toPaper() {
  document.querySelectorAll("img[loading]").forEach((image) => (image.loading = "eager"));
  if (!onScreen) {
    const ranges = [...document.querySelectorAll(".s2s-step-range, .lf-range")];
    onScreen = { theme: root.dataset.theme, steps: ranges.map((range) => [range, range.value]) };
    ranges.forEach((range) => move(range, "0"));
  }
  if (root.dataset.theme === "light") return;
  onScreen.theme = root.dataset.theme;
  root.dataset.theme = "light";
}
function toScreen() {
  if (!onScreen) return;
  const { theme, steps } = onScreen;
  onScreen = null;
  root.dataset.theme = theme;
  steps.forEach(([range, step]) => move(range, step));
}
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", toScreen);
paper.addEventListener("change", () => (paper.matches ? toPaper() : toScreen()));
new MutationObserver(() => paper.matches && toPaper()).observe(root, { attributeFilter: ["data-theme"] });
if (paper.matches) toPaper();

// "Back to top" floats over the lower end of a small window: it gives way where there are a figure's controls.
const controls = new Set();
const lowerEnd = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) isIntersecting ? controls.add(target) : controls.delete(target);
    root.classList.toggle("s2s-at-controls", controls.size > 0);
  },
  { rootMargin: "-80% 0px 0px 0px" },
);
document.querySelectorAll(".s2s-figure, figure.lf, .s2s-filter").forEach((node) => lowerEnd.observe(node));

// The contents beside the text mark where one reads. The theme moves its mark only when a heading comes into view on its
// way, so after a jump of a page it would stay where it was.
function markContents() {
  const links = [...document.querySelectorAll("#pst-page-toc-nav a[href^='#']")];
  const place = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.getBoundingClientRect().top;
  const read = links.filter((link) => place(link) < 110).pop(); // a link brings its heading higher than that
  for (const link of links) {
    link.classList.toggle("active", link === read);
    link === read ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }
  for (const entry of document.querySelectorAll("#pst-page-toc-nav .toc-entry")) entry.classList.toggle("active", entry.contains(read ?? null));
}
let marking = 0, clicked = 0;
addEventListener("scroll", () => {
  clearTimeout(marking);
  if (Date.now() - clicked > 1000) marking = setTimeout(markContents, 80);
});
addEventListener("click", (event) => {
  if (event.target.closest("#pst-page-toc-nav a")) clicked = Date.now(); // the theme marks what was chosen
});

// A figure's table may be wider than a phone: who has no pointer scrolls it by keyboard.
for (const table of document.querySelectorAll(".s2s-figure .s2s-table")) {
  Object.assign(table, { tabIndex: 0, ariaLabel: "Weights" });
  table.setAttribute("role", "region");
}

// Boxes in which a model runs: nothing of them is loaded where there is none.
if (document.querySelector(".s2s-box")) import(new URL("live/boxes.js", document.currentScript.src));
