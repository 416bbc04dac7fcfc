function start(figure) {
  const find = (name) => figure.querySelector(".s2s-" + name);
  const tree = find("tree"), caption = find("beam-caption");
  const nodes = Array.from(tree.querySelectorAll(".s2s-node"));
  const parts = (node) => Array.from(node.querySelectorAll(":scope > ul > .s2s-node"));
  const seen = (node) => node.getClientRects().length > 0;
  const above = (node) => node.parentElement.closest(".s2s-node");
  const isOpen = (node) => node.getAttribute("aria-expanded") === "true";
  let now = nodes[0];

  function open(node, yes) {
    if (parts(node).length) node.setAttribute("aria-expanded", yes);
  }
  function choose(node, focus) {
    now.tabIndex = -1;
    now = node;
    now.tabIndex = 0;
    caption.textContent = now.dataset.caption;
    if (focus) now.focus();
  }
  function home() {
    while (!seen(now)) now = above(now);
    nodes.forEach((node) => (node.tabIndex = node === now ? 0 : -1));
  }
  tree.setAttribute("role", "tree");
  tree.setAttribute("aria-label", figure.getAttribute("aria-label"));
  tree.querySelectorAll("ul").forEach((list) => list.setAttribute("role", "group"));
  for (const node of nodes) {
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-label", node.dataset.caption);
    open(node, node.classList.contains("s2s-best"));
  }
  if (!tree.querySelector(".s2s-best")) nodes.forEach((node) => open(node, true));
  find("beam-way").addEventListener("click", () => {
    nodes.forEach((node) => open(node, node.classList.contains("s2s-best")));
    home();
  });
  find("beam-all").addEventListener("click", () => nodes.forEach((node) => open(node, true)));
  find("beam-dropped").addEventListener("change", (event) => {
    figure.classList.toggle("s2s-no-dropped", !event.target.checked);
    home();
  });
  tree.addEventListener("click", (event) => {
    const card = event.target.closest(".s2s-card");
    if (!card) return;
    const node = card.parentElement, again = node === now;
    choose(node, true);
    if (again || !isOpen(node)) open(node, !isOpen(node));
  });
  tree.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const shown = nodes.filter(seen), at = shown.indexOf(now), below = parts(now).filter(seen);
    const moves = {
      ArrowDown: () => shown[at + 1],
      ArrowUp: () => shown[at - 1],
      Home: () => shown[0],
      End: () => shown[shown.length - 1],
      ArrowRight: () => (isOpen(now) ? below[0] : open(now, true)),
      ArrowLeft: () => (isOpen(now) ? open(now, false) : above(now)),
      Enter: () => open(now, !isOpen(now)),
      " ": () => open(now, !isOpen(now)),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = moves[event.key]();
    if (next) choose(next, true);
  });
  home();
  figure.classList.add("s2s-ready");
}
document.querySelectorAll(".s2s-beam:not(.s2s-ready)").forEach((figure) => {
  if (figure.querySelector(".s2s-beam-controls")) start(figure);
});
