import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import * as entry from "../src/index.ts";
import { version } from "../src/version.ts";

test("the version in the code is the package's", () => {
  expect(version).toBe(packageJson.version);
});

test("the package has these entries and no others", () => {
  expect(Object.keys(packageJson.exports)).toEqual([
    ".",
    "./adapter",
    "./adapters/combine",
    "./adapters/mailbox",
    "./adapters/memory",
    "./adapters/redmine",
    "./adapters/request-tracker",
    "./adapters/rest",
    "./adapters/xmpp",
    "./adapters/znuny",
    "./core",
    "./element",
    "./gateway",
    "./react",
    "./server",
    "./testing",
    "./podpora.js",
    "./podpora.bundle.js",
    "./package.json",
  ]);
});

test("every entry of code is built from a file of its own, and brings its types", () => {
  const config = readFileSync(new URL("../vite.config.ts", import.meta.url), "utf8");
  for (const [name, target] of Object.entries(packageJson.exports)) {
    if (typeof target === "string") continue;
    const built = target.default.replace("./dist/lib/", "").replace(".js", "");
    const source = target.types.replace("./dist/types/", "").replace(".d.ts", ".ts");
    expect([name, config]).toEqual([name, expect.stringMatching(new RegExp(`"?${built}"?: "${source}"`))]);
  }
});

test("the command line is built from a file of its own, which Node can run", () => {
  expect(packageJson.bin).toEqual({ podpora: "./dist/lib/cli.js" });
  const config = readFileSync(new URL("../vite.config.ts", import.meta.url), "utf8");
  expect(config).toMatch(/cli: "src\/server\/cli\.ts"/);
  expect(readFileSync(new URL("../src/server/cli.ts", import.meta.url), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("the main entry gives these values and no others", () => {
  expect(Object.keys(entry).toSorted((left, right) => left.localeCompare(right))).toEqual([
    "AdapterError",
    "combine",
    "createPodpora",
    "isAdapterError",
    "OptionsError",
  ]);
});

test("every dependency is of one exact version", () => {
  const all = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(all.filter(([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range))).toEqual([]);
});

test("on a server, where there is no page, the widget is there and does nothing", async () => {
  expect(typeof document).toBe("undefined");
  const help = entry.createPodpora({ endpoint: "https://help.example.org/podpora" });
  const off = help.on("open", () => expect.unreachable("nothing opens on a server"));
  await help.open("chat");
  await help.identify({ getToken: async () => expect.unreachable("nobody is asked for a token") });
  await help.logout();
  expect(help.info().open).toBe(false);
  off();
  help.destroy();
  help.destroy();
});

test("options that can't work are refused in a page, and harmless on a server", () => {
  expect(() => entry.createPodpora({ endpoint: "no address" })).not.toThrow();
});
