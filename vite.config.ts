import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { BuildOptions, Manifest, Plugin } from "vite";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { licenses } from "./scripts/licenses.ts";
import packageJson from "./package.json" with { type: "json" };

const jsx = { oxc: { jsx: { runtime: "automatic", importSource: "preact" } } } as const;

// light-dark() stays as it is: what it would be lowered to does not follow the theme that the site sets.
const cssTarget = ["chrome123", "firefox124", "safari17.5"];

const inBrowser = {
  target: "es2023",
  emptyOutDir: false,
  cssTarget,
  minify: "terser",
  modulePreload: false,
  rolldownOptions: { checks: { pluginTimings: false } },
  sourcemap: process.env["SOURCEMAP"] ? "hidden" : false,
  terserOptions: {
    ecma: 2020,
    compress: { passes: 2, unsafe_arrows: true, keep_fargs: false },
    format: { preamble: "/*! podpora, MIT; podpora.licenses.txt */" },
  },
} satisfies BuildOptions;

const hashedName = "[name]-[hash:8].js";

/** Those of earlier builds are nobody's any more. */
const removeEarlier: Plugin = {
  name: "podpora:remove-earlier",
  buildStart() {
    if (!existsSync("dist")) return;
    for (const name of readdirSync("dist")) if (/-[0-9a-f]{8}\.js(?:\.map)?$/.test(name)) rmSync(`dist/${name}`);
  },
};

/** dist/<name>-<hash>.js: what podpora.js fetches when it is needed. */
const app: ViteUserConfig = {
  ...jsx,
  base: "./",
  plugins: [removeEarlier, licenses],
  build: {
    ...inBrowser,
    manifest: "files.json",
    rolldownOptions: {
      ...inBrowser.rolldownOptions,
      input: { app: "src/embed/main.ts" },
      preserveEntrySignatures: "allow-extension",
      output: { format: "es", entryFileNames: hashedName, chunkFileNames: hashedName, hashCharacters: "hex" },
    },
  },
};

/**
 * dist/diagnosis-<hash>.js: shares no file with the app, because it has to work when the app can't be loaded. Built after the
 * app, which removes the files of earlier builds.
 */
const diagnosis: ViteUserConfig = {
  ...app,
  plugins: [],
  build: {
    ...app.build,
    manifest: "diagnosis.json",
    rolldownOptions: { ...app.build?.rolldownOptions, input: { diagnosis: "src/embed/diagnosis/main.ts" } },
  },
};

/** What the builds have called their files. */
function files() {
  const read = (name: string): Manifest => JSON.parse(readFileSync(`dist/${name}`, "utf8"));
  const manifest = read("files.json");
  const texts = Object.entries(manifest).flatMap(([source, { file }]) => {
    const [, language] = /^locales\/([\w-]+)\.json$/.exec(source) ?? [];
    return language === undefined ? [] : [[language, file]];
  });
  const entry = manifest["src/embed/main.ts"]?.file;
  // A part that another one imports is named otherwise, and would not be fetched ahead.
  const examining = read("diagnosis.json")["src/embed/diagnosis/main.ts"]?.file;
  if (!entry || !examining || texts.length < readdirSync("locales").length)
    throw new Error("a manifest misses the app, the diagnosis or a language");
  return { app: entry, diagnosis: examining, texts: Object.fromEntries(texts) };
}

/** dist/podpora.js, the loader: the launcher, and the way to the rest. Built after the app, whose files it names. */
const script = (): ViteUserConfig => ({
  define: { FILES: JSON.stringify(files()) },
  build: {
    ...inBrowser,
    lib: { entry: "src/loader/script.ts", formats: ["iife"], name: "podpora", fileName: () => "podpora.js" },
  },
});

/** dist/podpora.bundle.js: the same source in one file. */
const bundle: ViteUserConfig = {
  ...jsx,
  // A single file has no other one to ask for.
  define: { "import.meta.url": "undefined" },
  build: {
    ...inBrowser,
    lib: { entry: "src/embed/bundle.ts", formats: ["iife"], name: "podpora", fileName: () => "podpora.bundle.js" },
    rolldownOptions: { ...inBrowser.rolldownOptions, output: { codeSplitting: false } },
  },
};

/** The npm package: dependencies stay imports, so that a site's bundler has each of them once. */
const library: ViteUserConfig = {
  ...jsx,
  build: {
    target: "es2023",
    cssTarget,
    outDir: "dist/lib",
    minify: false,
    lib: {
      entry: {
        index: "src/index.ts",
        element: "src/element.ts",
        react: "src/react.ts",
        core: "src/core/index.ts",
        adapter: "src/adapter/index.ts",
        "adapters/combine": "src/adapters/combine/index.ts",
        "adapters/mailbox": "src/adapters/mailbox/index.ts",
        "adapters/memory": "src/adapters/memory/index.ts",
        "adapters/redmine": "src/adapters/redmine/index.ts",
        "adapters/request-tracker": "src/adapters/request-tracker/index.ts",
        "adapters/rest": "src/adapters/rest/index.ts",
        "adapters/xmpp": "src/adapters/xmpp/index.ts",
        "adapters/znuny": "src/adapters/znuny/index.ts",
        gateway: "src/gateway/index.ts",
        server: "src/server/index.ts",
        cli: "src/server/cli.ts",
        testing: "src/testing/index.ts",
      },
      formats: ["es"],
    },
    rolldownOptions: {
      external: [
        /^node:/,
        "vitest",
        "react",
        ...Object.keys(packageJson.dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
      ],
    },
  },
};

/** The agent's page of the demo desk. */
const agent: ViteUserConfig = {
  ...jsx,
  root: "demo/agent",
  base: "/agent/",
  build: {
    target: "es2023",
    cssTarget,
    outDir: "../../.demo/agent",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
};

const builds: Record<string, ViteUserConfig | (() => ViteUserConfig)> = {
  app,
  diagnosis,
  script,
  bundle,
  library,
  agent,
};

const tests: ViteUserConfig = {
  ...jsx,
  test: {
    // Of two cores Vitest would use one.
    maxWorkers: 2,
    // A busy machine is slow; what never comes fails all the same.
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/*.test.ts", "test/{core,protocol,i18n,pictures,simulator}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "ui",
          environment: "happy-dom",
          include: ["test/ui/**/*.test.tsx"],
          setupFiles: "test/support/patience.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "ui over a gateway",
          environment: "happy-dom",
          include: ["test/ui/**/*.test.tsx"],
          // They open no widget, or have a double of the gateway's.
          exclude: ["test/ui/{account,rich-text,time}.test.tsx"],
          env: { BACKEND: "gateway" },
          setupFiles: "test/support/patience.ts",
        },
      },
      {
        extends: true,
        test: { name: "embed", environment: "happy-dom", include: ["test/{embed,loader}/**/*.test.ts"] },
      },
      {
        extends: true,
        test: { name: "server", include: ["test/{adapters,demo,fuzz,gateway,server}/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "desks",
          include: ["test/desks/**/*.test.ts"],
          globalSetup: "test/desks/setup.ts",
          // Real servers, some of them slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/{browser,webkit}/**/*.test.ts"],
          globalSetup: "test/browser/setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
};

export default defineConfig(({ mode }) => {
  const build = builds[mode] ?? tests;
  return typeof build === "function" ? build() : build;
});
