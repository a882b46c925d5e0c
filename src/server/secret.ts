import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config-error.ts";

/**
 * Reads a secret from the service manager, so that the config file need not contain it. `secret("RT_TOKEN")` takes the
 * first of: the environment variable `RT_TOKEN`; the file named by `RT_TOKEN_FILE` (Docker and Kubernetes secrets); the
 * file `RT_TOKEN` in `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential`). Surrounding white space is removed.
 *
 * @throws ConfigError with instructions if none is set, or if the first two are both set
 */
export function secret(name: string): string {
  const value = process.env[name]?.trim() ?? "";
  const file = process.env[`${name}_FILE`]?.trim() ?? "";
  const credentials = process.env["CREDENTIALS_DIRECTORY"] ?? "";
  const credential = credentials === "" ? "" : join(credentials, name);
  if (value !== "" && file !== "") {
    throw new ConfigError(`the environment has both ${name} and ${name}_FILE: set one of them`);
  }
  if (value !== "") return value;
  if (file !== "") return readSecret(file, `${name}_FILE`);
  if (credential !== "" && existsSync(credential)) return readSecret(credential, "LoadCredential");
  throw new ConfigError(
    `the environment has no ${name}: start it with ${name}=…, with ${name}_FILE=… (a file that holds it), or with Node's --env-file`,
  );
}

function readSecret(path: string, by: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
    throw new ConfigError(`the file ${path} of ${by} cannot be read (${String(code)}): change its path or its rights`, {
      cause,
    });
  }
  if (text === "") throw new ConfigError(`the file ${path} of ${by} is empty: write the secret into it`);
  return text;
}
