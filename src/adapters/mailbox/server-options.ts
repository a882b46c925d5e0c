import { checkNames, type OptionCheck } from "../../adapter/index.ts";

/** A mail server, and the gateway's account there. */
export interface MailServer {
  readonly host: string;
  /** @default 993 for IMAP, 465 for SMTP */
  readonly port?: number;
  readonly user: string;
  /** A password, or an application password if the server requires a second factor. */
  readonly password: string;
  /**
   * `tls` from the first byte, or `starttls`, without which nothing is sent. `none` is only for a server on this
   * machine.
   * @default "tls" on the ports 993 and 465, elsewhere "starttls"
   */
  readonly security?: "tls" | "starttls" | "none";
}

export type Server = Required<MailServer>;

const names: Readonly<Record<keyof MailServer, true>> = {
  host: true,
  port: true,
  user: true,
  password: true,
  security: true,
};
const ports = { imap: 993, smtp: 465 } as const;
const kinds: readonly unknown[] = ["tls", "starttls", "none"];

export function checkServer(check: OptionCheck, option: "imap" | "smtp", given: MailServer): Server {
  check(typeof given === "object" && given !== null, option, "must have host, user and password");
  checkNames(check, given, names, `${option}.`);
  const { host, port = ports[option], user, password } = given;
  const security = given.security ?? (port === ports[option] ? "tls" : "starttls");
  check(typeof host === "string" && /^[\w.:-]+$/.test(host), `${option}.host`, "must be the server's name");
  check(Number.isInteger(port) && port > 0 && port < 65_536, `${option}.port`, "must be a port");
  for (const name of ["user", "password"] as const) {
    const value = given[name];
    check(typeof value === "string" && value !== "", `${option}.${name}`, "is required");
  }
  check(kinds.includes(security), `${option}.security`, 'must be "tls", "starttls" or "none"');
  const isHere = /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);
  const alone = 'must not be "none", except for a server on this machine: the password would be readable in transit';
  check(security !== "none" || isHere, `${option}.security`, alone);
  return { host, port, user, password, security };
}
