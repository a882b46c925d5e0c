import { cpSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Plugin, UserConfig } from "vite";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { i18nextFacts } from "./scripts/facts-i18next.ts";
import { kyFacts } from "./scripts/facts-ky.ts";
import { licenses } from "./scripts/licenses.ts";
import { lazyApp } from "./scripts/lazy-app.ts";
import { prunePlugin } from "./scripts/prune.ts";
import packageJson from "./package.json" with { type: "json" };

const jsx = { oxc: { jsx: { runtime: "automatic", importSource: "preact" } } } as const;

/** The texts of the languages stand beside the bundle; those of the pictures are in pictures.js. */
const copyLocales: Plugin = {
  name: "podpora:locales",
  writeBundle: () =>
    cpSync("locales", "dist/locales", { recursive: true, filter: (path) => basename(path) !== "pictures" }),
};

// light-dark() stays as it is: what it would be lowered to does not follow the theme that the site sets.
const cssTarget = ["chrome123", "firefox124", "safari17.5"];

const scriptBuild = {
  target: "es2023",
  emptyOutDir: false,
  cssTarget,
  minify: "terser",
  sourcemap: process.env["SOURCEMAP"] ? "hidden" : false,
  terserOptions: {
    ecma: 2020,
    compress: { passes: 2, unsafe_arrows: true, keep_fargs: false },
    format: { preamble: "/*! podpora, MIT; podpora.licenses.txt */" },
  },
} satisfies BuildOptions;

/** What the script evaluates at the first open. Plain calls of `h` weigh less than the automatic runtime of JSX. */
const app: UserConfig = {
  plugins: [prunePlugin("i18next", i18nextFacts), prunePlugin("ky", kyFacts)],
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    jsxInject: 'import { Fragment, h } from "preact"',
  },
  resolve: {
    alias: [
      {
        find: /^\.\/load-pictures\.ts$/,
        replacement: fileURLToPath(new URL("src/embed/loading/load-pictures-beside.ts", import.meta.url)),
      },
      { find: /^valibot$/, replacement: fileURLToPath(new URL("scripts/small-valibot.ts", import.meta.url)) },
    ],
  },
  build: scriptBuild,
};

/** dist/podpora.js: one self-contained file. */
const script: ViteUserConfig = {
  plugins: [copyLocales, licenses, lazyApp(app)],
  resolve: {
    alias: [
      {
        find: /^\.\/loading\/load-texts\.ts$/,
        replacement: fileURLToPath(new URL("src/embed/loading/load-texts-beside.ts", import.meta.url)),
      },
    ],
  },
  build: {
    ...scriptBuild,
    lib: { entry: "src/embed/script.ts", formats: ["iife"], name: "podpora", fileName: () => "podpora.js" },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};

/** dist/pictures.js: the module beside the script that it fetches when a picture is first touched. */
const pictures: ViteUserConfig = {
  build: {
    ...scriptBuild,
    // As a library it would not be minified.
    modulePreload: false,
    rolldownOptions: {
      input: "src/pictures/index.ts",
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "pictures.js", codeSplitting: false },
    },
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
        "adapters/combine": "src/adapters/combine/index.ts",
        "adapters/mailbox": "src/adapters/mailbox/index.ts",
        "adapters/memory": "src/adapters/memory/index.ts",
        "adapters/redmine": "src/adapters/redmine/index.ts",
        "adapters/request-tracker": "src/adapters/request-tracker/index.ts",
        "adapters/rest": "src/adapters/rest/index.ts",
        "adapters/xmpp": "src/adapters/xmpp/index.ts",
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

const builds: Record<string, ViteUserConfig> = { script, pictures, library, agent };

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
      { extends: true, test: { name: "embed", environment: "happy-dom", include: ["test/embed/**/*.test.ts"] } },
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
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/browser/setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
};

export default defineConfig(({ mode }) => builds[mode] ?? tests);
