/** An address without what may be a secret in it: user, password, query and fragment. */
export function withoutQuery(address: string): string {
  if (!URL.canParse(address, document.baseURI)) return "not an address";
  const { protocol, host, pathname } = new URL(address, document.baseURI);
  if (!/^https?:$/.test(protocol)) return `an address with ${protocol}`;
  return `${protocol}//${host}${pathname}`;
}

/** Only scheme and host: the path of another site's file may name a person. */
export function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address.slice(0, 40);
}
