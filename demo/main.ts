/**
 * `npm run demo`: builds what is missing or outdated, serves everything on one port, and prints the addresses and
 * accounts.
 */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { buildWidget } from "../scripts/build-widget.ts";
import { startDemo } from "./server.ts";

const { values } = parseArgs({
  options: {
    reset: { type: "boolean", default: false },
    port: { type: "string", default: "4180" },
  },
});
const directory = ".demo/data";

/** The time of the newest change in a folder, for comparison with the build. */
function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

const targets = [
  { run: buildWidget, file: "dist/podpora.js", from: ["src", "locales"] },
  {
    run: async () => await build({ mode: "agent", logLevel: "warn" }),
    file: ".demo/agent/index.html",
    from: ["demo/agent"],
  },
];
const stale = targets.filter(({ file, from }) => {
  const built = existsSync(file) ? statSync(file).mtimeMs : 0;
  return from.some((folder) => newest(folder) > built);
});
await Promise.all(stale.map(({ run }) => run()));
if (values.reset) rmSync(directory, { recursive: true, force: true });

const demo = await startDemo({ directory, port: Number(values.port), pinned: true }).catch(
  (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    console.error(`Port ${values.port} is taken. Start with another one: npm run demo -- --port 4181`);
    process.exit(1);
  },
);

console.log(`
  Podpora demo

  Member's page   ${demo.origin}/            (English: ${demo.origin}/en.html)
  Playground      ${demo.origin}/playground.html
  Agent's page    ${demo.origin}/agent/
  Gateway         ${demo.origin}/podpora/openapi.json

  Accounts        user name / password
  Silver member   ana / ana-demo              speaks Slovenian
  Bronze member   boris / boris-demo          below Silver: technical issues are closed
  Gold member     carla / carla-demo          speaks English
  Guest           no account                  live chat only
  Agent           nina / nina-demo            chat is open while an agent's page is
  Agent           oto / oto-demo

  Data is kept in ${directory}; "npm run demo -- --reset" empties it. Stop with Ctrl+C.
`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void demo.close().then(() => process.exit(0)));
}
