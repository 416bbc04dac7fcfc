// Plays the figure of the landing page. Step 0 is the whole picture, as it stands without this script.
(() => {
  "use strict";
  const figure = document.querySelector("figure.lf");
  if (!figure) return;
  const find = (selector) => figure.querySelector(selector);
  const player = find(".lf-player"), play = find(".lf-play"), range = find(".lf-range"), caption = find(".lf-caption");
  const captions = [...figure.querySelectorAll(".lf-captions li")].map((item) => item.innerHTML);
  const last = captions.length;
  const FIRST_WRITTEN = 6, FIRST_OF_SECOND_ACT = 10, LOOPS = 2;
  const slow = { 0: 4000, 5: 2400, 9: 2600, 10: 2400, 14: 3400 }; // milliseconds; the other steps take 1500
  const parts = [...figure.querySelectorAll("[data-from], [data-now]")].map((node) => ({
    node,
    from: Number(node.dataset.from || 0),
    now: (node.dataset.now || "").split(" ").filter(Boolean).map(Number),
  }));
  const first = find('[data-act="vector"]'), second = find('[data-act="attention"]');
  let step = 0, timer = null, loops = 0;

  function show(k) {
    step = Math.min(last, Math.max(0, k));
    for (const { node, from, now } of parts) {
      node.classList.toggle("lf-off", step > 0 && from > step);
      node.classList.toggle("lf-now", now.includes(step));
    }
    first.classList.toggle("lf-unseen", step >= FIRST_WRITTEN && step < FIRST_OF_SECOND_ACT);
    second.classList.toggle("lf-waiting", step > 0 && step < FIRST_OF_SECOND_ACT);
    range.value = step;
    range.setAttribute("aria-valuetext", step ? `step ${step} of ${last}` : "the whole picture");
    caption.innerHTML = step ? captions[step - 1] : "The whole picture.";
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
    play.textContent = "Play";
    caption.setAttribute("aria-live", "polite"); // silent while playing, spoken when the reader steps
  }

  function tick() {
    timer = setTimeout(() => {
      if (step === last && ++loops >= LOOPS) { show(0); pause(); return; }
      show(step === last ? 0 : step + 1);
      tick();
    }, slow[step] || 1500);
  }

  function start() {
    if (timer !== null) return;
    play.textContent = "Pause";
    caption.setAttribute("aria-live", "off");
    if (step === 0) show(1);
    tick();
  }

  let stopped = false; // by the reader: never start by itself again
  play.addEventListener("click", () => {
    stopped = timer !== null;
    if (stopped) pause();
    else { loops = 0; start(); }
  });
  const jump = (k) => { stopped = true; pause(); show(k); };
  find(".lf-back").addEventListener("click", () => jump(step === 0 ? last : step - 1));
  find(".lf-next").addEventListener("click", () => jump(step === last ? 0 : step + 1));
  range.addEventListener("input", () => jump(Number(range.value)));

  player.hidden = false;
  show(0);
  pause();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still || !("IntersectionObserver" in window)) return;
  new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) { if (timer !== null) pause(); }
    else if (!stopped && loops < LOOPS) start();
  }, { threshold: 0.35 }).observe(figure);
})();
