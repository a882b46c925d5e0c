import { expect, test } from "vitest";
import { createOwners } from "../../src/adapter/index.ts";

test("tickets that changed before are forgotten before those that change now", () => {
  const owners = createOwners(3);
  owners.learn([
    ["newest", ["ana"]],
    ["older", ["boris"]],
  ]);
  owners.set("changed", ["ana"]);
  owners.set("created", ["ana"]);
  expect(owners.ids()).toEqual(["newest", "changed", "created"]);
});

test("an earlier page adds only as many tickets as there is room for, the last changed first", () => {
  const owners = createOwners(3);
  owners.set("known", ["ana"]);
  owners.learn([
    ["known", ["boris"]],
    ["nobody's", []],
    ["second", ["ana"]],
    ["third", ["ana"]],
    ["fourth", ["ana"]],
  ]);
  expect(owners.ids()).toEqual(["third", "second", "known"]);
  expect(owners.lose("known")).toEqual(["ana"]);
});

test("checking every ticket while there are too many forgets none of them before its own check", () => {
  const owners = createOwners(3);
  for (const id of ["1", "2", "3", "4"]) owners.set(id, ["ana"]);
  const gone = ["1", "2", "3", "4"].flatMap((id) => owners.check(id, id === "4" ? [] : ["ana"]));
  expect(gone).toEqual(["ana"]);
  expect(owners.ids()).toEqual(["2", "3"]);
});
