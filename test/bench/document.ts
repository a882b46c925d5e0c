import { readFileSync, writeFileSync } from "node:fs";

/** Puts what a command has measured into a document, between the two comments that name the command. */
export function writeInto(path: string, command: string, text: string): void {
  const url = new URL(`../../${path}`, import.meta.url);
  const document = readFileSync(url, "utf8");
  const [begin, end] = [`<!-- ${command} -->`, `<!-- /${command} -->`];
  const [before = "", rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${path} has no place for ${command}`);
  writeFileSync(url, `${before}${begin}\n${text}\n${end}${after}`);
}
