/** The part of MIME that an IMAP server parses: it splits a mail, and decodes nothing. */
interface Node {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly head: Buffer;
  readonly body: Buffer;
  readonly headers: ReadonlyMap<string, string>;
  readonly children: readonly Node[];
}

const BLANK = Buffer.from("\r\n\r\n");

export function headerFields(source: Buffer, names: readonly string[]): Buffer {
  const wanted = new Set(names.map((name) => name.toLowerCase().replaceAll('"', "")));
  const lines = linesOf(headOf(source)).filter((line) => wanted.has((line.split(":")[0] ?? "").toLowerCase()));
  return Buffer.from([...lines, "", ""].join("\r\n"), "latin1");
}

/** Such as "1.2", "1.2.MIME", "TEXT" or "HEADER". */
export function partOf(source: Buffer, section: string): Buffer {
  const [, number = "", kind = ""] = /^([\d.]*?)\.?(MIME|TEXT|HEADER)?$/.exec(section) ?? [];
  const root = parse(source);
  const path = number === "" ? [] : number.split(".").map(Number);
  let node: Node | undefined = root;
  if (path.length > 0 && root.children.length === 0 && root.type.startsWith("multipart/")) return Buffer.alloc(0);
  for (const at of root.children.length === 0 ? [] : path) node = node?.children[at - 1];
  if (node === undefined) return Buffer.alloc(0);
  if (kind === "MIME" || kind === "HEADER") return Buffer.concat([node.head, BLANK]);
  return section === "" ? source : node.body;
}

/** https://www.rfc-editor.org/rfc/rfc3501#section-7.4.2 */
export function structureOf(source: Buffer): string {
  return written(parse(source));
}

function written({ type, parameters, headers, body, children }: Node): string {
  const [kind = "", sub = ""] = type.split("/");
  if (kind === "multipart" && children.length === 0) {
    // As Dovecot has it.
    return `(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL) "${sub}" ${listOf(parameters)} NIL NIL)`;
  }
  if (children.length > 0) return `(${children.map(written).join("")} "${sub}" ${listOf(parameters)} NIL NIL)`;
  const encoding = headers.get("content-transfer-encoding") ?? "7bit";
  const id = headers.get("content-id");
  const lines = kind === "text" ? ` ${body.toString("latin1").split("\n").length}` : "";
  const [disposition = "", ...rest] = (headers.get("content-disposition") ?? "").split(";");
  const placed = disposition === "" ? "NIL" : `("${disposition.trim()}" ${listOf(parametersOf(rest.join(";")))})`;
  const about = `"${kind}" "${sub}" ${listOf(parameters)} ${id === undefined ? "NIL" : quoted(id)} NIL "${encoding}"`;
  if (type === "message/rfc822") {
    const inner = parse(body);
    const envelope = `(NIL ${quoted(inner.headers.get("subject") ?? "")} NIL NIL NIL NIL NIL NIL NIL NIL)`;
    return `(${about} ${body.length} ${envelope} ${written(inner)} 1 NIL ${placed} NIL)`;
  }
  return `(${about} ${body.length}${lines} NIL ${placed} NIL)`;
}

function listOf(parameters: Readonly<Record<string, string>>): string {
  const all = Object.entries(parameters).map(([name, value]) => `"${name}" ${quoted(value)}`);
  return all.length === 0 ? "NIL" : `(${all.join(" ")})`;
}

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

function parse(source: Buffer): Node {
  const head = headOf(source);
  const body = source.subarray(head.length + BLANK.length);
  const headers = new Map(
    linesOf(head).map((line) => {
      const at = line.indexOf(":");
      return [
        line.slice(0, at).toLowerCase(),
        line
          .slice(at + 1)
          .replaceAll(/\r\n\s+/g, " ")
          .trim(),
      ] as const;
    }),
  );
  const [type = "", ...rest] = (headers.get("content-type") ?? "text/plain").split(";");
  const parameters = parametersOf(rest.join(";"));
  const { boundary } = parameters;
  const kind = type.trim().toLowerCase();
  const isMultipart = kind.startsWith("multipart/") && boundary !== undefined;
  const children = isMultipart ? pieces(body, boundary).map((piece) => parse(piece)) : [];
  return { type: kind, parameters, head, body, headers, children };
}

function pieces(body: Buffer, boundary: string): readonly Buffer[] {
  const parts = `\r\n${body.toString("latin1")}`.split(`\r\n--${boundary}`).slice(1);
  return parts.filter((part) => !part.startsWith("--")).map((part) => Buffer.from(part.replace(/^\r\n/, ""), "latin1"));
}

function parametersOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/([\w*-]+)=(?:"([^"]*)"|([^\s;]+))/g)].map(([, name = "", one, other = ""]) => [
      name.toLowerCase(),
      one ?? other,
    ]),
  );
}

function headOf(source: Buffer): Buffer {
  const end = source.indexOf(BLANK);
  return end === -1 ? source : source.subarray(0, end);
}

/** Each with its folded lines. */
function linesOf(head: Buffer): readonly string[] {
  return head.toString("latin1").split(/\r\n(?![ \t])/);
}
