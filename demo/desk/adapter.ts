import type { Adapter, ChatApi, TicketsApi, UploadsApi } from "../../src/core/contract/adapter.ts";
import { articles } from "./articles.ts";
import { limits } from "./file-limits.ts";
import { createMemberChat } from "./member-chat.ts";
import { createMemberTickets } from "./member-tickets.ts";
import { mergeGuest } from "./merge.ts";
import type { Desk } from "./parts.ts";

/** Implements every part and method, except those only for `podpora check` and `podpora forget`. */
export interface DeskAdapter extends Required<
  Omit<Adapter, "api" | "session" | "changes" | "people" | "hooks" | "check" | "erase" | "state" | "dispose">
> {
  readonly tickets: Required<TicketsApi>;
  readonly chat: Required<Omit<ChatApi, "linkTicket">>;
  readonly uploads: Required<UploadsApi>;
}

/** The member's side of the desk, for a gateway. Has no `dispose`: whoever opened the desk closes it. */
export function createDeskAdapter(desk: Desk): DeskAdapter {
  const { files, members } = desk;
  return {
    name: "desk",
    articles,
    tickets: createMemberTickets(desk),
    chat: createMemberChat(desk),
    async merge(guest, ctx) {
      ctx.signal.throwIfAborted();
      desk.database.write(() => {
        members.writing(ctx);
        mergeGuest(desk, guest, members.asking(ctx));
      });
    },
    accounts: { signIn: (credentials, ctx) => members.signIn(credentials, ctx) },
    uploads: {
      limits,
      async upload(file, ctx) {
        ctx.signal.throwIfAborted();
        return files.store(
          file,
          { memberId: members.asking(ctx).id },
          {
            signal: ctx.signal,
            clientId: ctx.clientId,
            onProgress: (fraction) => ctx.onProgress?.(fraction),
            before: () => void members.writing(ctx),
          },
        );
      },
      async download(attachmentId, ctx) {
        ctx.signal.throwIfAborted();
        return files.readAsMember(attachmentId, members.asking(ctx).id);
      },
    },
  };
}
