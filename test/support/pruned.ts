import { fileURLToPath } from "node:url";
import { build } from "vite";
import { type Facts, prunePlugin } from "../../scripts/prune.ts";

/** The library's own module with the facts in it, as it comes into the script. */
export async function pruned<Module extends object>(library: string, facts: Facts): Promise<Module> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [prunePlugin(library, facts)],
    build: {
      write: false,
      minify: "terser",
      lib: { entry: fileURLToPath(import.meta.resolve(library)), formats: ["es"], fileName: "module" },
    },
  });
  const chunk = Array.isArray(built) ? built[0]?.output[0] : undefined;
  if (!chunk) throw new Error(`${library} was not built`);
  const module: Module = await import(`data:text/javascript,${encodeURIComponent(chunk.code)}`);
  return module;
}
