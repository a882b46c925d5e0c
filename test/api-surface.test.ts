import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiSurface, surfaceFile } from "../scripts/api-surface.ts";

test("docs/api-surface.txt has the public names and types as they are: `npm run api` writes it", () => {
  expect(apiSurface()).toBe(readFileSync(surfaceFile, "utf8"));
}, 60_000);
