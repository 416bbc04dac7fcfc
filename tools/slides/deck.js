// Shows a deck: reveal.js, then text, figures and boxes at the size that fits the slide.
(() => {
  const root = document.documentElement;
  const slow = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const printing = /print-pdf/.test(location.search);

  // In a figure or a box the keys are its own, but those of a presenter's remote control go on turning the slides.
  const alive = (node) => node instanceof Element && node.closest(".interactive");
  function isOurs(event) {
    return !alive(event.target) || event.key === "PageUp" || event.key === "PageDown";
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !alive(event.target)) return;
    event.target.blur();
    event.stopPropagation();
  }, true);

  function changeColours() {
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    for (const frame of document.querySelectorAll("iframe")) frame.contentDocument.documentElement.dataset.theme = root.dataset.theme;
  }

  // A box is a page of its own, loaded with its slide. From a file no module is loaded: then words say what the box would show.
  function openBoxes(slide) {
    if (!location.protocol.startsWith("http")) return;
    for (const box of slide.querySelectorAll(".box:not(:has(iframe))")) {
      const frame = document.createElement("iframe");
      frame.title = slide.querySelector("h2").textContent;
      frame.src = box.dataset.page;
      frame.addEventListener("load", () => (frame.contentDocument.documentElement.dataset.theme = root.dataset.theme));
      box.replaceChildren(frame);
    }
  }

  // The largest zoom at which a slide's figure leaves nothing outside of its column, its controls below or beside it.
  function fit(slide) {
    for (const part of slide.querySelectorAll(".interactive")) {
      const fits = (zoom, beside) => {
        part.classList.toggle("beside", beside);
        part.style.zoom = zoom;
        part.style.setProperty("--zoom", zoom);
        return part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1 && inside(part);
      };
      const largest = (beside) => {
        let low = 11, high = 35; // in twentieths: from 0.55, which is taken in any case, to below 1.75
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          fits(middle / 20, beside) ? (low = middle) : (high = middle);
        }
        return low / 20;
      };
      const below = largest(false);
      const beside = part.querySelector(".s2s-bar") ? largest(true) : 0;
      fits(Math.max(below, beside), beside > below);
    }
  }
  // Text as large as the room allows, in a few sizes, so that slides do not look all different.
  const SIZES = [42, 38, 34, 30, 26, 23];
  function grow(slide) {
    const body = slide.querySelector(".body");
    if (!body || body.querySelector(".interactive, .box")) return;
    const wide = (part) => part.scrollWidth > part.clientWidth + 1;
    const high = (part) => part.scrollHeight > part.clientHeight + 1;
    const picture = () => [...body.querySelectorAll("figure img")].every((image) => image.clientHeight > 330 || image.closest(".columns-2"));
    for (const size of SIZES) {
      body.style.fontSize = `${size}px`;
      const over = [...body.querySelectorAll(".column, pre, .equation")].some(wide) || [...body.querySelectorAll(".column")].some(high);
      if (!over && picture()) return;
    }
  }
  function settle(slide) {
    if (!printing) openBoxes(slide);
    grow(slide);
    fit(slide);
  }

  // Whether nothing in a figure is wider than its own window, nor drawn narrower than it was made.
  const inside = (part) =>
    [...part.querySelectorAll(".s2s-scroll")].every((each) => each.scrollWidth <= each.clientWidth + 1) &&
    [...part.querySelectorAll(".s2s-compact")].every((each) => !each.checkVisibility());

  async function show() {
    const deck = Reveal;
    root.dataset.started = "";
    if (printing) document.querySelector(".reveal").addEventListener("pdf-ready", layOut);
    await deck.initialize({
      width: 1280,
      height: 720,
      margin: 0,
      center: false,
      display: "flex",
      hash: true,
      scrollActivationWidth: null, // on a phone, too, a slide is a slide
      slideNumber: "c/t",
      controlsTutorial: false,
      transition: slow ? "none" : "fade",
      transitionSpeed: "fast",
      backgroundTransition: "none",
      pdfSeparateFragments: false,
      pdfMaxPagesPerSlide: 1,
      keyboard: { 68: changeColours },
      keyboardCondition: isOurs,
      plugins: [RevealNotes],
    });
    if (printing) return;
    const now = () => deck.getCurrentSlide();
    deck.on("slidechanged", () => (document.activeElement?.blur?.(), settle(now())));
    deck.on("resize", () => settle(now()));
    document.fonts.addEventListener("loadingdone", () => settle(now())); // a face that was not needed before
    await document.fonts.ready;
    settle(now());
    root.dataset.shown = "";
  }

  async function layOut() {
    await document.fonts.ready;
    document.querySelectorAll("section").forEach(settle);
    await document.fonts.ready;
    document.querySelectorAll("section").forEach(settle);
    root.dataset.printable = "";
  }

  show();
})();
