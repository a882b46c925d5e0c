import { parseAst, type Plugin } from "vite";

/** What is true of a library in this widget, by the text of its code. */
export interface Facts {
  /** Methods that nothing calls, by class. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  /** What is called, assigned to or gone through without effect. */
  readonly idle: readonly string[];
  /** Variables that have one value, and functions that do one thing. */
  readonly variables: Readonly<Record<string, string>>;
  /** Expressions that have one value. */
  readonly expressions: Readonly<Record<string, string>>;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

interface Edit {
  readonly node: Node;
  readonly fact: string;
  readonly text: string;
}

/** The code with the facts written into it: the minifier drops what follows from them. Takes the facts it used out of `unused`. */
function prune(code: string, facts: Facts, unused: Set<string>): string {
  const edits: Edit[] = [];

  function visit(node: Node, parent: Node | undefined, inside: string) {
    if (node.type === "ImportDeclaration" || node.type === "ExportSpecifier") return;
    const edit = editOf({ node, parent, inside, code, facts });
    if (edit) {
      unused.delete(edit.fact);
      edits.push(edit);
      return;
    }
    const within = node.type === "ClassDeclaration" ? nameOf(node["id"]) : inside;
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node, within);
  }

  const program: unknown = parseAst(code);
  if (isNode(program)) visit(program, undefined, "");
  return edits
    .toSorted((a, b) => b.node.start - a.node.start)
    .reduce((text, { node, text: instead }) => text.slice(0, node.start) + instead + text.slice(node.end), code);
}

interface Place {
  readonly node: Node;
  readonly parent: Node | undefined;
  /** The class that it stands in. */
  readonly inside: string;
  readonly code: string;
  readonly facts: Facts;
}

function editOf(place: Place): Edit | undefined {
  return methodEdit(place) ?? variableEdit(place) ?? idleEdit(place) ?? expressionEdit(place);
}

const textOf = (code: string, { start, end }: Node) => code.slice(start, end);

function methodEdit({ node, inside, code, facts }: Place): Edit | undefined {
  const name = nameOf(node["key"]);
  const { value } = node;
  if (node.type !== "MethodDefinition" || !facts.methods[inside]?.includes(name)) return undefined;
  const fact = `${inside}.${name}`;
  // A private one has to stay by name: code that is dropped only later still speaks of it.
  const isPrivate = textOf(code, node).includes(`#${name}(`);
  if (isPrivate && isNode(value) && isNode(value["body"])) return { node: value["body"], fact, text: "{}" };
  return { node, fact, text: "" };
}

function variableEdit({ node, facts }: Place): Edit | undefined {
  const name = nameOf(node["id"]);
  const { init } = node;
  if (node.type !== "VariableDeclarator" || !isNode(init) || !Object.hasOwn(facts.variables, name)) return undefined;
  return { node: init, fact: name, text: facts.variables[name] ?? "" };
}

const acting: Readonly<Record<string, string>> = {
  CallExpression: "callee",
  AssignmentExpression: "left",
  ForOfStatement: "right",
};

function idleEdit({ node, code, facts }: Place): Edit | undefined {
  const target = node[acting[node.type] ?? ""];
  const fact = isNode(target) ? textOf(code, target) : "";
  if (!facts.idle.includes(fact)) return undefined;
  return { node, fact, text: node.type === "ForOfStatement" ? ";" : "undefined" };
}

function expressionEdit({ node, parent, code, facts }: Place): Edit | undefined {
  const fact = textOf(code, node);
  const assigned = parent?.type === "AssignmentExpression" && parent["left"] === node;
  if (assigned || !Object.hasOwn(facts.expressions, fact)) return undefined;
  return { node, fact, text: facts.expressions[fact] ?? "" };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}

/** Fails the build over a fact about code that is not there: a new version of the library is to be looked at. */
export function prunePlugin(library: string, facts: Facts): Plugin {
  const unused = new Set([
    ...Object.entries(facts.methods).flatMap(([name, methods]) => methods.map((method) => `${name}.${method}`)),
    ...facts.idle,
    ...Object.keys(facts.variables),
    ...Object.keys(facts.expressions),
  ]);
  return {
    name: `podpora:prune-${library}`,
    transform: {
      filter: { id: new RegExp(`/node_modules/${library}/.*\\.js$`) },
      handler: (code) => ({ code: prune(code, facts, unused), map: null }),
    },
    buildEnd(error) {
      if (!error && unused.size > 0) throw new Error(`not in this version of ${library}: ${[...unused].join("; ")}`);
    },
  };
}
