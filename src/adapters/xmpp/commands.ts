/** Agents' commands to the gateway in plain text, which works in every client. Never shown to a member. */
export type Command =
  | { readonly name: "take"; readonly code: string | undefined }
  | { readonly name: "to"; readonly nick: string }
  | { readonly name: "queue" | "help" | "end" | "back" | "ticket" };

const line = /^!(take|queue|help|end|back|ticket|to)\b(.*)$/iu;
/** Longer than a name can be (RFC 7622, section 3.4): then it is no command. */
const LENGTH_MAX = 1100;

export function isCommand(body: string): boolean {
  return commandOf(body) !== undefined;
}

export function commandOf(body: string): Command | undefined {
  const text = body.trim();
  if (text.length > LENGTH_MAX) return undefined;
  const [, word = "", given = ""] = line.exec(text) ?? [];
  const rest = given.trim();
  const name = word.toLowerCase();
  switch (name) {
    case "take":
      return { name, code: rest === "" ? undefined : rest.toLowerCase().replace(/^#/, "") };
    case "to":
      return { name, nick: rest };
    case "queue":
    case "help":
    case "end":
    case "back":
    case "ticket":
      return { name };
    default:
      return undefined;
  }
}

/** The help in the lobby. */
export const lobbyHelp = [
  "Commands here:",
  "!take – take the one who has waited longest",
  "!take CODE – take this one",
  "!queue – who waits",
].join("\n");

/** The help in a conversation's room. */
export const chatHelp = [
  "What you write here goes to the member, but for these:",
  "!ticket – ask them to file a ticket instead, such as in another language",
  "!to NAME – hand the chat to another agent in the lobby",
  "!back – give it back to the queue",
  "!end – end the chat",
].join("\n");
