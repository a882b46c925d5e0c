import type { CallContext, Member, UploadContext } from "../../src/core/contract/adapter.ts";
import { openDesk, type DeskOptions, type DemoDesk } from "../../demo/desk/desk.ts";
import { seed } from "../../demo/desk/seed.ts";
import { temporaryFolder } from "./folder.ts";

export const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org", rank: "Silver", locale: "sl" };
export const boris: Member = { id: "boris", name: "Boris Kranjc", email: "boris@example.org", rank: "Bronze" };
export const nina = { id: "nina", name: "Nina", languages: ["en"] };

export function by(member: Member | undefined, locale = "sl"): UploadContext & CallContext {
  return { signal: new AbortController().signal, locale, ...(member ? { member } : {}) };
}

export const uuid = () => crypto.randomUUID();
export const draft = (text = "Pomagajte, prosim.") => ({ clientId: uuid(), text });
export const ticketDraft = (title = "Slovenščina - Napaka", text = "Koraki: 1, 2, 3") => ({ ...draft(text), title });
export const request = (question = "Where is my order?") => ({
  clientId: uuid(),
  name: "Ana N.",
  email: "ana.n@example.org",
  question,
});
export const picture = (bytes: Uint8Array<ArrayBuffer> = new Uint8Array([1, 2, 3]), name = "slika.png") =>
  new File([bytes], name, { type: "image/png" });

/** A separate desk with the demo's people and all of its parts, and a clock that the test advances. */
export async function seededDesk(over: Pick<DeskOptions, "graceMs" | "hours"> = {}) {
  const folder = await temporaryFolder();
  const clock = { at: Date.UTC(2026, 10, 23, 10) };
  const options = { directory: folder.path, now: () => clock.at };
  await seed(options);
  const desk = await openDesk({ ...options, ...over });
  return {
    desk,
    clock,
    directory: folder.path,
    ...desk.adapter,
    async [Symbol.asyncDispose]() {
      desk.close();
      await folder.remove();
    },
  };
}

/** An agent who takes chats, with the page open until they leave or sign out. */
export async function present({ desk }: { readonly desk: DemoDesk }, username: "nina" | "oto") {
  const { token } = await desk.agents.signIn(username, `${username}-demo`);
  const session = desk.agents.session(token);
  if (!session) throw new Error("The agent who just signed in has no session.");
  desk.agents.setAvailable(session, true);
  const page = new AbortController();
  const events = desk.agents.events(session, page.signal)[Symbol.asyncIterator]();
  // Only the open stream matters, not its events.
  void events.next().catch(() => undefined);
  return { agent: session.agent, leave: () => page.abort(), signOut: () => desk.agents.signOut(session) };
}
