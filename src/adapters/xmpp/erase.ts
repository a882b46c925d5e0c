import type { Adapter, Erasure, Member } from "../../core/contract/adapter.ts";
import { counted } from "../../adapter/index.ts";
import type { Desk } from "./desk.ts";
import { conditionOfError } from "./link.ts";
import { pause } from "./pause.ts";
import { lobbyRecordOf } from "./records.ts";
import { roomOf } from "./settings.ts";
import { xml } from "./xml.ts";

const OWNER = "http://jabber.org/protocol/muc#owner";
/** How long the copy that manages a chat has to write its end, before the room is destroyed. */
const END_MS = 5000;
const LOOK_MS = 100;

interface Found {
  readonly id: string;
  readonly code: string;
  isErased: boolean;
  lines: number;
}

/**
 * Destroys the rooms of a member's chats with their archives. The lobby's archive keeps its lines: no server deletes
 * single ones.
 */
export function createErase(desk: Desk): NonNullable<Adapter["erase"]> {
  const { archive, link, lobby, settings } = desk;

  /** Of any age: the whole archive of the lobby is read. */
  async function chatsOf(member: Member): Promise<readonly Found[]> {
    const found = new Map<string, Found>();
    for await (const page of archive.read(lobby.room.jid, undefined, undefined)) {
      for (const { forged, record: json } of page) {
        const record = forged === true ? undefined : lobbyRecordOf(json);
        if (record?.type === "opened" && record.memberId === member.id && !found.has(record.id))
          found.set(record.id, { id: record.id, code: record.code, isErased: false, lines: 0 });
        const chat = record && found.get(record.id);
        if (chat === undefined) continue;
        chat.lines += 1;
        chat.isErased ||= record?.type === "erased";
      }
    }
    return [...found.values()];
  }

  async function end(id: string): Promise<void> {
    const chat = lobby.queue.chats.get(id);
    if (chat === undefined || chat.status === "ended") return;
    await lobby.write({ type: "ended", id }, `#${chat.code} was ended by the operator of the gateway.`);
    const { log } = await desk.session(chat);
    const until = Date.now() + END_MS;
    while (log.state()?.status !== "ended" && Date.now() < until) {
      // oxlint-disable-next-line no-await-in-loop -- until another copy has told it
      await pause(LOOK_MS);
    }
  }

  async function eraseChat({ code, id, isErased }: Found): Promise<void> {
    if (!isErased) await end(id);
    const destroy = xml("query", { xmlns: OWNER }, xml("destroy"));
    await link.ask("set", roomOf(id, settings), destroy).catch((error: unknown) => {
      // It is gone already, which Prosody reports in its own way.
      if (!["item-not-found", "gone"].includes(conditionOfError(error) ?? "")) throw error;
    });
    // From then on no copy knows it, so none creates its room again.
    if (!isErased) await lobby.write({ type: "erased", id }, `#${code} was erased.`);
  }

  return async function* erase(member, { remove = false, signal }): AsyncIterable<Erasure> {
    await desk.asking({ member, signal, locale: "en" });
    const chats = await chatsOf(member);
    if (remove) {
      for (const chat of chats) {
        signal.throwIfAborted();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await eraseChat(chat);
      }
    }
    const codes = chats.filter(({ isErased }) => !isErased).map(({ code }) => `#${code}`);
    if (codes.length > 0) {
      yield {
        outcome: "erased",
        text: `${counted(codes, "chat")}, with all messages: the rooms and their archives.`,
      };
    }
    if (chats.length === 0) return;
    yield {
      outcome: "kept",
      text: `In the archive of ${lobby.room.jid}: ${counted(Array.from({ length: chats.reduce((sum, { lines }) => sum + lines, 0) }), "line")} with the name, the start of each question, and the comment of a rating.`,
      fix: "They are deleted when the server's archive expires: archive_expires_after in Prosody, `ejabberdctl delete_old_mam_messages` for ejabberd.",
    };
    if (settings.files === undefined) return;
    yield {
      outcome: "kept",
      text: `Files that were sent in chats, at ${settings.files.service}: XEP-0363 has no way to delete one.`,
      fix: "The upload service deletes them when they expire: http_file_share_expires_after in Prosody, mod_http_upload_quota in ejabberd.",
    };
  };
}
