/**
 * docs/api-surface.txt: every name that the package's entries give, with its type, and the types that these are made of. It
 * is checked in, so that a change of a public name is a diff. `npm run api` writes it; a test holds it against the sources.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import packageJson from "../package.json" with { type: "json" };

const root = fileURLToPath(new URL("../", import.meta.url));
export const surfaceFile = join(root, "docs/api-surface.txt");

interface Module {
  /** By their local names: the declaration without its comments. */
  readonly declarations: ReadonlyMap<string, string>;
  /** What a local name stands for in another module; `*` is all of it. */
  readonly imports: ReadonlyMap<string, Reference>;
  /** What other modules may take, by the name that they take it by. */
  readonly exports: ReadonlyMap<string, Reference>;
  /** Modules all of whose exports are this one's too. */
  readonly stars: readonly string[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Reference {
  readonly file: string;
  readonly name: string;
}

/** The whole surface, as text. Takes a few seconds: TypeScript writes the types of all sources. */
export function apiSurface(): string {
  const folder = mkdtempSync(join(tmpdir(), "podpora-types-"));
  try {
    const tsc = join(root, "node_modules/.bin/tsc");
    execFileSync(tsc, ["-p", join(root, "tsconfig.build.json"), "--outDir", folder], { stdio: "inherit" });
    return surfaceOf(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function surfaceOf(folder: string): string {
  const modules = new Map<string, Module>();
  const moduleAt = (file: string): Module => {
    const known = modules.get(file);
    if (known) return known;
    const read = readModule(file);
    modules.set(file, read);
    return read;
  };

  /** The declaration that a module's export is. Undefined for what another package gives. */
  function resolve(file: string, name: string): Reference | undefined {
    if (!file.startsWith(folder)) return undefined;
    const { declarations, exports, imports, stars } = moduleAt(file);
    const exported = exports.get(name) ?? imports.get(name);
    if (exported && (exported.file !== file || exported.name !== name)) return resolve(exported.file, exported.name);
    if (declarations.has(name)) return { file, name };
    for (const star of stars) {
      const found = resolve(star, name);
      if (found) return found;
    }
    return undefined;
  }

  function namesOf(file: string): readonly string[] {
    if (!file.startsWith(folder)) return [];
    const { exports, stars } = moduleAt(file);
    return [...new Set([...exports.keys(), ...stars.flatMap(namesOf)])].toSorted();
  }

  const used = new Map<string, Reference>();
  function use(reference: Reference): void {
    const key = `${reference.file}#${reference.name}`;
    if (used.has(key)) return;
    used.set(key, reference);
    const text = moduleAt(reference.file).declarations.get(reference.name) ?? "";
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) {
      const found = resolve(reference.file, word);
      if (found) use(found);
    }
  }

  const entries = Object.entries(packageJson.exports).flatMap(([name, target]) => {
    if (typeof target === "string") return [];
    const file = join(folder, target.types.replace("./dist/types/", ""));
    const names = namesOf(file);
    for (const each of names) {
      const found = resolve(file, each);
      if (found) use(found);
    }
    return [`// ${join("podpora", name)}: ${names.join(", ")}`];
  });
  const files = [...new Set(Array.from(used.values(), ({ file }) => file))].toSorted();
  const sections = files.map((file) => {
    const own = [...used.values()].filter((each) => each.file === file).map(({ name }) => name);
    const texts = own.toSorted().map((name) => moduleAt(file).declarations.get(name) ?? "");
    return [`// ---- ${relative(folder, file).replace(".d.ts", "")}`, ...texts].join("\n");
  });
  return `${[entries.join("\n"), ...sections].join("\n\n")}\n`;
}

function readModule(file: string): Module {
  const source = readFileSync(file, "utf8");
  const { program } = parseSync(file, source);
  const declarations = new Map<string, string>();
  const imports = new Map<string, Reference>();
  const exports = new Map<string, Reference>();
  const stars: string[] = [];
  const at = (specifier: string): string => {
    if (!specifier.startsWith(".")) return specifier;
    const path = join(dirname(file), specifier.replace(/\.[jt]sx?$/, ".d.ts"));
    return existsSync(path) ? path : specifier;
  };
  const textAt = ({ start, end }: Span): string => source.slice(start, end);
  const declareAll = (declared: unknown, whole: Span): readonly string[] => {
    const text = withoutComments(textAt(whole)).replace(/^export (?:default )?/, "");
    const names = namesDeclared(declared);
    // A function with several signatures is declared several times.
    for (const name of names) declarations.set(name, [declarations.get(name) ?? [], text].flat().join("\n"));
    return names;
  };

  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      for (const each of node.specifiers) {
        const name = each.type === "ImportSpecifier" && "name" in each.imported ? each.imported.name : "*";
        imports.set(each.local.name, { file: at(node.source.value), name });
      }
    } else if (node.type === "ExportAllDeclaration") stars.push(at(node.source.value));
    else if (node.type !== "ExportNamedDeclaration") declareAll(node, node);
    else if (node.declaration !== null) {
      for (const name of declareAll(node.declaration, node)) exports.set(name, { file, name });
    } else {
      const from = node.source ? at(node.source.value) : file;
      for (const { exported, local } of node.specifiers) {
        exports.set(textAt(exported), { file: from, name: textAt(local) });
      }
    }
  }
  return { declarations, imports, exports, stars };
}

function namesDeclared(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  if ("declarations" in node && Array.isArray(node.declarations)) {
    return node.declarations.flatMap((each: unknown) => nameIn(property(each, "id")));
  }
  return nameIn(property(node, "id"));
}

function nameIn(id: unknown): readonly string[] {
  const name = property(id, "name");
  return typeof name === "string" ? [name] : [];
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{2,}/g, "\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(surfaceFile, apiSurface());
