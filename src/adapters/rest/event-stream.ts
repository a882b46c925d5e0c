/** One server-sent event. `event` is empty if the stream names none. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Parses a stream of server-sent events, HTML Standard section 9.2.6. Takes text chunk by chunk, split anywhere and
 * without a byte order mark, as `TextDecoder` returns it; returns the complete events. `id` and `retry` are ignored:
 * the data has the cursor, and the core decides when to reconnect.
 */
export function createEventReader(): (chunk: string) => StreamEvent[] {
  let line = "";
  let afterReturn = false;
  let event = "";
  let data: string | undefined;

  return (chunk) => {
    // A line feed after a carriage return belongs to it, even if it is in the next chunk.
    const lines = (line + (afterReturn ? chunk.replace(/^\n/, "") : chunk)).split(/\r\n|\r|\n/);
    afterReturn = chunk === "" ? afterReturn : chunk.endsWith("\r");
    line = lines.pop() ?? "";

    const events: StreamEvent[] = [];
    for (const each of lines) {
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(each) ?? [];
      if (each === "") {
        if (data !== undefined) events.push({ event, data });
        event = "";
        data = undefined;
      } else if (field === "event") event = value;
      else if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
    }
    return events;
  };
}
