import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCursor, writeCursor } from "../../src/adapters/redmine/changes.ts";
import { readPlace as readListPlace } from "../../src/adapters/redmine/list.ts";
import * as znunyFeed from "../../src/adapters/znuny/changes.ts";
import { readPlace as readZnunyPlace } from "../../src/adapters/znuny/list.ts";
import { createSettling } from "../../src/adapter/settling.ts";

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ["a feed of Request Tracker's", (text) => createSettling(text).cursor()],
  ["a feed of Redmine's", readCursor],
  ["a list of Redmine's", readListPlace],
  ["a feed of Znuny's", znunyFeed.readCursor],
  ["a list of Znuny's", readZnunyPlace],
];
/** Of the characters that cursors have, and of any. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from("0129az.-_,:TZ")), maxLength: 400 }),
  fc.string({ unit: "binary", maxLength: 100 }),
);

function outcomeOf(read: (cursor: string) => unknown, cursor: string): string {
  try {
    return JSON.stringify(read(cursor));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.each(readers)("a forged cursor of %s is read or refused, whatever it is", (_what, read) => {
  fc.assert(
    fc.property(text, (cursor) => {
      expect(outcomeOf(read, cursor)).toMatch(/^(?:invalid$|(?!.*(?:null|NaN)))/);
    }),
    { numRuns: 2000 },
  );
});

test.each(readers)("a cursor of %s made to be slow is refused at once", (_what, read) => {
  // In quadratic time, this would take hours.
  for (const part of ["1-", "0.", "-", ".", "1.1-", "z"]) {
    expect(() => read(`1.${part.repeat(200_000)}!`)).toThrow(expect.objectContaining({ code: "invalid" }));
  }
});

test("the cursor of a feed of Redmine's comes back unchanged", () => {
  const id = fc.integer({ min: 1, max: 10 ** 9 });
  const step = fc.tuple(fc.constantFrom("i", "j"), id).map(([kind, number]) => `${kind}${number}`);
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 }), fc.array(step, { maxLength: 80 }), (second, told) => {
      expect(readCursor(writeCursor(second * 1000, told))).toEqual({ since: second * 1000, told });
    }),
  );
});

test("the cursor of a feed of Znuny's comes back as it was", () => {
  const id = fc.integer({ min: 1, max: 10 ** 9 });
  const step = fc.oneof(
    id.map((article) => `a${article}`),
    fc.tuple(id, fc.integer({ min: 1, max: 1000 })).map(([ticket, nth]) => `c${ticket}.${nth}`),
  );
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 }), fc.array(step, { maxLength: 80 }), (second, told) => {
      const cursor = znunyFeed.writeCursor(second * 1000, told);
      expect(znunyFeed.readCursor(cursor)).toEqual({ since: second * 1000, told });
    }),
  );
});
