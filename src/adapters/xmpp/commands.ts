/** What agents write to the gateway in plain text, so that it works in every client. Never shown to a member. */
export type Command =
  | { readonly name: "take"; readonly code: string | undefined }
  | { readonly name: "to"; readonly nick: string }
  | { readonly name: "queue" | "help" | "end" | "back" | "ticket" };

const line = /^\s*!(take|queue|help|end|back|ticket|to)\b[ \t]*(.*?)\s*$/iu;

export function isCommand(body: string): boolean {
  return line.test(body);
}

export function commandOf(body: string): Command | undefined {
  const [, word = "", rest = ""] = line.exec(body) ?? [];
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

/** What the lobby explains. */
export const lobbyHelp = [
  "Commands here:",
  "!take – take the one who has waited longest",
  "!take CODE – take this one",
  "!queue – who waits",
].join("\n");

/** What a conversation's room explains. */
export const chatHelp = [
  "What you write here goes to the member, but for these:",
  "!ticket – ask them to file a ticket instead, such as in another language",
  "!to NAME – hand the chat to another agent in the lobby",
  "!back – give it back to the queue",
  "!end – end the chat",
].join("\n");
