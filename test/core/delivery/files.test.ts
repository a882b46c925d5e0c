import { createModel } from "@preact/signals-core";
import { expect, test } from "vitest";
import { createFiles } from "../../../src/core/delivery/files.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { bench, picture } from "../../support/scope.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("the files of a draft are loaded when those of an earlier page are there, though one is added meanwhile", async () => {
  const storage = memoryStorage();
  const before = bench(undefined, storage);
  const Model = createModel((scope: ReturnType<typeof bench>) => {
    const f = createFiles(scope, "files");
    return { files: f.files, add: f.add, loaded: f.loaded };
  });
  const first = new Model(before);
  await first.loaded();
  first.add([picture("a.png")]);
  await settled();
  await settled();
  before.leave();
  const second = new Model(bench(undefined, storage));
  second.add([picture("b.png")]);
  await second.loaded();
  expect(second.files.value.map(({ file }) => file.name).toSorted()).toEqual(["a.png", "b.png"]);
});
