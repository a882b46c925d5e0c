import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readStreamPlace, writeStreamPlace } from "../../src/adapters/redmine/cursor.ts";
import { readPlace as readListPlace } from "../../src/adapters/redmine/place.ts";
import { readPlace } from "../../src/adapters/request-tracker/place.ts";

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ["a stream of Request Tracker's", readPlace],
  ["a stream of Redmine's", readStreamPlace],
  ["a list of Redmine's", readListPlace],
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

test.each(readers)("a cursor of %s that was made by hand is read or refused, whatever it is", (_what, read) => {
  fc.assert(
    fc.property(text, (cursor) => {
      expect(outcomeOf(read, cursor)).toMatch(/^(?:invalid$|(?!.*(?:null|NaN)))/);
    }),
    { numRuns: 2000 },
  );
});

test.each(readers)("one of %s that is made to be slow to read is refused at once", (_what, read) => {
  // Where the time grew with the square of the length, this would take hours.
  for (const part of ["1-", "0.", "-", ".", "1.1-", "z"]) {
    expect(() => read(`1.${part.repeat(200_000)}!`)).toThrow(expect.objectContaining({ code: "invalid" }));
  }
});

test("a place in a stream of Redmine's comes back as it was", () => {
  const id = fc.integer({ min: 1, max: 10 ** 9 });
  const place = fc.record({
    since: fc.nat({ max: 2 ** 31 }),
    told: fc.array(
      fc.tuple(fc.constantFrom("i", "j"), id).map(([kind, number]) => `${kind}${number}`),
      { maxLength: 80 },
    ),
    known: fc.array(id, { maxLength: 50 }),
  });
  fc.assert(
    fc.property(place, (one) => {
      expect(readStreamPlace(writeStreamPlace(one) ?? "")).toEqual(one);
    }),
  );
});
