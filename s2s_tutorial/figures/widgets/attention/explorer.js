document.querySelectorAll(".s2s-attention:not(.s2s-ready)").forEach((figure) => {
  const choice = figure.querySelector(".s2s-example-choice");
  const examples = Array.from(figure.querySelectorAll(".s2s-example"));
  const tables = Array.from(figure.querySelectorAll(".s2s-table"));
  const whole = figure.querySelector(".s2s-step-caption").textContent;
  let example = examples[0], captions = [];

  const controls = player(figure, {
    captions: () => captions,
    said: (word) => captions[word],
    pace: figure.dataset.pace,
    inner: ".s2s-numbers, select",
    paint(word) {
      for (const part of example.querySelectorAll("[data-step]")) {
        const at = Number(part.dataset.step);
        part.classList.toggle("s2s-chosen", at === word);
        part.classList.toggle("s2s-other", word > 0 && at !== word);
      }
      let shown = null;
      for (const part of example.querySelectorAll("[data-word]")) {
        const chosen = Number(part.dataset.word) === word;
        part.classList.toggle("s2s-now", chosen);
        if (chosen && part.getClientRects().length) shown = part;
      }
      return shown;
    },
  });
  function take(index) {
    for (const each of [examples, tables]) each.forEach((other, k) => (other.hidden = k !== index));
    example = examples[index];
    captions = [whole].concat(Array.from(tables[index].querySelectorAll("[data-caption]"), (row) => row.dataset.caption));
    controls.go(controls.now());
  }
  const wordAt = (target) => {
    const word = target.closest && target.closest(".s2s-word");
    return word ? Number(word.dataset.word) : 0;
  };
  if (choice) choice.addEventListener("change", () => take(Number(choice.value)));
  for (const each of examples) {
    each.addEventListener("click", (event) => {
      const word = wordAt(event.target);
      if (word) controls.go(word === controls.now() ? 0 : word);
    });
    each.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse" && !controls.playing()) controls.paint(wordAt(event.target) || controls.now());
    });
    each.addEventListener("pointerleave", () => {
      if (!controls.playing()) controls.paint(controls.now());
    });
  }
  take(choice ? Number(choice.value) : 0);
  figure.classList.add("s2s-ready");
});
