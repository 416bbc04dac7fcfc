// Runs inside a page before axe does, which reads every element of it many times: a chapter has 10,000 to 20,000, most of them
// glyphs of equations and coloured words of code. One of a kind is enough for it, so the others become plain text of the same
// size; their contrast is what page_checks.js looks at, word by word. Of drawings, what has a name or a use stays: axe knows
// nothing of their colours, it reads `color` where they have `fill`. The page is not to be used after this.
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
  for (const word of document.querySelectorAll("dl.py :is(dt, code) :is(span, em, strong)"))
    if (!word.querySelector("a, button") && seen(`name ${word.tagName} ${word.className} in ${word.parentElement.className}`))
      word.replaceWith(...word.childNodes);
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
}
