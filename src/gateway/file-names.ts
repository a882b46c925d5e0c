import { cleanFileName } from "../core/contract/file-name.ts";

/** RFC 6266, with the name in ASCII for old programs and in UTF-8 (RFC 8187) for the others. */
export function attachmentDisposition(name: string): string {
  const clean = cleanFileName(name);
  const ascii = clean.replaceAll(/[^\x20-\x7e]|["\\%]/gu, "_");
  const utf8 = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
