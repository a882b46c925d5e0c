import { badCursor } from "../../adapter/index.ts";
import type { Positions } from "./sync.ts";

/**
 * A stream's position. A stream that resumes gets what came after the positions, except the messages in `told`, and is
 * told which threads of `known` are gone. It is kept in the member's browser, so any copy of the gateway can resume it.
 */
export interface StreamPlace {
  readonly positions: Positions;
  /** Ids of messages, shortened. */
  readonly told: readonly string[];
  readonly known: readonly string[];
}

/** No more are written: the messages after such a position are then sent again. */
const TOLD_MOST = 80;
const KNOWN_MOST = 50;
const SHORT = 9;

export const shortKey = (id: string): string => id.slice(0, id.startsWith("c") ? SHORT + 1 : SHORT);

export function writeStreamPlace({ positions, told, known }: StreamPlace): string | undefined {
  if (told.length > TOLD_MOST) return undefined;
  const places = positions.map(({ validity, uid }) => `${validity || 0}-${uid}`);
  return [places.join("_"), told.map(shortKey).join("-"), known.slice(0, KNOWN_MOST).join("-")].join(".");
}

/**
 * Rejects with `invalid` for a position in a mailbox that has new UIDs now, as after a restore: the stream then
 * restarts.
 */
export function readStreamPlace(text: string, now: Positions): StreamPlace {
  const [places = "", told = "", known, ...more] = text.split(".");
  const parts = places.split("_").map((place) => /^(\d{1,20})-(\d{1,12})$/.exec(place));
  const keys = partsOf(told);
  const ids = partsOf(known ?? "");
  // Part by part: a single expression would backtrack over every way to split a text that does not match.
  const fits =
    parts.length === now.length &&
    parts.every((part, at) => part?.[1] === "0" || part?.[1] === now[at]?.validity) &&
    keys.length <= TOLD_MOST &&
    keys.every((key) => /^c?[am][0-9a-v]{8}$/.test(key)) &&
    ids.length <= KNOWN_MOST &&
    ids.every((id) => /^[0-9a-v]{10}$/.test(id));
  if (!fits || known === undefined || more.length > 0) throw badCursor(text);
  const positions = now.map((place, at) => ({ ...place, uid: Number(parts[at]?.[2]) }));
  return { positions, told: keys, known: ids };
}

function partsOf(list: string): readonly string[] {
  return list === "" ? [] : list.split("-");
}
