#!/usr/bin/env node
/* oxlint-disable no-console -- a command-line program */
import { check } from "./check.ts";
import { readCommandLine, usage } from "./command-line.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { forget } from "./forget.ts";
import { loadConfig } from "./load-config.ts";
import { createLog } from "./log.ts";
import { serve } from "./serve.ts";
import { untilUncaught } from "./uncaught.ts";
import { version } from "../version.ts";

async function run(): Promise<number> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.command === "help" || asked.command === "version") {
    console.log(asked.command === "help" ? usage : version);
    return 0;
  }
  if (asked.command === "wrong") {
    if (asked.text !== "") console.error(`podpora: "${asked.text}" is not a command`);
    console.error(usage);
    return 2;
  }
  if (!process.features.typescript) {
    throw new ConfigError(`Node 22.18 or later is needed; this is ${process.versions.node}`);
  }
  loadEnvironment(asked.envFile);
  const config = await loadConfig(asked.config);
  const print = (line: string): void => console.log(line);
  if (asked.command === "forget") return (await forget(config, asked, print)) ? 0 : 1;
  if (asked.command === "check") return (await check(config, print)) ? 0 : 1;
  return await serveUntilStopped(config);
}

async function serveUntilStopped(config: Config): Promise<number> {
  const log = createLog();
  const running = await serve(config, log);
  const uncaught = untilUncaught(log).then(() => 1);
  const signal = new Promise<number>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(0));
  });
  const code = await Promise.race([signal, uncaught]);
  // A second signal skips the drain.
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
