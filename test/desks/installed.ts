import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
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
  | "nginx"
  | "znuny"
  | "wordpress";

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

/** Whether the desk accepts connections. */
export async function isRunning(desk: DeskName): Promise<boolean> {
  const port = Number(installed(desk)?.["PORT"]);
  if (!Number.isInteger(port)) return false;
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (up: boolean): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.setTimeout(2000, () => end(false));
  });
}
