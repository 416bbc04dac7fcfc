/** Finds the boxes of a page and builds each when the reader comes near it. */

const boxes = [...document.querySelectorAll(".s2s-box")];

const near = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      build(target);
    }
  },
  { rootMargin: "600px" },
);

async function build(box) {
  try {
    const { mount } = await import(`./boxes/${box.dataset.box}.js`);
    await mount(box);
    box.classList.add("s2s-ready");
  } catch (error) {
    box.append(`This box could not start here (${error.message}). The text around it says what it shows.`);
  }
}

if (boxes.length) {
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: new URL("boxes/boxes.css", import.meta.url) });
  document.head.append(sheet);
  boxes.forEach((box) => near.observe(box));
}
