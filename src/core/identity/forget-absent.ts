import { deskClock } from "../delivery/desk-clock.ts";
import type { Platform } from "../platform.ts";

/** The data of a person who was absent for this time is removed from this browser. */
const keptMs = 30 * 24 * 3_600_000;

export const peopleKey = "people";

/**
 * Removes the data of people who left long ago, and addresses of uploads without files. `present` is the current
 * person, until they have `left`. Times are the desk's: a device's clock may jump.
 */
export async function forgetAbsent(platform: Platform, present: string, left: AbortSignal): Promise<void> {
  const { storage } = platform;
  const now = deskClock(platform).now();
  const keys = await storage.keys("");
  const names = new Set(keys.filter(isPersonal).map((key) => key.slice(0, key.indexOf("/"))));
  // A guest who has written nothing has no data to remove.
  if (present !== "guest") names.add(present);
  const absent: string[] = [];
  await storage.update(peopleKey, (stored) => {
    absent.length = 0;
    if (left.aborted) return stored;
    const people: Record<string, number> = {};
    for (const name of names) {
      const lastUse = name === present ? now : Math.min(lastUseOf(stored, name) ?? now, now);
      if (now - lastUse > keptMs) absent.push(name);
      else people[name] = lastUse;
    }
    return Object.keys(people).length > 0 ? people : undefined;
  });
  const files = new Set(keys.filter((key) => key.includes("/file/")).map((key) => key.slice(key.lastIndexOf("/") + 1)));
  const orphans = keys.filter((key) => key.startsWith("upload/") && !files.has(key.slice("upload/".length)));
  if (absent.length > 0) await storage.clear(...absent.map((name) => `${name}/`));
  await Promise.all(orphans.map((key) => storage.delete(key)));
}

const isPersonal = (key: string) => /^(?:guest|member:[^/]*)\//.test(key);

function lastUseOf(people: unknown, name: string): number | undefined {
  const lastUse: unknown = typeof people === "object" && people !== null ? Reflect.get(people, name) : undefined;
  return typeof lastUse === "number" ? lastUse : undefined;
}
