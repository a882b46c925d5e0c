import { expect, test } from "vitest";
import { acceptedType } from "../../../src/core/contract/file-types.ts";

test.each([
  ["table.csv", "application/vnd.ms-excel", ["text/csv"], "text/csv"],
  ["table.csv", "", ["text/csv"], "text/csv"],
  ["table.csv", "text/csv;charset=utf-8", ["text/csv"], "text/csv"],
  ["table.CSV", "application/vnd.ms-excel", [".csv"], "text/csv"],
  ["app.log", "", ["text/plain"], "text/plain"],
  ["photo.HEIC", "", ["image/*"], "image/heic"],
  ["a.png", "image/png", ["image/*"], "image/png"],
  ["a.pdf", "application/pdf", undefined, "application/pdf"],
  ["a.bin", "", undefined, "application/octet-stream"],
  ["a.png", "text/html", ["image/*"], undefined],
  ["a.png", "application/x-msdownload", ["image/png"], undefined],
  ["a.exe", "", ["image/*", ".csv"], undefined],
  ["a.xls", "application/vnd.ms-excel", ["text/csv"], undefined],
  ["csv", "", [".csv"], undefined],
])("%s of type %j, where %j is taken, is taken as %s", (name, type, accept, taken) => {
  expect(acceptedType({ name, type }, accept)).toBe(taken);
});
