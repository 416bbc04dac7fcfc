// A ticked item gives its points and stands as a line in the comment, which the student reads; what else was written
// there stays. Nothing else is kept: which items are ticked is read from the comment.
"use strict";
(function () {
  const data = document.getElementById("s2s-rubrics");
  const rubric = JSON.parse(data.textContent)[data.dataset.notebook] || {};

  const lineOf = (item) => `+${item.points} (${item.part}) ${item.says}`;

  function add(name, items) {
    const $score = $(document.getElementById(name)).filter("input.score");
    const $comment = $(document.getElementById(`${name}-comment`));
    if (!$score.length || !$comment.length) return;
    const field = document.createElement("fieldset");
    field.className = "s2s-rubric";
    field.style.padding = "10px 15px";
    field.append(Object.assign(document.createElement("legend"), { textContent: "Rubric" }));
    const boxes = items.map((item) => {
      const label = document.createElement("label");
      label.style.cssText = "display: block; font-weight: normal";
      const box = Object.assign(document.createElement("input"), { type: "checkbox" });
      label.append(box, ` ${lineOf(item)}`);
      field.append(label);
      return box;
    });
    $score.closest(".nbgrader_cell").find(".panel-footer").before(field);

    const lines = () => $comment.val().split("\n");
    const show = () => boxes.forEach((box, k) => { box.checked = lines().includes(lineOf(items[k])); });

    field.addEventListener("change", () => {
      const ticked = items.filter((item, k) => boxes[k].checked);
      const known = items.map(lineOf);
      const others = lines().filter((line) => line && !known.includes(line));
      $score.val(ticked.reduce((sum, item) => sum + item.points, 0)).trigger("change");
      $comment.val([...ticked.map(lineOf), ...others].join("\n")).trigger("change");
    });
    $comment.on("change", show);
    $(document).ajaxStop(show); // marks and comments come after the page
    show();
  }

  $(() => Object.entries(rubric).forEach(([name, items]) => add(name, items)));
})();
