import type { OptionCheck } from "../../adapter/index.ts";

/** The maximum of RFC 5321, minus the token's 26 characters. */
const LOCAL_MOST = 64 - 26;

export function checkAddresses(check: OptionCheck, address: string, desk: string): void {
  const [local = "", domain = "", ...more] = typeof address === "string" ? address.split("@") : [];
  // Next to a letter or digit, the start of the token would be ambiguous.
  const fits = /^(?:[^\s*]*[+._=-])?\*$/.test(local) && isDomain(domain) && more.length === 0;
  check(fits, "address", 'must be the site\'s own address with a * for the token, such as "support+*@example.org"');
  check(local.length - 1 <= LOCAL_MOST, "address", `must not have more than ${LOCAL_MOST} characters before the @`);
  check(isAddress(desk), "desk", "must be the desk's e-mail address");
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

function isDomain(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text);
}

function isAddress(text: unknown): boolean {
  if (typeof text !== "string") return false;
  const [, domain = ""] = /^[^\s@<>,;:"()[\]\\]+@(.+)$/.exec(text) ?? [];
  return isDomain(domain);
}
