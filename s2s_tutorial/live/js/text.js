/** Text to tokens to ids, and back: the tokenizers and the vocabulary (chapter 1). */

export const PAD = 0;
export const UNK = 1;
export const BOS = 2;
export const EOS = 3;
export const SPECIALS = ["<pad>", "<unk>", "<bos>", "<eos>"];

// The package's rules for words (word_splitter.py), with JavaScript's classes of Unicode.
const EXTEND = "[\\p{M}\\p{Cf}]";
const HAN_KANA = "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}]";
const LETTER = `(?:(?!${HAN_KANA})[\\p{L}\\p{N}_]|${EXTEND})`;
const VOWELS = "aeiouhàáâäæèéêëìíîïòóôöœùúûü";
const VOWEL = `[${VOWELS}${VOWELS.toUpperCase()}ıİ]`;
const WORD = new RegExp(
  `\\d+(?:[.,:]\\d+)+${EXTEND}*` +
    `|${LETTER}+['’](?=${VOWEL})` +
    `|${LETTER}+(?:(?:['’](?!${VOWEL})|[-\\u2010\\u2011]|[·\\u0387])${LETTER}+)*` +
    `|\\S${EXTEND}*`,
  "gu",
);
const ELISION = new RegExp(`^${LETTER}+['’]$`, "u");
const STARTS_WITH_VOWEL = new RegExp(`^${VOWEL}`, "u");
const NOTHING_SEEN = /^[\s\p{Cf}]*$/u;
const NO_SPACE_BEFORE = new Set(".,;:!?…)]}»%");
const NO_SPACE_AFTER = new Set("([{«¿¡");

const TOKENIZERS = {
  character: { cut: (text) => Array.from(text), join: (tokens) => tokens.join("") },
  whitespace: { cut: (text) => text.split(/\s+/u).filter(Boolean), join: (tokens) => tokens.join(" ") },
  word: { cut: (text) => text.match(WORD) ?? [], join: joinWords },
};

/** Whether nothing is to be seen in a text. */
export const isBlank = (text) => NOTHING_SEEN.test(text);

/** Puts words together with the spaces that people write. */
function joinWords(tokens) {
  return tokens.reduce((text, token, i) => {
    const touch = i === 0 || NO_SPACE_AFTER.has(tokens[i - 1]) || NO_SPACE_BEFORE.has(token) ||
      (ELISION.test(tokens[i - 1]) && STARTS_WITH_VOWEL.test(token));
    return text + (touch ? "" : " ") + token;
  }, "");
}

/** Tokens and their ids, with the tokenizer of their side. */
export class Vocabulary {
  constructor(tokens, { name, options = {} }) {
    this.tokens = [...SPECIALS, ...tokens];
    this.ids = new Map();
    this.tokens.forEach((token, id) => this.ids.set(token, id));
    this.tokenizer = TOKENIZERS[name];
    this.lowercase = options.lowercase ?? false;
  }

  /** A text's tokens; of a blank one none. */
  tokenize(text) {
    if (isBlank(text)) return [];
    const composed = text.normalize("NFC");
    return this.tokenizer.cut(this.lowercase ? composed.toLowerCase().normalize("NFC") : composed);
  }

  /** Ids; a token that is not known becomes `<unk>`. */
  encode(tokens) {
    return tokens.map((token) => this.ids.get(token) ?? UNK);
  }

  /** Those of the tokens that are not known. */
  unknown(tokens) {
    return tokens.filter((token) => !this.ids.has(token));
  }

  /** The tokens of ids. */
  decode(ids) {
    return ids.map((id) => this.tokens[id]);
  }

  /** The text of ids. */
  detokenize(ids) {
    return this.tokenizer.join(this.decode(ids));
  }
}
