/** Without a slash at the end; undefined for what is no address of a desk. */
export function webAddress(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, search, hash } = new URL(url);
  const fits = (protocol === "https:" || protocol === "http:") && search === "" && hash === "" && !/[?#]/.test(url);
  return fits ? url.replace(/\/+$/, "") : undefined;
}
