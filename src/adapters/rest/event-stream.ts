/** One server-sent event. `event` is empty where the stream names none. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events, HTML Standard section 9.2.6. Give it the text chunk by chunk, however it is cut and
 * without a byte order mark, as `TextDecoder` gives it; what is complete comes back. Of `id` and `retry` nothing is kept: a
 * cursor stands in the data, and when to connect again is the core's to say.
 */
export function createEventReader(): (chunk: string) => StreamEvent[] {
  let line = "";
  let afterReturn = false;
  let event = "";
  let data: string | undefined;

  return (chunk) => {
    // A line feed that follows a carriage return belongs to it, also when the next chunk brings it.
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
