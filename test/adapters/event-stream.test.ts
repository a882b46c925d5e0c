import { createParser } from "eventsource-parser";
import { describe, expect, test } from "vitest";
import { createEventReader, type StreamEvent } from "../../src/adapters/rest/event-stream.ts";

function read(chunks: readonly Uint8Array[]): StreamEvent[] {
  const [eventsIn, decoder] = [createEventReader(), new TextDecoder()];
  return chunks.flatMap((chunk) => eventsIn(decoder.decode(chunk, { stream: true })));
}

function readByLibrary(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({ onEvent: ({ event = "", data }) => void events.push({ event, data }) });
  parser.feed(text);
  return events;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** mulberry32: the same numbers in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function cut(bytes: Uint8Array, random: (below: number) => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + random(7);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

const lines = [
  "",
  "",
  "",
  "data: a",
  "data:b",
  "data:  two spaces",
  "data",
  "data:",
  'data: {"x":"č🎉\u2028"}',
  "data: a:b: c",
  "event: message",
  "event:problem",
  "event",
  "event: ",
  ": a comment",
  ":",
  "id: 5",
  "id: nul\0",
  "retry: 1000",
  "retry: x",
  "unknown: field",
  " data: not a field",
  "DATA: neither",
  "dat",
  "data:\u00a0x",
];

describe("a stream of server-sent events", () => {
  test("parses like the library, with any line ends and wherever it is split", () => {
    for (let seed = 0; seed < 2000; seed++) {
      const random = randomFrom(seed);
      const ends = ["\n", "\r\n", "\r"];
      const end = () => ends[seed % 4 === 3 ? random(3) : seed % 4] ?? "\n";
      const stream = Array.from({ length: random(14) }, () => `${lines[random(lines.length)]}${end()}`).join("");
      const text = `${seed % 5 === 0 ? "\ufeff" : ""}${stream}data: last\n\n`;
      expect({ text, events: read(cut(bytesOf(text), random)) }).toEqual({ text, events: readByLibrary(text) });
    }
  });

  test.each(["\n", "\r\n", "\r"])("returns an event as soon as its empty line has arrived, with %j", (end) => {
    const eventsIn = createEventReader();
    expect(eventsIn(`event: typing${end}data: 1${end}`)).toEqual([]);
    expect(eventsIn(end)).toEqual([{ event: "typing", data: "1" }]);
    expect(eventsIn(`data: 2${end}${end}`)).toEqual([{ event: "", data: "2" }]);
  });

  test("that ends in the middle of an event returns nothing of it", () => {
    expect(read([bytesOf("data: whole\n\ndata: half\n")])).toEqual([{ event: "", data: "whole" }]);
  });

  test("joins the lines of its data", () => {
    expect(read([bytesOf("data: 1\ndata\ndata: 3\n\n")])).toEqual([{ event: "", data: "1\n\n3" }]);
  });
});
