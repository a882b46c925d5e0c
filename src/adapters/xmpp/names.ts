import type { ChatHead } from "./queue.ts";

/** The name of a member or guest in three places: in the chat, in a line for agents, in the room. */

const NAME_MAX = 60;
// Line breaks, controls, bidirectional marks, lone surrogates, invisible characters.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}\u2800]+/gu;
/** Separators of lines for agents. */
const signs = /["“”„«»·–—#()[\]]+/gu;
const commands = /!(?=\s*(?:take|queue|help|end|back|ticket|to)\b)/giu;

/** On one line, at most `max` characters, without invisible ones. */
export function oneLine(text: string, max: number): string {
  const line = text.replaceAll(invisible, " ").replaceAll(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : line;
}

/** Empty if nothing of it is visible. */
export function cleanName(name: string): string {
  const clean = name.replaceAll(invisible, "").replaceAll(/\s+/gu, " ").trim();
  return Array.from(clean).slice(0, NAME_MAX).join("").trim();
}

/** In quotation marks, which it cannot close. */
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

/** In the chat's room, with a suffix that no agent's name has, such as "Ana Novak · member". */
export function nickOf(chat: Named): string {
  return `${plain(chat)} · ${kindOf(chat)}`;
}

/** For a server that does not allow the name in an address. */
export function plainNickOf(chat: Named): string {
  return `Member ${chat.code} · ${kindOf(chat)}`;
}

const kindOf = ({ guest }: Named): string => (guest ? "guest" : "member");

/** At most this many characters are allowed between two brackets. */
const bracketed = /[\p{Ps}\p{Pi}]([^\p{Pe}\p{Pf}\n]{0,60})[\p{Pe}\p{Pf}]/gu;
/** Letters of other scripts that look like those of the name (Unicode TR 39). */
const alike: Readonly<Record<string, string>> = {
  р: "p",
  ρ: "p",
  о: "o",
  ο: "o",
  σ: "o",
  ԁ: "d",
  г: "r",
  а: "a",
  α: "a",
};

/** The word as a reader sees it: only its base letters. */
function lookOf(text: string): string {
  const letters = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}]|\p{DI}/gu, "");
  return Array.from(letters, (letter) => alike[letter] ?? letter).join("");
}

/** A member's text, without lines that look like the gateway's: in the room both come from one name. */
export function disarmed(text: string): string {
  return text.replaceAll(bracketed, (all, inner: string) => (lookOf(inner).includes("podpora") ? `(${inner})` : all));
}
