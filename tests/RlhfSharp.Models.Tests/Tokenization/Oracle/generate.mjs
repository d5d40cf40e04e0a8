// Writes what @huggingface/tokenizers 0.2.0 makes of some thousand texts, for OracleTests.cs. Run by hand, never by a build:
//
//   npm i --prefix SCRATCH @huggingface/tokenizers@0.2.0
//   rlhf convert-tokenizer --model ../shared/data/mistral-tokenizer/tokenizer.model.v1 --output SCRATCH/mistral
//   rlhf convert-tokenizer --model ../shared/data/deberta-v3-tokenizer/spm.model --output SCRATCH/deberta
//   node tests/RlhfSharp.Models.Tests/Tokenization/Oracle/generate.mjs SCRATCH ../shared/data
//
// texts.jsonl.gz has one text a line. NAME.jsonl.gz has a line for each of them:
//   text     where this tokenizer gets another text, by the rule below
//   ids      without special tokens
//   decoded  all of them decoded; missing where it is the text
//   plain    decoded without special tokens; missing where it is `decoded`
//   pair     every tenth: the ids of this text and the one of the next line with special tokens. Not for byte-level files, whose post-processor the
//            oracle takes for one that leaves the second text out
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { pathToFileURL } from "node:url";

const [scratch, data] = process.argv.slice(2);
const engine = path.resolve(scratch, "node_modules/@huggingface/tokenizers/dist/tokenizers.mjs");
const { Tokenizer } = await import(pathToFileURL(engine));
const here = import.meta.dirname;
const count = 2500;

// ---- Texts ----

// mulberry32: small, and the same everywhere.
let state = 20240501;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const oneOf = (list) => list[below(list.length)];
const between = (low, high) => low + below(high - low + 1);

// JavaScript's \s has U+FEFF and lacks U+0085, against Oniguruma's; its TextDecoder drops U+FEFF. What its Unicode version does not know has no category
// or normal form to agree on. Halves of surrogate pairs are no characters.
const isFair = (c) => c !== "\uFEFF" && c !== "\u0085" && !/[\p{Cn}\p{Cs}]/u.test(c);
const anyFrom = (low, high) => {
  for (;;) {
    const c = String.fromCodePoint(between(low, high));
    if (isFair(c)) return c;
  }
};

const words = `the of and to in is that it was for on are with as his they be at one have this from or had by hot word but what some we can out other were all there
when up use your how said an each she which do their time if will way about many then them write would like so these her long make thing see him two has look more day
could go come did number sound no most people my over know water than call first who may down side been now find reward model preference human feedback tokenizer
internationalization antidisestablishmentarianism`.split(/\s+/);
const special = ["<|endoftext|>", "<|padding|>", "<s>", "</s>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "<0x41>", "[INST]", "<mask>"];
const fragments = [
  "don't", "I'LL", "we've", "it's", "'tis", "$3.14", "1,234,567", "2024-05-01", "0x1F", "12345678901234567890", "http://example.org/?q=a&b=c", "a@b.co", "C#", "C++",
  "snake_case", "camelCase", "x=y;", "if (a<b) { return; }", "\\n", "\"quoted\"", "(see)", "...", "!!!", "?!", "—", "–", "“quotes”", "‘it’", "naïve", "café", "cafe\u0301",
  "Ångström", "A\u030Angstro\u0308m", "ﬁne", "ﬂow", "①②", "½", "x²", "Ｆｕｌｌ", "ｶﾞ", "カ\u3099", "각", "\u1100\u1161\u11A8", "한국어", "日本語", "ひらがな", "中文字", "我想在", "。", "，",
  "Привет", "Здравствуй", "Ελλάδα", "ΣΑΣ", "שלום", "עִבְרִית", "العربية", "مَرْحَبًا", "\u202Bمرحبا\u202C", "नमस्ते", "हिन्दी", "ไทย", "ភាសាខ្មែរ", "தமிழ்", "İstanbul", "straße", "ǅ", "ß", "ſ",
  "q\u0307\u0323", "a\u0302\u0323", "\u0344", "\u212B", "\u2126", "\u0958", "𝒳𝒴", "𝟘𝟙", "𠀀", "🦙", "😀", "👩🏽‍🚀", "😶‍🌫️", "🇩🇪", "🏴‍☠️", "1️⃣", "✅", "❤️", "▁", "▁▁a", "Ġ", "Ċ", "<0x0A>",
];
const spaces = [" ", " ", " ", "  ", "   ", "    ", "\n", "\n\n", "\r\n", "\t", "\t\t", " \n", "\n ", "\u00A0", "\u3000", "\u2028", "\u2009", "\u200B", "\u200D"];
const blocks = [[0x20, 0x7e], [0xa0, 0x24f], [0x300, 0x36f], [0x370, 0x52f], [0x590, 0x6ff], [0x900, 0xdff], [0x1e00, 0x1fff], [0x2000, 0x2bff], [0x3000, 0x33ff],
  [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfb00, 0xffee], [0x1d400, 0x1d7ff], [0x1f300, 0x1faff], [0x20000, 0x2a6df]];
const run = () => oneOf("aeitx =-_.'\n\t01!é好".split("")).repeat(between(2, 24));
const sentence = () => Array.from({ length: between(2, 12) }, () => random() < 0.15 ? oneOf(words).replace(/^./, (c) => c.toUpperCase()) : oneOf(words)).join(" ");
const kinds = [
  sentence, sentence, run, run,
  () => oneOf(fragments), () => oneOf(fragments), () => oneOf(fragments),
  () => oneOf(spaces), () => oneOf(spaces), () => oneOf(special),
  () => String(below(10 ** between(1, 12))),
  () => anyFrom(0, 0x9f), () => anyFrom(0, 0xffff), () => anyFrom(0, 0x10ffff),
  () => { const [low, high] = oneOf(blocks); return Array.from({ length: between(1, 8) }, () => anyFrom(low, high)).join(""); },
  () => Array.from({ length: between(1, 20) }, () => oneOf("aab  b\n".split(""))).join(""),
];
const piece = () => { const text = oneOf(kinds)(); return oneOf([text, text, text, text.normalize("NFC"), text.normalize("NFD")]); };
const make = () => Array.from({ length: between(1, 7) }, () => piece() + (random() < 0.4 ? oneOf(spaces) : "")).join("");

const texts = new Set(["", " ", "  ", "\n", "\0", "▁", ...special, ...fragments]);
while (texts.size < count) texts.add(make());
const all = [...texts];

// ---- What of them a tokenizer gets ----

// DeBERTa's: the oracle puts form NFKC and a list of its own in place of the file's table of characters, and knows no bytes. Both agree on a character that by
// itself is, in form NFKC, made of characters that have a piece of their own, none of which joins a neighbour (a mark, a letter of Hangul) or is a control or
// format character or a space, U+0020 excepted. Others are taken out of the text, also all beyond U+FFFF and the sign of the era Reiwa (U+32FF), which Unicode
// may have got after the table was made, the tilde U+FF5E, which the oracle keeps, and U+2581 and U+FFFD, which it makes spaces. Text that looks like the piece
// of a byte is that piece to the oracle; it loses its beginning. Where nothing but spaces stands between special tokens nothing is left to put the mark of a
// space before; the oracle puts it there, SentencePiece and the original library do not: such spaces go too.
const debertaRule = (json) => {
  const pieces = new Set(json.model.vocab.map(([text]) => text));
  const isFairHere = (c) => c <= "\uFFFF" && !/[\u32FF\uFF5E\u2581\uFFFD]/.test(c)
    && [...c.normalize("NFKC")].every((n) => n === " " ? c === " " : pieces.has(n) && !/[\p{M}\p{C}\p{Z}\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]/u.test(n));
  const special = new RegExp(`(${json.added_tokens.map(({ content }) => content.replace(/[\[\]|]/g, "\\$&")).join("|")})`);
  return (text) => [...text].filter(isFairHere).join("").replaceAll("<0x", "").split(special).filter((part) => /[^ ]/.test(part)).join("");
};

const whole = () => (text) => text;
const tokenizers = {
  mistral: { file: path.join(scratch, "mistral/tokenizer.json"), rule: whole },
  deberta: { file: path.join(scratch, "deberta/tokenizer.json"), rule: debertaRule },
  gpt2: { file: path.join(data, "gpt2-tokenizer/gpt2-tokenizer.json"), rule: whole },
  neox: { file: path.join(data, "gptneox-tokenizer/20B_tokenizer.json"), rule: whole },
};

const write = (name, rows) => fs.writeFileSync(
  path.join(here, `${name}.jsonl.gz`), zlib.gzipSync(rows.map((row) => JSON.stringify(row) + "\n").join(""), { level: 9 }));

write("texts", all);
for (const [name, { file, rule }] of Object.entries(tokenizers)) {
  const json = JSON.parse(fs.readFileSync(file, "utf8"));
  const tokenizer = new Tokenizer(json, {});
  const decode = (ids, skip) => ids.length === 0 ? "" : tokenizer.decode(ids, { skip_special_tokens: skip, clean_up_tokenization_spaces: false });
  const own = all.map(rule(json));
  const rows = own.map((text, i) => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    const [decoded, plain] = [decode(ids, false), decode(ids, true)];
    const next = own[(i + 1) % own.length];   // an empty one the oracle takes for none
    const pairs = json.post_processor.type === "TemplateProcessing" && i % 10 === 0 && next !== "";
    return {
      text: text === all[i] ? undefined : text,
      ids,
      decoded: decoded === text ? undefined : decoded,
      plain: plain === decoded ? undefined : plain,
      pair: pairs ? tokenizer.encode(text, { text_pair: next }).ids : undefined,
    };
  });
  write(name, rows);
  console.log(name, new Set(own).size, "texts,", rows.flatMap((row) => row.ids).length, "tokens");
}
