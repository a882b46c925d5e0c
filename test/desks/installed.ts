import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the scripts of this folder install, each writing `<name>.env` when it is ready. */
export type DeskName =
  | "request-tracker"
  | "redmine"
  | "prosody"
  | "ejabberd"
  | "ejabberd-cluster"
  | "mailbox"
  | "redis"
  | "nginx";

/** As in the scripts. */
const state = process.env["PODPORA_DESKS"] ?? "/var/lib/podpora-desks";

/** What the desk's script wrote: addresses, tokens, ids. Undefined where it is not installed. */
export function installed(desk: DeskName): Readonly<Record<string, string>> | undefined {
  const file = join(state, `${desk}.env`);
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
