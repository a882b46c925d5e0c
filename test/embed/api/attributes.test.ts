import { describe, expect, test } from "vitest";
import { createAttributes } from "../../../src/embed/api/attributes.ts";
import { consoleMessages } from "../../support/page.ts";

const read = ({ current }: ReturnType<typeof createAttributes>) =>
  Object.fromEntries(current.value.map(({ name, value }) => [name, value]));

test("texts, numbers and switches are kept as text, in the order in which they were set; null removes one", () => {
  const attributes = createAttributes();
  attributes.set({ plan: "Pro", seats: 12 });
  attributes.set({ trial: false, plan: "Team" });
  expect(attributes.current.value).toEqual([
    { name: "plan", value: "Team" },
    { name: "seats", value: "12" },
    { name: "trial", value: "false" },
  ]);
  attributes.set({ seats: null, absent: null });
  expect(read(attributes)).toEqual({ plan: "Team", trial: "false" });
});

describe("a wrong value is reported by name, with the fix, and nothing is lost", () => {
  test.each([
    ["a text instead of values", "Pro", '"set" takes an object of values by name'],
    ["nothing", undefined, '"set" takes an object of values by name'],
    ["a list", ["Pro"], '"set" takes an object of values by name'],
    ["undefined", { plan: undefined }, '"plan" is no text, number, true or false'],
    ["an object", { plan: { name: "Pro" } }, '"plan" is no text, number, true or false'],
    ["an element of the page", { plan: document.body }, '"plan" is no text, number, true or false'],
    ["not a number", { plan: Number.NaN }, '"plan" is no text, number, true or false'],
    ["an empty text", { plan: " " }, '"plan" has no value; set it to null to remove it'],
    ["no name", { "": "Pro" }, '"" has no name; give it one'],
    ["a long name", { ["n".repeat(65)]: "Pro" }, "has a name of more than 64 characters; shorten it"],
    ["a long value", { plan: "x".repeat(501) }, '"plan" has a value of more than 500 characters; shorten it'],
    ["a second line", { plan: "Pro\nError: forged" }, '"plan" contains a line break, or a control'],
    ["another kind of line break", { plan: "Pro\u2028x" }, '"plan" contains a line break, or a control'],
    ["a direction character", { plan: "Pro \u202Eorp" }, '"plan" contains a line break, or a control or direction'],
    ["a control character in a name", { "a\0": "Pro" }, "contains a line break, or a control"],
    ["half a character", { plan: "\uD83D" }, '"plan" contains a line break, or a control'],
  ])("%s", (_what, given, message) => {
    const messages = consoleMessages();
    const attributes = createAttributes();
    attributes.set({ cart: "12 items" });
    // @ts-expect-error -- a page without types
    attributes.set(given);
    expect(messages).toEqual([expect.stringContaining(message)]);
    expect(read(attributes)).toEqual({ cart: "12 items" });
  });

  test("the others of the same call are taken", () => {
    const messages = consoleMessages();
    const attributes = createAttributes();
    attributes.set({ plan: "Pro", cart: "", seats: 3 });
    expect(read(attributes)).toEqual({ plan: "Pro", seats: "3" });
    expect(messages).toHaveLength(1);
  });

  test("the twenty-first", () => {
    const messages = consoleMessages();
    const attributes = createAttributes();
    attributes.set(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`n${index}`, index])));
    expect(attributes.current.value).toHaveLength(20);
    expect(messages).toEqual([expect.stringContaining('"n20" is one more than the 20 that are possible; remove')]);
    attributes.set({ n0: "changed", n1: null, n20: "now" });
    expect(read(attributes)).toMatchObject({ n0: "changed", n20: "now" });
  });
});

test("names of an object's own machinery are ordinary names", () => {
  const attributes = createAttributes();
  attributes.set(JSON.parse('{ "__proto__": "a", "constructor": "b" }'));
  expect(attributes.current.value).toEqual([
    { name: "__proto__", value: "a" },
    { name: "constructor", value: "b" },
  ]);
});

describe("they belong to one member", () => {
  const ana = { token: "a" };
  const boris = { token: "b" };

  test("another member and a sign-out remove them; a guest who signs in keeps them", () => {
    const attributes = createAttributes();
    attributes.set({ plan: "Pro" });
    attributes.settle("guest");
    attributes.settle("member:ana");
    expect(read(attributes)).toEqual({ plan: "Pro" });
    attributes.settle("member:ana");
    expect(read(attributes)).toEqual({ plan: "Pro" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({});
    attributes.set({ plan: "Team" });
    attributes.settle("guest");
    expect(read(attributes)).toEqual({});
    attributes.set({ plan: "Team" });
    attributes.clear();
    expect(read(attributes)).toEqual({});
  });

  test("what is set after identify() is the next member's, also before they are known", () => {
    const attributes = createAttributes();
    attributes.identify(ana);
    attributes.set({ plan: "Ana's", cart: "Ana's" });
    attributes.settle("member:ana");
    attributes.identify(boris);
    attributes.set({ plan: "Boris's" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({ plan: "Boris's" });
  });

  test("a new token of the same member removes nothing", () => {
    const attributes = createAttributes();
    attributes.identify(ana);
    attributes.set({ plan: "Pro" });
    attributes.settle("member:ana");
    attributes.identify({ token: "newer" });
    attributes.set({ cart: "12" });
    attributes.settle("member:ana");
    expect(read(attributes)).toEqual({ plan: "Pro", cart: "12" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({});
  });

  test("those of a member who was never known are not the next one's", () => {
    const attributes = createAttributes();
    attributes.identify(ana);
    attributes.set({ plan: "Ana's" });
    attributes.identify(boris);
    attributes.set({ cart: "Boris's" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({ cart: "Boris's" });
  });

  test("identify() with the same token again changes nothing", () => {
    const attributes = createAttributes();
    const first = attributes.identify(ana);
    attributes.set({ plan: "Pro" });
    const second = attributes.identify({ token: "a" });
    expect([first(), second()]).toEqual([false, true]);
    attributes.settle("member:ana");
    expect(read(attributes)).toEqual({ plan: "Pro" });
  });

  test("what is set while a member is being signed in is not in the ticket of the one before", () => {
    const attributes = createAttributes();
    attributes.settle("member:ana");
    attributes.set({ plan: "Ana's" });
    attributes.identify(boris);
    attributes.set({ vat: "Boris's", plan: null });
    expect(read(attributes)).toEqual({ plan: "Ana's" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({ vat: "Boris's" });
  });

  test("those of a member who could not be signed in stay a guest's, and do not go over to the next member", () => {
    const attributes = createAttributes();
    attributes.identify(boris);
    attributes.set({ plan: "Boris's" });
    attributes.settle("guest");
    expect(read(attributes)).toEqual({ plan: "Boris's" });
    attributes.identify({ token: "carla" });
    attributes.set({ cart: "Carla's" });
    attributes.settle("member:carla");
    expect(read(attributes)).toEqual({ cart: "Carla's" });
  });

  test("twenty values of one member leave room for those of the next", () => {
    const attributes = createAttributes();
    attributes.settle("member:ana");
    attributes.set(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a${index}`, "x"])));
    attributes.identify(boris);
    attributes.set({ plan: "Boris's" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({ plan: "Boris's" });
  });

  test("one getToken for every member: what is set after each call is the next one's", () => {
    const attributes = createAttributes();
    const site = { getToken: async () => "token" };
    attributes.identify(site);
    attributes.settle("member:ana");
    attributes.identify(site);
    attributes.set({ plan: "Boris's" });
    attributes.settle("member:boris");
    expect(read(attributes)).toEqual({ plan: "Boris's" });
  });
});
