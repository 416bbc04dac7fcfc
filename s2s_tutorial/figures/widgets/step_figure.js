document.querySelectorAll(".s2s-figure[data-interval]:not(.s2s-ready)").forEach((figure) => {
  const words = figure.querySelectorAll(".s2s-step-caption, .s2s-step-list li");
  const captions = Array.from(words, (each) => each.textContent);
  const parts = Array.from(figure.querySelectorAll("[data-step]"));
  player(figure, {
    captions: () => captions,
    said: (step) => (step ? "step " + step + " of " + (captions.length - 1) : "the whole picture"),
    pace: figure.dataset.interval,
    inner: ".s2s-step-list",
    paint(step) {
      let shown = null;
      for (const part of parts) {
        const at = Number(part.dataset.step);
        part.classList.toggle("s2s-later", step > 0 && at > step);
        part.classList.toggle("s2s-now", at === step);
        if (at === step && part.getClientRects().length) shown = part.querySelector(".s2s-frame") || part;
      }
      return shown;
    },
  }).go(0);
  figure.classList.add("s2s-ready");
});
