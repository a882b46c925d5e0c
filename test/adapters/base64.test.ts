import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesFromBase64 } from "../../src/adapter/files.ts";

const bytesOf = async (text: string) => {
  const pieces = await bytesFromBase64(text);
  return pieces && Buffer.concat(pieces);
};
const inLines = (text: string, length: number) => text.replaceAll(new RegExp(`.{${length}}`, "g"), "$&\n");

test("a file is decoded from base64 unchanged, with or without line breaks", async () => {
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 500 }),
    fc.integer({ min: 1, max: 80 }),
    async (bytes, length) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(await bytesOf(text)).toEqual(Buffer.from(bytes));
      expect(await bytesOf(inLines(text, length))).toEqual(Buffer.from(bytes));
    },
  );
  await fc.assert(property);
});

test("a file of several megabytes is decoded while other work continues", async () => {
  const bytes = Buffer.alloc(7.5 * 1024 * 1024, "Žagar 1234567");
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const found = await bytesOf(inLines(bytes.toString("base64"), 76));
  clearInterval(timer);
  expect(found?.equals(bytes)).toBe(true);
  expect(turns).toBeGreaterThanOrEqual(5);
});

test.each(["a", "a=b=", "Ž", "====", "<html>"])("invalid base64, such as %j, is no file", async (text) => {
  expect(await bytesFromBase64(text)).toBeUndefined();
});
