import { archivedEntry, type Entry } from "./entry.ts";
import type { Faults } from "./faults.ts";
import type { Link } from "./link.ts";
import type { Trust } from "./signature.ts";
import { attributeOf, bareOf, childOf, textOf, xml, type Xml } from "./xml.ts";

const MAM = "urn:xmpp:mam:2";
const RSM = "http://jabber.org/protocol/rsm";
const PAGE = 100;

/** Reads rooms' archives (XEP-0313). */
export interface Archive {
  /** The entries after `after`, or since `start` without one, oldest first. */
  read(room: string, after: string | undefined, start: string | undefined): AsyncIterable<readonly Entry[]>;
  /** The whole archive, newest page first; within a page oldest first. */
  readBack(room: string): AsyncIterable<readonly Entry[]>;
  /** Takes results of a running query. */
  take(message: Element): boolean;
}

interface Query {
  readonly room: string;
  readonly entries: Entry[];
}

export function createArchive(link: () => Link, faults: Faults, trust: Trust): Archive {
  const queries = new Map<string, Query>();

  async function page(room: string, place: Xml | undefined, start?: string) {
    const query = crypto.randomUUID();
    const entries: Entry[] = [];
    queries.set(query, { entries, room });
    const field = (name: string, value: string) => xml("field", { var: name }, xml("value", {}, value));
    const form = xml(
      "x",
      { xmlns: "jabber:x:data", type: "submit" },
      xml("field", { var: "FORM_TYPE", type: "hidden" }, xml("value", {}, MAM)),
      start === undefined ? undefined : field("start", start),
    );
    const set = xml("set", { xmlns: RSM }, xml("max", {}, String(PAGE)), place);
    try {
      const answer = await link().ask("set", room, xml("query", { xmlns: MAM, queryid: query }, form, set));
      const fin = childOf(answer, "fin", MAM);
      const [first, last] = ["first", "last"].map((name) => textOf(childOf(fin, "set", RSM), name));
      return { entries, first, last, complete: attributeOf(fin, "complete") === "true" || last === undefined };
    } finally {
      queries.delete(query);
    }
  }

  return {
    async *read(room, after, start) {
      let place = after;
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- each page names the one after it
        const { complete, entries, last } = await (place === undefined
          ? page(room, undefined, start)
          : page(room, xml("after", {}, place)));
        yield entries;
        if (complete || last === place) return;
        place = last;
      }
    },
    async *readBack(room) {
      let place: string | undefined;
      for (;;) {
        const before = place === undefined ? xml("before") : xml("before", {}, place);
        // oxlint-disable-next-line no-await-in-loop -- each page names the one before it
        const { complete, entries, first } = await page(room, before);
        yield entries;
        if (complete || first === undefined || first === place) return;
        place = first;
      }
    },
    take(message) {
      const result = childOf(message, "result", MAM);
      const query = queries.get(attributeOf(result, "queryid") ?? "");
      if (result === undefined || query === undefined) return false;
      const { entries, room } = query;
      if (bareOf(attributeOf(message, "from") ?? "") !== room) return true;
      const entry = faults.guard("a message of an archive", () => archivedEntry(result, room, trust));
      if (entry) entries.push(entry);
      return true;
    },
  };
}
