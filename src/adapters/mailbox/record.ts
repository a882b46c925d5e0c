import * as v from "valibot";
import type { Seal } from "./seal.ts";

const schema = v.object({
  thread: v.string(),
  owner: v.string(),
  kind: v.picklist(["ticket", "reply", "status", "rating"]),
  clientId: v.string(),
  /** In milliseconds since 1970. */
  at: v.number(),
  /** The length of the member's own text: the rest is for agents. */
  length: v.number(),
  title: v.optional(v.string()),
  /** Name, bytes and type. */
  files: v.array(v.tuple([v.string(), v.number(), v.string()])),
  status: v.optional(v.picklist(["open", "resolved"])),
  score: v.optional(v.picklist([1, 2, 3, 4, 5])),
  comment: v.optional(v.string()),
});

/** The gateway's record of a mail that it sent, in a signed header of the stored copy. */
export type SentRecord = v.InferOutput<typeof schema>;

export const recordHeader = "X-Podpora-Record";
const sealed = v.pipe(v.string(), v.parseJson(), schema);

/** In chunks, so that the header is folded into lines. */
export function writeRecord(record: SentRecord, seal: Seal): string {
  const text = Buffer.from(JSON.stringify(record)).toString("base64url");
  return `${text}.${seal.sign(text)}`.replaceAll(/.{70}(?=.)/g, "$& ");
}

/** Undefined if the gateway did not write it. */
export function readRecord(value: string, seal: Seal): SentRecord | undefined {
  const [text = "", signature = ""] = value.replaceAll(/\s/g, "").split(".");
  if (!seal.isSigned(text, signature)) return undefined;
  const result = v.safeParse(sealed, Buffer.from(text, "base64url").toString());
  return result.success ? result.output : undefined;
}
