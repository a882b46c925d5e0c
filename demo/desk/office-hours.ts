export type Weekday = "Sun" | "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat";

export interface OfficeHours {
  /** Such as "Europe/Ljubljana". */
  readonly timeZone: string;
  /** Opening and closing time for each day, such as `["08:00", "16:30"]`. Omitted days are closed. */
  readonly days: Readonly<Partial<Record<Weekday, readonly [from: string, until: string]>>>;
}

/** Times are in milliseconds since 1970. */
export interface OfficeClock {
  isOpen(at: number): boolean;
  /** Undefined if no day is open. */
  nextOpening(at: number): number | undefined;
}

const weekdays: readonly Weekday[] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const dayMs = 86_400_000;

/** Throws a RangeError for an unknown time zone. */
export function createOfficeClock({ days, timeZone }: OfficeHours): OfficeClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });

  /** The local time, encoded as if it were UTC. */
  function wallTime(at: number): number {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  /** The inverse. The second step corrects for a clock change in between. */
  function instantOf(wall: number): number {
    const near = wall - (wallTime(wall) - wall);
    return near - (wallTime(near) - wall);
  }
  const hoursOf = (midnight: number) => {
    const day = weekdays[new Date(midnight).getUTCDay()];
    return day && days[day];
  };
  const midnightBefore = (wall: number) => Math.floor(wall / dayMs) * dayMs;

  return {
    isOpen(at) {
      const wall = wallTime(at);
      const midnight = midnightBefore(wall);
      const hours = hoursOf(midnight);
      return hours !== undefined && wall >= midnight + msOf(hours[0]) && wall < midnight + msOf(hours[1]);
    },
    nextOpening(at) {
      const today = midnightBefore(wallTime(at));
      for (let ahead = 0; ahead <= 7; ahead += 1) {
        const midnight = today + ahead * dayMs;
        const hours = hoursOf(midnight);
        const opening = hours && instantOf(midnight + msOf(hours[0]));
        if (opening !== undefined && opening > at) return opening;
      }
      return undefined;
    },
  };
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}
