/** Whether a list such as `["image/*", "application/pdf"]` takes this MIME type. Without a list everything is taken. */
export function accepts(accept: readonly string[] | undefined, type: string): boolean {
  if (accept === undefined) return true;
  const wanted = type.toLowerCase().split(";", 1)[0]?.trim() ?? "";
  return accept.some((each) => (each.endsWith("/*") ? wanted.startsWith(each.slice(0, -1)) : wanted === each));
}
