/** A tab may have missed this many events between reading the data and subscribing. */
const keptAtMost = 200;

/** The last events of a stream, for tabs that come later. */
export function createRecentEvents<Event extends { readonly cursor?: string }>() {
  let events: Event[] = [];
  /** The cursor before the first of the events. */
  let from: { readonly cursor: string | undefined } | undefined;
  return {
    /** The stream starts at this cursor. Without one it has earlier events only if it starts with all past events. */
    startAt(cursor: string | undefined, fromStart: boolean) {
      events = [];
      from = cursor === undefined && !fromStart ? undefined : { cursor };
    },
    add(event: Event) {
      events.push(event);
      if (events.length <= keptAtMost) return;
      const oldest = events.shift();
      from = oldest?.cursor === undefined ? undefined : { cursor: oldest.cursor };
    },
    clear() {
      events = [];
      from = undefined;
    },
    /** All events after this cursor; undefined if some of them were dropped. */
    after(cursor: string | undefined): readonly Event[] | undefined {
      if (from && from.cursor === cursor) return events;
      const index = cursor === undefined ? -1 : events.findIndex((event) => event.cursor === cursor);
      return index === -1 ? undefined : events.slice(index + 1);
    },
  };
}
