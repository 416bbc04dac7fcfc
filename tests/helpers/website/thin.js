// Runs inside a page before axe does, which reads every element of it many times: a chapter has 10,000 to 20,000, most of them
// glyphs of equations and coloured words of code. One of a kind is enough for it, so the others become plain text of the same
// size; their contrast is what page_checks.js looks at, word by word. Of the contents beside the page one entry of a kind stays,
// of drawings what has a name or a use: axe knows nothing of their colours, it reads `color` where they have `fill`. What is
// marked `data-alike` has the colours of another element. The page is not to be used after this.
() => {
  const kinds = new Set();
  const seen = (kind) => kinds.has(kind) || !kinds.add(kind);
  const classes = (node) => {
    const names = [];
    for (let up = node; up.tagName === "SPAN"; up = up.parentElement) names.push(up.className);
    return names.join(" in ");
  };
  for (const word of document.querySelectorAll("pre span"))
    if (seen(classes(word))) word.replaceWith(...word.childNodes);
  document.querySelectorAll("wbr").forEach((place) => place.remove());
  const path = (node) => {
    const names = [];
    for (let up = node; up; up = up.parentElement) names.push(`${up.localName}.${up.getAttribute("class")}.${(up.rowIndex ?? 0) % 2}`);
    return names.join(" in ");
  };
  for (const word of document.querySelectorAll("dl.py :is(dt, code) :is(span, em, strong)"))
    if (!word.querySelector("a, button") && seen(path(word))) word.replaceWith(...word.childNodes);
  for (const entry of document.querySelectorAll(".bd-toc-nav li"))
    if (!entry.querySelector("li") && seen(path(entry))) entry.remove();
  document.querySelectorAll("pre").forEach((listing) => listing.normalize());

  const used = "a, title, desc, foreignObject, foreignObject *, [role], [tabindex], [aria-label], [aria-labelledby], [aria-hidden]";
  for (const part of document.querySelectorAll("svg *"))
    if (!part.matches(used) && !part.querySelector(used)) part.remove();

  const equations = [...document.querySelectorAll("mjx-container")].filter((node) => seen(`equation ${node.getAttribute("display")}`));
  const sizes = equations.map((node) => node.querySelector("mjx-math").getBoundingClientRect());
  equations.forEach((node, i) => {
    const math = node.querySelector("mjx-math");
    math.replaceChildren();
    math.style.cssText = `display: inline-block; width: ${sizes[i].width}px; height: ${sizes[i].height}px`;
    node.querySelector("mjx-assistive-mml")?.remove();
  });

  // Colours are looked at on one element of a kind: with the same names all the way up, and no colours or
  // letters of its own.
  const marked = [...document.body.querySelectorAll("*")].reverse();
  const kind = new Map(marked.map((node) => [node, path(node)]));
  kinds.clear();
  const own = ["color", "background", "opacity", "filter", "font", "visib"].map((word) => `[style*="${word}"]`).join(", ");
  document.querySelectorAll("[style]").forEach((node) => node.style.removeProperty("content-visibility")); // the page is laid out by now
  const alike = new Set([...kind].reverse().filter(([node, names]) => node.checkVisibility() && !node.closest(own) && seen(names)).map(([node]) => node));
  for (const node of marked)
    if (alike.has(node) && [...node.children].every((child) => alike.has(child))) node.dataset.alike = "";
    else alike.delete(node);
}
