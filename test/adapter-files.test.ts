import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const guide = readFileSync(new URL("../docs/write-an-adapter.md", import.meta.url), "utf8");
const listed = [...guide.matchAll(/^\| `(\w+\.ts)` \|/gm)].map(([, name]) => name);

test.each(["redmine", "request-tracker", "znuny"])(
  "the folder of %s has the files that docs/write-an-adapter.md lists",
  (desk) => {
    const files = readdirSync(new URL(`../src/adapters/${desk}/`, import.meta.url));
    expect(new Set(files)).toEqual(new Set(listed));
  },
);
