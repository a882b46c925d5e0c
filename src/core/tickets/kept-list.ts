import type { Ticket, TicketCounts } from "../contract/adapter.ts";
import { keptAnswer } from "../delivery/kept-answer.ts";
import type { Scope } from "../delivery/scope.ts";

/** The overview as it is when the panel opens. */
export interface FirstScreen {
  readonly items: readonly Ticket[];
  readonly counts: Partial<TicketCounts>;
}

/** The size of a page of the list. */
const keptAtMost = 20;

/** The member's overview on this device, until the desk has answered. */
export function createKeptList({ platform, storage, caller }: Scope) {
  const kept = keptAnswer(storage, "tickets");
  /**
   * The member's id. An adapter in the page may know it without revealing it: then the next member may be another
   * person.
   */
  const isTold = () => caller.subject.peek() !== undefined;
  return {
    async read(): Promise<FirstScreen | undefined> {
      if (!isTold()) return undefined;
      const known = await kept.read(caller.subject.peek(), platform.now());
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `write` has stored
      return known as FirstScreen | undefined;
    },
    write({ items, counts }: FirstScreen): void {
      if (isTold())
        void kept.write(caller.subject.peek(), platform.now(), { items: items.slice(0, keptAtMost), counts });
    },
  };
}
