import { build } from "vite";
import { beforeAll, test } from "vitest";
import { storageCases } from "../support/storage-cases.ts";
import { createWorld } from "./world.ts";

/** IndexedDB, BroadcastChannel and Web Locks behave as the storages in memory do. */
const world = createWorld();
let code = "";

beforeAll(async () => {
  const output = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, lib: { entry: "test/browser/own-storage.ts", formats: ["iife"], name: "storage" } },
  });
  const [bundle] = [output].flat();
  if (!bundle || !("output" in bundle)) throw new Error("nothing was built");
  code = bundle.output[0].code;
});

test("the browser's own storage fulfils the contract", async ({ expect }) => {
  const page = await world.visitTag({});
  await page.addScriptTag({ content: code });
  const failed: string[] = [];
  for (const name of Object.keys(storageCases)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const outcome = await page.evaluate(
      (each) =>
        (window as unknown as { runStorageCase(name: string): Promise<void> }).runStorageCase(each).then(
          () => "",
          (error: unknown) => String(error),
        ),
      name,
    );
    if (outcome) failed.push(`${name}: ${outcome}`);
  }
  expect(failed).toEqual([]);
});
