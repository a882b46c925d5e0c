import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";

const GROUPS_OF_A_NETWORK = 4;

/**
 * The rate-limit key of a caller: an IPv4 address, or the /64 network of an IPv6 address, since one household has the
 * whole network (RFC 6177). Some proxies add the port, or brackets. Undefined if it is not an address.
 */
export function countedAddress(text: string | undefined): string | undefined {
  const bare = withoutPort(text?.trim() ?? "");
  // The general functions of ipaddr.js try IPv4 first, and throw and catch an error for each IPv6 address.
  if (isIPv4(bare)) return bare;
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
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
