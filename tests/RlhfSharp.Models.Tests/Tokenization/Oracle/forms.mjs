// Writes Unicode's normalisation forms and the lower case of generated texts, as ICU in Node has them, for UnicodeFormTests.cs. Run by hand, with a Node whose
// process.versions.unicode is 17.0:
//
//   node tests/RlhfSharp.Models.Tests/Tokenization/Oracle/forms.mjs
//
// A line of forms.jsonl.gz is [text, NFC, NFD, NFKC, NFKD, lower case]; null stands for the text itself.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

if (process.versions.unicode !== "17.0") throw new Error(`This Node has Unicode ${process.versions.unicode}.`);
let state = 7;
const random = () => {   // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const oneOf = (list) => list[Math.floor(random() * list.length)];

// Characters that do something, by what they do.
const kinds = { marks: [], canonical: [], compatible: [], capital: [], plain: [..."aeouAEOUCDLsxz1 .Ωωσ"] };
for (let point = 0; point < 0x110000; point++) {
  if (point >= 0xd800 && point < 0xe000) continue;
  const c = String.fromCodePoint(point);
  if (/\p{M}/u.test(c)) kinds.marks.push(c);
  if (c.normalize("NFD") !== c && (point < 0xac00 || point > 0xd7a3 || point % 97 === 0)) kinds.canonical.push(c);
  if (c.normalize("NFKD") !== c.normalize("NFD")) kinds.compatible.push(c);
  if (c.toLowerCase() !== c) kinds.capital.push(c);
}
kinds.jamo = Array.from({ length: 0x100 }, (_, i) => String.fromCodePoint(0x1100 + i)).concat([..."각가ﾡￂﾞﾟㄱㅏ"]);
const often = ["marks", "marks", "marks", "compatible", "compatible", "canonical", "capital", "plain", "plain", "jamo"];
const texts = new Set(["", "plain", "ﬁ\u0301", "ｶﾞ", "ﾊﾟ", "㍿", "İI", "ΣΑΣ", "\u1E9B\u0323", "\uFDFA"]);
for (const c of kinds.compatible) if (random() < 0.1) texts.add(c);
while (texts.size < 3000) texts.add(Array.from({ length: 1 + Math.floor(random() * 6) }, () => oneOf(kinds[oneOf(often)])).join(""));
const forms = (text) => ["NFC", "NFD", "NFKC", "NFKD"].map((form) => text.normalize(form)).concat([...text].map((c) => c.toLowerCase()).join(""));
const rows = [...texts].map((text) => [text, ...forms(text).map((form) => form === text ? null : form)]);
fs.writeFileSync(path.join(import.meta.dirname, "forms.jsonl.gz"), zlib.gzipSync(rows.map((row) => JSON.stringify(row) + "\n").join(""), { level: 9 }));
