import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, type InlineConfig, type Plugin, type Rolldown } from "vite";
import { minify } from "terser";

/** A file beside the script, given what it needs of the app. */
const loadBeside = "const __beside = async (name, app) => (await __importSibling(`${base}/${name}`)).default(app);";
/** Tries again by another address, which a browser would not do by itself. */
const importBeside = 'import { importSibling as __importSibling } from "./import-sibling.ts";';

const hash = /-[0-9a-f]{8}(?=\.js$)/;
const entry = /src\/embed\/loading\/load-app\.ts$/;

/**
 * Puts the whole app into the script as the body of one function, in one scope: an engine parses that in passing and
 * evaluates it at the first open. A dynamic import would do the same with a wrapper around every module.
 *
 * What the app itself imports when it is first needed becomes a file beside the script. It is not a module that imports
 * from the app, which is none, but a function that is given what it needs of it: one Preact, one context, one set of parts.
 * Its name changes with its bytes, so that it is never another build's.
 */
export function lazyApp(config: InlineConfig): Plugin {
  const beside = new Map<string, string>();
  return {
    name: "podpora:lazy-app",
    async load(id) {
      if (!entry.test(id)) return null;
      const built = await build({
        ...config,
        configFile: false,
        logLevel: "warn",
        build: {
          ...config.build,
          write: false,
          minify: false,
          cssMinify: true,
          sourcemap: "hidden",
          lib: { entry: id.replace(entry, "src/embed/app.tsx"), formats: ["es"], fileName: "app" },
          rolldownOptions: {
            preserveEntrySignatures: "allow-extension",
            output: { chunkFileNames: "[name].js", minifyInternalExports: false },
          },
        },
      });
      const output = Array.isArray(built) && built[0] ? built[0].output : [];
      const [app, ...chunks] = output.flatMap((each) => (each.type === "chunk" ? [each] : []));
      if (!app || app.imports.length > 0) throw new Error("the app is not one chunk");

      let code = app.code;
      for (const chunk of chunks) {
        const text = await besideOf(chunk, app.fileName);
        const name = chunk.fileName.replace(
          /\.js$/,
          `-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.js`,
        );
        beside.set(name, text);
        code = replaceOnce(code, `import("./${chunk.fileName}")`, `__beside(${JSON.stringify(name)}, __shared)`);
      }
      code = replaceOnce(code, /^export \{ (.*) \};$/m, (_line, names: string) => endOf(names));
      // The function's head takes lines of its own, which the map does not know; its sources are relative to where it would be.
      const head = `${importBeside}\nexport const loadApp = async (base) => {\n${loadBeside}\n`;
      const sources = app.map?.sources.map((source) => resolve("dist", source)) ?? [];
      const offset = ";".repeat(head.split("\n").length - 1);
      const map = app.map && { ...app.map, sources, mappings: `${offset}${app.map.mappings}` };
      return { code: `${head}${code}\n};`, map };
    },
    generateBundle() {
      for (const [fileName, source] of beside) this.emitFile({ type: "asset", fileName, source });
    },
    /** Those of earlier builds are nobody's any more. */
    writeBundle({ dir = "dist" }) {
      const parts = new Set([...beside.keys()].map((name) => name.replace(hash, "")));
      for (const name of readdirSync(dir)) {
        if (hash.test(name) && parts.has(name.replace(hash, "")) && !beside.has(name)) rmSync(join(dir, name));
      }
    },
  };
}

/** `export { startApp, Notice, useT as t }` → what the files beside are given, and what the script gets. */
function endOf(names: string): string {
  const shared = names.split(", ").map((each) => {
    const [local, exported = local] = each.split(" as ");
    return `${exported}: ${local}`;
  });
  return `var __shared = { ${shared.join(", ")} };\nreturn __shared;`;
}

/** A chunk that imports from the app → a function that is given that. */
async function besideOf(chunk: Rolldown.OutputChunk, app: string): Promise<string> {
  if (chunk.imports.some((name) => name !== app)) throw new Error(`${chunk.fileName} imports more than the app`);
  const given = replaceOnce(
    chunk.code,
    new RegExp(`^import \\{ (.*) \\} from "\\./${app}";$`, "m"),
    (_line, names: string) => {
      return `const { ${names.replaceAll(" as ", ": ")} } = __shared;`;
    },
  );
  const body = replaceOnce(given, /^export \{ (.*) \};$/m, (_line, names: string) =>
    endOf(names).replaceAll("__shared", "__own"),
  );
  const { code } = await minify(`export default (__shared) => {\n${body}\n};`, {
    module: true,
    ecma: 2020,
    compress: { passes: 2, unsafe_arrows: true, keep_fargs: false },
  });
  if (!code) throw new Error(`${chunk.fileName} is empty`);
  return code;
}

function replaceOnce(code: string, what: string | RegExp, by: string | ((...parts: string[]) => string)): string {
  const result = typeof by === "string" ? code.replace(what, () => by) : code.replace(what, by);
  if (result === code) throw new Error(`the app's code has no ${String(what)}`);
  return result;
}
