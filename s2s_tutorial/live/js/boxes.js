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

/** The boxes' style sheet, loaded with the first of them: a new one has the whole page looked through again. */
let dressed = null;
function dress() {
  dressed ??= new Promise((resolve) => {
    const href = new URL("boxes/boxes.css", import.meta.url);
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(sheet);
  });
  return dressed;
}

async function build(box) {
  try {
    const [{ mount }] = await Promise.all([import(`./boxes/${box.dataset.box}.js`), dress()]);
    await mount(box);
    box.classList.add("s2s-ready");
  } catch (error) {
    box.append(`This box could not start here (${error.message}). The text around it says what it shows.`);
  }
}

boxes.forEach((box) => near.observe(box));

/** A link that holds a box's state brings its reader to that box. */
boxes.find(({ id }) => id && location.hash.slice(1).split("&").some((each) => each.startsWith(`try=${id}:`)))?.scrollIntoView();
