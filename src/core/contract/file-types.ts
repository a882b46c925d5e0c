/** The types of a file extension: the usual type first, then other systems' names for it. */
const byEnding: Readonly<Record<string, readonly string[]>> = {
  // Windows reports the program that opens it.
  csv: ["text/csv", "application/csv", "text/comma-separated-values", "application/vnd.ms-excel"],
  tsv: ["text/tab-separated-values"],
  txt: ["text/plain"],
  log: ["text/plain", "text/x-log"],
  md: ["text/markdown", "text/plain"],
  json: ["application/json", "text/json"],
  xml: ["application/xml", "text/xml"],
  pdf: ["application/pdf", "application/x-pdf"],
  zip: ["application/zip", "application/x-zip-compressed"],
  png: ["image/png"],
  jpg: ["image/jpeg", "image/jpg"],
  jpeg: ["image/jpeg", "image/jpg"],
  gif: ["image/gif"],
  webp: ["image/webp"],
  avif: ["image/avif"],
  heic: ["image/heic", "image/heif"],
  heif: ["image/heif", "image/heic"],
  doc: ["application/msword"],
  docx: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  xls: ["application/vnd.ms-excel"],
  xlsx: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
};

interface NamedFile {
  readonly name: string;
  /** A MIME type, which may have parameters; empty if unknown. */
  readonly type: string;
}

/**
 * The type with which a file is accepted; undefined if it is not accepted. `accept` is as in HTML: "image/png",
 * "image/*", ".csv". If the system reports no type, or another name, the extension decides.
 */
export function acceptedType({ name, type }: NamedFile, accept: readonly string[] | undefined): string | undefined {
  const types = typesOf(name, bareType(type));
  const [usual = "application/octet-stream"] = types;
  if (accept === undefined) return usual;
  for (const wanted of accept.map(bareType)) {
    if (wanted === "*/*" || (wanted.startsWith(".") && name.toLowerCase().endsWith(wanted))) return usual;
    const found = types.find((one) => (wanted.endsWith("/*") ? one.startsWith(wanted.slice(0, -1)) : one === wanted));
    if (found !== undefined) return found;
  }
  return undefined;
}

function typesOf(name: string, told: string): readonly string[] {
  const byName = byEnding[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? [];
  const isVague = told === "" || told === "application/octet-stream";
  if (isVague || byName.includes(told)) return [...byName, ...(isVague ? [] : [told])];
  return [told];
}

/** Without parameters, such as the one in "text/csv;charset=utf-8". */
function bareType(type: string): string {
  return type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
