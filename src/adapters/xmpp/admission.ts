import { PODPORA } from "./entry.ts";
import type { Link } from "./link.ts";
import { allow } from "./room-setup.ts";
import type { Signatures } from "./signature.ts";
import { attributeOf, bareOf, childOf, xml } from "./xml.ts";

/** How copies of the gateway admit each other to rooms created before the other one was configured. */
export interface Admission {
  /** Asks the others, one after the other. Returns whether one of them has admitted this copy. */
  ask(room: string): Promise<boolean>;
  /** Undefined if it is no such request. Resolves to whether the requester is admitted. */
  answer(request: Element): Promise<boolean> | undefined;
}

export interface AdmissionOptions {
  readonly link: () => Link;
  readonly signatures: Signatures;
  /** The addresses of all copies, and the room's own. */
  readonly copies: readonly string[];
  readonly rooms: string;
}

/** How far the clocks of two copies may differ. */
const SKEW_MS = 24 * 3_600_000;

export const addressOf = (copy: string): string => `podpora@${copy}`;

export function createAdmission({ copies, link, rooms, signatures }: AdmissionOptions): Admission {
  return {
    async ask(room) {
      const own = bareOf(link().jid);
      const at = new Date().toISOString();
      const mac = signatures.sign("admit", room, own, at);
      for (const copy of copies.map(addressOf).filter((each) => each !== own)) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- the next one only when this one cannot
          await link().ask("set", `${copy}/gateway`, xml("admit", { xmlns: PODPORA, room, at, mac }));
          return true;
        } catch {
          // It is unreachable, or not in the room itself.
        }
      }
      return false;
    },
    answer(request) {
      const wish = childOf(request, "admit", PODPORA);
      if (wish === undefined) return undefined;
      const [room = "", at = "", mac = ""] = ["room", "at", "mac"].map((name) => attributeOf(wish, name));
      const who = bareOf(attributeOf(request, "from") ?? "");
      const isKnown = who.startsWith("podpora@") && room.endsWith(`@${rooms}`);
      const isNow = Math.abs(Date.now() - Date.parse(at)) <= SKEW_MS;
      if (!isKnown || !isNow || !signatures.holds(mac, "admit", room, who, at)) return Promise.resolve(false);
      return allow(link(), room, who, "owner").then(
        () => true,
        () => false,
      );
    },
  };
}
