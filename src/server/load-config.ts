import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "./config-error.ts";
import { checkedConfig } from "./config-schema.ts";
import type { Config } from "./config.ts";

const NAMES = ["podpora.config.ts", "podpora.config.mts", "podpora.config.js", "podpora.config.mjs"];

/**
 * Loads the config from the working directory, or the given file. Rejects with a ConfigError that describes the
 * problem.
 */
export async function loadConfig(path: string | undefined): Promise<Config> {
  const file = path === undefined ? NAMES.map((name) => resolve(name)).find((name) => existsSync(name)) : resolve(path);
  if (file === undefined) {
    throw new ConfigError(`there is no ${NAMES[0]} in ${process.cwd()}: write one, or name it with --config`);
  }
  if (!existsSync(file)) throw new ConfigError(`there is no file ${file}`);
  const module: unknown = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === "ConfigError") throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${file} cannot be read${placeOf(cause)}: ${reason}${hintFor(reason)}`, { cause });
  });
  const config: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined;
  if (typeof config !== "object" || config === null) {
    throw new ConfigError(`${file} has no default export made by defineConfig({ adapter, secret, … })`);
  }
  return checkedConfig(config);
}

/** The location of a syntax error: the first line of Node's stack. */
function placeOf(cause: unknown): string {
  const [, line] = /^\S+:(\d+)\n/.exec(cause instanceof SyntaxError ? (cause.stack ?? "") : "") ?? [];
  return line === undefined ? "" : ` (line ${line})`;
}

/** `npm init` creates packages in which files are not modules by default. */
function hintFor(reason: string): string {
  if (!/import statement outside a module|Unexpected token 'export'/.test(reason)) return "";
  return ': put "type": "module" into the package.json beside it, or call it podpora.config.mts';
}
