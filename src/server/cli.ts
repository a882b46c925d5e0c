#!/usr/bin/env node
/* oxlint-disable no-console -- a command line speaks by it */
import { parseArgs } from "node:util";
import { check } from "./check.ts";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";
import { createLog } from "./log.ts";
import { serve } from "./serve.ts";
import { untilUncaught } from "./uncaught.ts";
import { version } from "../version.ts";

const usage = `Usage: podpora serve [--config FILE] [--env-file FILE]   starts the gateway
       podpora check [--config FILE] [--env-file FILE]   says whether the desk can be worked with, and what to change
       podpora --version`;

async function run(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: "string" },
      "env-file": { type: "string" },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  const [command] = positionals;
  if (values.help || values.version) {
    console.log(values.help ? usage : version);
    return 0;
  }
  if (positionals.length !== 1 || (command !== "serve" && command !== "check")) {
    if (command !== undefined) console.error(`podpora: "${positionals.join(" ")}" is not a command`);
    console.error(usage);
    return 2;
  }
  if (!process.features.typescript) {
    throw new ConfigError(`Node 22.18 or later is needed; this is ${process.versions.node}`);
  }
  loadEnvironment(values["env-file"]);
  const config = await loadConfig(values.config);
  if (command === "check") return (await check(config, (line) => console.log(line))) ? 0 : 1;
  const log = createLog();
  const running = await serve(config, log);
  const uncaught = untilUncaught(log).then(() => 1);
  const signal = new Promise<number>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(0));
  });
  const code = await Promise.race([signal, uncaught]);
  // Who asks a second time does not want to wait.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, running.hurry);
  await running.stop();
  return code;
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const plain =
      error instanceof ConfigError || error instanceof TypeError || isArgumentFault(error) || isTaken(error);
    const hint = isTaken(error) ? ": change the option port or management.port, or stop what listens there" : "";
    console.error(plain && error instanceof Error ? `podpora: ${error.message}${hint}` : error);
    process.exit(plain ? 2 : 1);
  },
);

function loadEnvironment(file: string | undefined): void {
  if (file === undefined) return;
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw new ConfigError(`the file ${file} of --env-file cannot be read`, { cause });
  }
}

function isArgumentFault(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
