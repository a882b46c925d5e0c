import libmime from "libmime";
import type { Finding } from "../../core/contract/adapter.ts";
import { attempt, good, risk } from "../../adapter/index.ts";

/** From the DNS: the TXT records of a name, each in chunks. */
export type Resolve = (name: string) => Promise<string[][]>;

/**
 * The DNS records that the desk's server checks before it accepts the site's mails. `headers` are those of a mail that
 * arrived.
 */
export async function* checkDomain(
  domain: string,
  headers: string,
  resolve: Resolve,
  signal: AbortSignal,
): AsyncIterable<Finding> {
  const [spf, dmarc] = [await records(domain, "v=spf1"), await records(`_dmarc.${domain}`, "v=DMARC1")];
  if (spf === undefined || dmarc === undefined) {
    yield risk(`The DNS did not answer for ${domain}`, "Check there whether SPF, DKIM and DMARC are set.");
    return;
  }
  yield spf.length === 1
    ? good(`${domain} has an SPF record`)
    : risk(`${domain} has ${spf.length} SPF records`, "Have one, which names the server that sends.");
  yield dmarc.length === 1
    ? good(`${domain} has a DMARC record`)
    : risk(`${domain} has ${dmarc.length} DMARC records`, `Have one at _dmarc.${domain}.`);

  const [signature] = libmime.decodeHeaders(headers)["dkim-signature"] ?? [];
  const of = (tag: string) => new RegExp(String.raw`(?:^|;)\s*${tag}\s*=\s*([\w.-]+)`).exec(signature ?? "")?.[1];
  const [selector, signer] = [of("s"), of("d")];
  if (selector === undefined || signer === undefined) {
    // A server may sign outgoing mail, but not mail to itself.
    yield risk("The mail that arrived has no DKIM signature", "Check whether a mail that arrived at the desk has one.");
    return;
  }
  const name = `${selector}._domainkey.${signer}`;
  const keys = await records(name, "");
  yield keys !== undefined && keys.some((key) => /\bp=[\w+/=]/.test(key))
    ? good(`Mails are signed (DKIM) by ${signer}`)
    : risk(`Mails are signed (DKIM), and ${name} has no key`, "Publish the key there.");

  /** Undefined if the DNS gave no answer. */
  async function records(at: string, start: string): Promise<readonly string[] | undefined> {
    const found = await attempt(resolve(at), signal);
    if ("value" in found) return found.value.map((pieces) => pieces.join("")).filter((text) => text.startsWith(start));
    const { error } = found;
    const code = error instanceof Error && "code" in error ? error.code : "";
    return code === "ENOTFOUND" || code === "ENODATA" ? [] : undefined;
  }
}
