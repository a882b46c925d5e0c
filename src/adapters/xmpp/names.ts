import type { ChatHead } from "./queue.ts";

/** What a member or guest is called, in three places: by the member, in a line that agents read, in the room. */

const NAME_MAX = 60;
// Line breaks, controls, what turns the direction of writing, halves of pairs.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
/** What lines for agents are put together with. */
const signs = /["“”„«»·–—#()[\]]+/gu;
const commands = /!(?=\s*(?:take|queue|help|end|back|ticket|to)\b)/giu;

/** On one line, at most `max` characters, without what would not be seen. */
export function oneLine(text: string, max: number): string {
  const line = text.replaceAll(invisible, " ").replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : line;
}

/** Empty when nothing of it can be seen. */
export function cleanName(name: string): string {
  const clean = name.replaceAll(invisible, "").replaceAll(/\s+/gu, " ").trim();
  return Array.from(clean).slice(0, NAME_MAX).join("").trim();
}

/** Between quotation marks, which it cannot leave. */
export function quoted(text: string, max: number): string {
  return `“${oneLine(text, max).replaceAll(/[“”„"]+/g, "'")}”`;
}

type Named = Pick<ChatHead, "name" | "code" | "guest">;

const plain = ({ code, name }: Named): string =>
  oneLine(name.replaceAll(signs, " ").replaceAll(commands, ""), NAME_MAX) || `Member ${code}`;

/** Within a line for agents, such as "Ana Novak" or "guest (claimed: “Ana”)". */
export function labelOf(chat: Named): string {
  return chat.guest ? `guest (claimed: “${plain(chat)}”)` : plain(chat);
}

/** In the chat's room, with what no agent's name ends with, such as "Ana Novak · member". */
export function nickOf(chat: Named): string {
  return `${plain(chat)} · ${kindOf(chat)}`;
}

/** For a server that does not allow the name in an address. */
export function plainNickOf(chat: Named): string {
  return `Member ${chat.code} · ${kindOf(chat)}`;
}

const kindOf = ({ guest }: Named): string => (guest ? "guest" : "member");

const between = String.raw`[\s\p{Cf}]*`;
const ours = new RegExp(`[[［【〔](${between}${"podpora".split("").join(between)}${between})[\\]］】〕]`, "giu");

/** A member's words, none of which look like a line of the gateway's: in the room both come from one name. */
export function disarmed(text: string): string {
  return text.replaceAll(ours, "($1)");
}
