import type { Availability } from "../../src/core/contract/adapter.ts";
import type { Conversations } from "./conversations.ts";
import type { OfficeClock } from "./office-hours.ts";
import type { Staff } from "./staff.ts";
import type { Waits } from "./waits.ts";

export interface DeskAvailability {
  now(): Availability;
}

interface Sources {
  readonly staff: Staff;
  readonly waits: Waits;
  readonly conversations: Conversations;
  readonly office: OfficeClock | undefined;
  readonly now: () => number;
}

/** Open while an available agent has the page open, and within the office hours if there are any. */
export function createAvailability({ conversations, now, office, staff, waits }: Sources): DeskAvailability {
  return {
    now() {
      const available = staff.available();
      const languages = [...new Set(available.flatMap((agent) => agent.languages))].toSorted();
      const inHours = office?.isOpen(now()) ?? true;
      const opensAt = inHours ? undefined : office?.nextOpening(now());
      const waitMs = inHours ? waits.estimate()(conversations.waiting() + 1) : undefined;
      return {
        open: inHours && available.length > 0,
        ...(opensAt === undefined ? {} : { opensAt: new Date(opensAt).toISOString() }),
        ...(languages.length > 0 ? { languages } : {}),
        ...(waitMs === undefined ? {} : { waitMs }),
      };
    },
  };
}
