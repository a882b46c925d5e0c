import * as v from "valibot";
import type { Seal } from "./seal.ts";

const schema = v.object({
  thread: v.string(),
  owner: v.string(),
  kind: v.picklist(["ticket", "reply", "status", "rating"]),
  clientId: v.string(),
  /** In milliseconds since 1970. */
  at: v.number(),
  /** How much of the text is the member's own: what follows is for agents. */
  length: v.number(),
  title: v.optional(v.string()),
  /** Name, bytes and type. */
  files: v.array(v.tuple([v.string(), v.number(), v.string()])),
  status: v.optional(v.picklist(["open", "resolved"])),
  score: v.optional(v.picklist([1, 2, 3, 4, 5])),
  comment: v.optional(v.string()),
});

/** What the gateway knows of a mail that it sent. It stands in a header of the copy that is kept, signed. */
export type SentRecord = v.InferOutput<typeof schema>;

export const recordHeader = "X-Podpora-Record";
const sealed = v.pipe(v.string(), v.parseJson(), schema);

/** In pieces, so that the header has lines. */
export function writeRecord(record: SentRecord, seal: Seal): string {
  const text = Buffer.from(JSON.stringify(record)).toString("base64url");
  return `${text}.${seal.sign(text)}`.replaceAll(/.{70}(?=.)/g, "$& ");
}

/** Undefined for what the gateway did not write. */
export function readRecord(value: string, seal: Seal): SentRecord | undefined {
  const [text = "", signature = ""] = value.replaceAll(/\s/g, "").split(".");
  if (!seal.isSigned(text, signature)) return undefined;
  const result = v.safeParse(sealed, Buffer.from(text, "base64url").toString());
  return result.success ? result.output : undefined;
}
