import { parseAst, type Plugin } from "vite";
import { expressions, idle, methods, variables } from "./i18next-facts.ts";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/**
 * i18next without what this widget never reaches: the facts of i18next-facts.ts are written into its code, and the
 * minifier drops what follows from them.
 *
 * @throws when a fact is about code that is not there: a new version is to be looked at.
 */
export function prune(code: string): string {
  const unseen = new Set([
    ...Object.entries(methods).flatMap(([name, unused]) => unused.map((method) => `${name}.${method}`)),
    ...[...idle, ...Object.keys(variables), ...Object.keys(expressions)],
  ]);
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const textOf = (node: Node) => code.slice(node.start, node.end);

  function replace(node: Node, fact: string, text: string) {
    unseen.delete(fact);
    edits.push({ start: node.start, end: node.end, text });
  }

  function visit(node: Node, parent: Node | undefined, inside: string) {
    const fact = factOf(node, parent, inside, textOf);
    if (fact) return replace(fact.node, fact.name, fact.text);
    const within = node.type === "ClassDeclaration" ? nameOf(node["id"]) : inside;
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node, within);
  }

  visit(parseAst(code) as unknown as Node, undefined, "");
  if (unseen.size > 0) throw new Error(`not in this version of i18next: ${[...unseen].join("; ")}`);
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code);
}

interface Fact {
  readonly name: string;
  readonly node: Node;
  readonly text: string;
}

function factOf(node: Node, parent: Node | undefined, inside: string, textOf: (node: Node) => string): Fact | undefined {
  const name = nameOf(node["id"] ?? node["key"]);
  const { init, callee, left } = node;
  if (node.type === "MethodDefinition" && methods[inside]?.includes(name)) return { name: `${inside}.${name}`, node, text: "" };
  if (node.type === "VariableDeclarator" && isNode(init)) {
    const text = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (text !== undefined) return { name, node: init, text };
  }
  const target = node.type === "CallExpression" ? callee : node.type === "AssignmentExpression" ? left : undefined;
  if (isNode(target) && idle.includes(textOf(target))) return { name: textOf(target), node, text: "undefined" };
  if (parent?.type === "AssignmentExpression" && parent["left"] === node) return undefined;
  const known = textOf(node);
  const text = Object.hasOwn(expressions, known) ? expressions[known] : undefined;
  return text === undefined ? undefined : { name: known, node, text };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}

export const pruneI18next: Plugin = {
  name: "podpora:prune-i18next",
  transform: { filter: { id: /\/i18next\/dist\/esm\/i18next\.js$/ }, handler: (code) => ({ code: prune(code), map: null }) },
};
