import { PODPORA } from "./entry.ts";
import type { Link } from "./link.ts";
import { allow } from "./room-setup.ts";
import type { Signatures } from "./signature.ts";
import { attributeOf, bareOf, childOf, xml } from "./xml.ts";

/** How copies of the gateway let each other into rooms that were made before the other one was named. */
export interface Admission {
  /** Asks the others, one after the other. Whether one of them has let this copy in. */
  ask(room: string): Promise<boolean>;
  /** Undefined for what is no such request. Resolves to whether the asker is let in. */
  answer(request: Element): Promise<boolean> | undefined;
}

export interface AdmissionOptions {
  readonly link: () => Link;
  readonly signatures: Signatures;
  /** All copies' addresses, and the rooms' own. */
  readonly copies: readonly string[];
  readonly rooms: string;
}

/** How far the clocks of two copies may be apart. */
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
          // It is away, or not inside itself.
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
