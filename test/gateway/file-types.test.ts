import { expect, test } from "vitest";
import { downloadType } from "../../src/gateway/file-types.ts";

test.each([
  ["application/pdf", "application/pdf"],
  ["image/png", "image/png"],
  ["text/plain", "text/plain"],
  ["text/html", "application/octet-stream"],
  ["image/svg+xml", "application/octet-stream"],
  ["", "application/octet-stream"],
])("a download of %o arrives as %s: nothing that a browser would run", (told, given) => {
  expect(downloadType(told)).toBe(given);
});
