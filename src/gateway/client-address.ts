import ipaddr from "ipaddr.js";

const GROUPS_OF_A_NETWORK = 4;

/**
 * What one caller is counted under for rate limits: an IPv4 address, or the /64 network of an IPv6 address, since a
 * household has all of it (RFC 6177). Some proxies write the port too, or brackets. Undefined for what is no address.
 */
export function countedAddress(text: string | undefined): string | undefined {
  const bare = withoutPort(text?.trim() ?? "");
  if (!ipaddr.isValid(bare)) return undefined;
  const address = ipaddr.process(bare);
  if (!("parts" in address)) return address.toString();
  const network = address.parts.slice(0, GROUPS_OF_A_NETWORK).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}

function withoutPort(text: string): string {
  const inBrackets = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  if (inBrackets !== undefined) return inBrackets;
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.indexOf(":")) : text;
}
