document.querySelectorAll(".s2s-batches:not(.s2s-touched)").forEach((figure) => {
  const find = (name) => figure.querySelector(".s2s-" + name);
  const choice = find("sentence-choice"), place = find("sentence");
  const rows = Array.from(figure.querySelectorAll(".s2s-row"));
  const tables = Array.from(find("sentences").content.children);

  function take(index) {
    for (const row of rows) row.classList.toggle("s2s-chosen", Number(row.dataset.row) === index);
    place.replaceChildren(tables[index].cloneNode(true));
    choice.value = index;
  }
  function tell(index) {
    if (figure.classList.contains("s2s-playing")) find("step-play").click();
    take(index);
    find("step-caption").textContent = tables[index].dataset.caption;
  }
  choice.addEventListener("change", () => tell(Number(choice.value)));
  choice.addEventListener("keydown", (event) => event.stopPropagation()); // its arrows choose, they do not step
  find("live").addEventListener("click", (event) => {
    const row = event.target.closest(".s2s-row");
    if (row) tell(Number(row.dataset.row));
  });
  take(Number(choice.value));
  figure.classList.add("s2s-touched");
});
