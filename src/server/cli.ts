#!/usr/bin/env node
/* oxlint-disable no-console -- a command line speaks by it */
import { parseArgs } from "node:util";
import { check } from "./check.ts";
import { ConfigError } from "./config.ts";
import { loadConfig } from "./load-config.ts";
import { serve } from "./serve.ts";

const usage = `Usage: podpora serve [--config FILE]   starts the gateway
       podpora check [--config FILE]   says whether the desk can be worked with, and what to change`;

async function run(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { config: { type: "string" }, help: { type: "boolean", default: false } },
  });
  const [command] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1 || (command !== "serve" && command !== "check")) {
    console.error(usage);
    return 2;
  }
  const config = await loadConfig(values.config);
  if (command === "check") return (await check(config, (line) => console.log(line))) ? 0 : 1;
  const running = await serve(config);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await running.stop();
  return 0;
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const plain =
      error instanceof ConfigError || error instanceof TypeError || isArgumentFault(error) || isTaken(error);
    console.error(plain && error instanceof Error ? `podpora: ${error.message}` : error);
    process.exit(plain ? 2 : 1);
  },
);

function isArgumentFault(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
