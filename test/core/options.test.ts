import { expect, test } from "vitest";
import { checkOptions } from "../../src/core/options.ts";

const endpoint = "https://help.example.org/podpora";
const check = (options: object) => () => checkOptions(options, "https://www.example.org/");

test("an endpoint is enough, and may be relative to the page", () => {
  expect(check({ endpoint })).not.toThrow();
  expect(check({ endpoint: "/podpora" })).not.toThrow();
});

test.each([
  [{}, '"endpoint" is missing'],
  [{ endpoint: "http://" }, '"endpoint" is "http://"'],
  [{ endpoint: "javascript:alert(1)" }, '"endpoint" is "javascript:alert(1)"'],
  [{ endpoint, theme: "blue" }, '"theme" is "blue"; set it to one of auto, light, dark'],
  [{ endpoint, position: "left" }, '"position" is "left"'],
  [{ endpoint, locale: "slovene language" }, '"locale" is "slovene language"'],
  [{ endpoint, route: "ticket/1" }, '"route" is "ticket/1"'],
  [{ endpoint, tokenUrl: "ftp://x" }, '"tokenUrl" is "ftp://x"'],
  [{ endpoint, texts: "Orders" }, '"texts" is "Orders"; set it to texts by language and key'],
  [{ endpoint, texts: { en: { tab: 1 } } }, '"texts" is {"en":{"tab":1}}'],
])("%j is refused by name, with the fix", (options, message) => {
  expect(check(options)).toThrow(message);
});
