// Training in a thread of its own, so that the page never waits: one update, then a look at the messages.
//
// It is told { do: "reset", settings, run }, { do: "run", until }, { do: "pause" } or { do: "step" }, and tells reports:
// the number of the run, updates, losses since the last report, accuracy by length, what is written of one string,
// whether it is running; or, of settings that cannot be, { refused: a sentence }, and then all goes on as it was; or, of
// a loss that is no number, { diverged: a sentence }.

import { SettingError } from "./settings.js";
import { Diverged, Trainer } from "./trainer.js";

const EVERY = 150; // milliseconds between reports
const MEASURE_EVERY = 3; // updates; then one length is measured, the next length after as many again

let trainer = null, run = 0, until = 0, losses = {}, accuracy = {}, length = 0, told = 0, spent = 0;

const turns = new MessageChannel(); // setTimeout would wait
turns.port1.onmessage = () => guarded(() => {
  if (!trainer || trainer.updates >= until) return;
  advance();
  if (trainer.updates >= until) return finish();
  if (performance.now() - told >= EVERY) report();
  turns.port2.postMessage(null);
});

/** Do something, and tell the page where that cannot be. */
function guarded(something) {
  try {
    something();
  } catch (error) {
    if (error instanceof SettingError) return postMessage({ refused: error.message });
    if (!(error instanceof Diverged)) throw error;
    until = 0;
    postMessage({ diverged: error.message });
  }
}

/** One update of each model, and now and then the accuracy of one length. */
function advance() {
  const start = performance.now();
  for (const [kind, loss] of Object.entries(trainer.update())) losses[kind].push(loss);
  if (trainer.updates % MEASURE_EVERY === 0) measure(1 + (length++ % trainer.settings.longest));
  spent += performance.now() - start;
}

function measure(n) {
  for (const [kind, share] of Object.entries(trainer.accuracy(n))) accuracy[kind][n - 1] = share;
}

/** All lengths at once, when training stands still. */
function finish() {
  until = 0;
  for (let n = 1; n <= trainer.settings.longest; n++) measure(n);
  report();
}

function report() {
  const running = trainer.updates < until;
  postMessage({ run, updates: trainer.updates, losses, accuracy, looks: trainer.look(), running, spent });
  for (const kind in losses) losses[kind] = [];
  told = performance.now();
}

function reset(settings, number) {
  trainer = new Trainer(settings); // or an error, and nothing has changed
  run = number;
  length = spent = 0;
  losses = Object.fromEntries(trainer.settings.models.map((kind) => [kind, []]));
  accuracy = Object.fromEntries(trainer.settings.models.map((kind) => [kind, Array(trainer.settings.longest).fill(null)]));
  finish();
}

addEventListener("message", ({ data }) => guarded(() => {
  if (data.do === "reset") return reset(data.settings, data.run);
  if (!trainer) return;
  if (data.do === "pause") return finish();
  if (data.do === "step") {
    advance();
    return finish();
  }
  const idle = trainer.updates >= until; // else its turns come already
  until = data.until;
  if (idle) turns.port2.postMessage(null);
}));
