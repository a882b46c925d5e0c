import { build, type InlineConfig, type Plugin } from "vite";

const entry = /src\/embed\/load-app\.ts$/;

/**
 * Puts the whole app into the script as the body of one function, in one scope: an engine parses that in passing and
 * evaluates it at the first open. A dynamic import would do the same with a wrapper around every module.
 */
export function lazyApp(config: InlineConfig): Plugin {
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
          rolldownOptions: { output: { codeSplitting: false } },
        },
      });
      const [app, ...others] = Array.isArray(built) && built[0] ? built[0].output : [];
      if (app?.type !== "chunk" || others.some(({ type }) => type === "chunk"))
        throw new Error("the app is not one chunk");
      const body = app.code.replace(/^export \{ startApp \};$/m, "return { startApp };");
      if (body === app.code || app.imports.length > 0)
        throw new Error("the app is not a module that exports startApp alone");
      // The function's head takes a line of its own, which the map does not know.
      const map = app.map && { ...app.map, mappings: `;${app.map.mappings}` };
      return { code: `export const loadApp = async () => {\n${body}\n};`, map };
    },
  };
}
