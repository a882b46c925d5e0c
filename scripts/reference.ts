/** `npm run reference`: writes docs/reference.md from the types of the widget's options, commands and events. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseSync, type TSInterfaceDeclaration } from "oxc-parser";

interface Entry {
  readonly name: string;
  /** As written in the source. */
  readonly type: string;
  readonly text: string;
  readonly byDefault: string;
}

/** The members of an exported interface, with their docblocks. */
function entriesOf(path: string, name: string): readonly Entry[] {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  const { program, comments } = parseSync(path, source);
  const found = program.body
    .map((statement) => (statement.type === "ExportNamedDeclaration" ? statement.declaration : undefined))
    .find((one): one is TSInterfaceDeclaration => one?.type === "TSInterfaceDeclaration" && one.id.name === name);
  if (!found) throw new Error(`${path} has no interface ${name}`);

  return found.body.body.map((member) => {
    if (member.type !== "TSPropertySignature" && member.type !== "TSMethodSignature") {
      throw new Error(`${name} has a member that is neither a property nor a method`);
    }
    const before = comments.filter(({ end }) => end <= member.start).at(-1);
    if (!before || source.slice(before.end, member.start).trim() !== "") {
      throw new Error(`a member of ${name} has no docblock: ${source.slice(member.start, member.end)}`);
    }
    const [text = "", byDefault = ""] = before.value
      .replaceAll(/\s*\n\s*\*\s?/g, " ")
      .replace(/^\*/, "")
      .split("@default")
      .map((part) => part.trim());
    const { key } = member;
    const [start, end] =
      member.type === "TSPropertySignature"
        ? [(member.typeAnnotation?.start ?? member.end) + 1, member.typeAnnotation?.end ?? member.end]
        : [key.end, member.end];
    return {
      name: key.type === "Literal" ? String(key.value) : source.slice(key.start, key.end),
      type: source.slice(start, end).trim().replace(/;$/, ""),
      text,
      byDefault,
    };
  });
}

const pipes = (text: string) => text.replaceAll("|", "\\|");
const cell = (text: string) => pipes(text).replaceAll("<", "&lt;");
const code = (text: string) => (text === "" ? "" : `\`${pipes(text)}\``);
const attributeOf = (option: string) =>
  `data-podpora-${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
/** An adapter object can't be written as an attribute. */
const isText = ({ type }: Entry) => !type.startsWith("Adapter") && type !== "Texts";

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** The whole page; a test compares it with docs/reference.md. */
export function reference(): string {
  const options = entriesOf("src/core/options.ts", "Options");
  const commands = entriesOf("src/loader/handle.ts", "Podpora");
  const events = entriesOf("src/core/events.ts", "PodporaEvents");
  return `# Reference

\`npm run reference\` writes this page from the types in \`src\`.

## Options

Set them on the script tag (\`data-podpora-theme="dark"\`), in \`Podpora("init", { theme: "dark" })\`, or in
\`createPodpora({ theme: "dark" })\`.

${table(
  ["option", "attribute", "type", "default", "meaning"],
  options.map((entry) => [
    code(entry.name),
    isText(entry) ? code(attributeOf(entry.name)) : "",
    code(entry.type),
    entry.byDefault.includes(" ") ? cell(entry.byDefault) : code(entry.byDefault),
    cell(entry.text),
  ]),
)}

## Commands

\`Podpora("open", "chat")\` on a page with the script tag, \`help.open("chat")\` on the handle of \`createPodpora()\`. On a page
there is one more: \`Podpora("init", options)\` starts the widget with options that the tag does not have.

${table(
  ["command", "meaning"],
  commands.map(({ name, type, text }) => [code(`${name}${type.replace(/^<[^(]*>/, "")}`), cell(text)]),
)}

## Events

\`Podpora("on", "unread", ({ data }) => …)\`, or \`window.addEventListener("podpora:unread", ({ detail }) => …)\`. Every event has an
\`id\`, a \`type\`, a time \`at\` (ISO 8601) and \`data\`.

${table(
  ["event", "data", "when"],
  events.map(({ name, type, text }) => [
    code(name),
    type === "NoData" ? "" : code(type.replaceAll("readonly ", "")),
    cell(text),
  ]),
)}
`;
}

if (import.meta.main) writeFileSync(new URL("../docs/reference.md", import.meta.url), reference());
