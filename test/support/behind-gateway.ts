import type { Adapter, AreaAccess, Member, Session } from "../../src/core/contract/adapter.ts";
import { ana } from "./scope.ts";

export const open: AreaAccess = { allowed: true };
const signInFirst: AreaAccess = { allowed: false, reason: "sign-in" };
export const fromGold: AreaAccess = { allowed: false, reason: "rank", from: "Gold" };
export const guest: Member = { id: "guest-1", guest: true };

export const anasSession: Session = { member: ana, access: { tickets: open, chat: open } };
export const guestSession: Session = { member: guest, access: { tickets: signInFirst, chat: open } };
/** The gateway's answer to a request without a token. */
export const nobodysSession: Session = { access: guestSession.access };

/** The desk behind a gateway: with a session, which signing in and out changes. */
export function behindGateway<A extends Adapter>(desk: A, start: Session, chatPage?: () => Promise<string>) {
  let now = start;
  const { accounts } = desk;
  return {
    ...desk,
    session: {
      current: async () => now,
      signOut: async () => void (now = nobodysSession),
      ...(chatPage && { chatPage }),
    },
    ...(accounts && {
      accounts: {
        async signIn(...args: Parameters<typeof accounts.signIn>) {
          const member = await accounts.signIn(...args);
          now = { ...anasSession, member };
          return member;
        },
      },
    }),
  };
}
