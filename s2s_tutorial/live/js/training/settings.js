// What a reader may choose, and what is said of a choice that cannot be.

export const DEFAULTS = {
  letters: 10, longest: 8, units: 32, embedding: 16, cell: "gru", rate: 0.01, seed: 0, models: ["vector", "attention"],
};
const WHOLE = {
  letters: [2, 26, "The number of letters"],
  longest: [1, 16, "The longest string"],
  units: [4, 64, "The number of units"],
  embedding: [4, 64, "The size of the embeddings"],
  seed: [0, 999_999, "The seed"],
};

/** A setting that cannot be; its message is for the reader. */
export class SettingError extends Error {}

/** Check settings. @returns the same, complete @throws {SettingError} with a sentence */
export function checkSettings(given) {
  const settings = { ...DEFAULTS, ...given }, { rate, cell, models } = settings;
  for (const [name, [least, most, words]] of Object.entries(WHOLE)) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < least || value > most)
      throw new SettingError(`${words} must be a whole number from ${least} to ${most}, not ${value}.`);
  }
  if (!(rate > 0 && rate <= 0.1)) throw new SettingError(`The learning rate must lie above 0 and up to 0.1, not at ${rate}.`);
  if (!["rnn", "gru", "lstm"].includes(cell)) throw new SettingError(`The cell must be rnn, gru or lstm, not ${cell}.`);
  if (!Array.isArray(models) || models.length < 1 || models.length > 2 || models.some((kind) => !["vector", "attention"].includes(kind)))
    throw new SettingError("Choose one model or both: vector, attention.");
  return settings;
}
