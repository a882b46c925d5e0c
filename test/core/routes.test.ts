import { expect, test } from "vitest";
import { formatRoute, parseRoute } from "../../src/core/routes.ts";

test.each(["tickets", "tickets/new", "tickets/42", "tickets/a%2Fb", "chat"])("%s reads and writes the same", (text) => {
  const route = parseRoute(text);
  expect(route && formatRoute(route)).toBe(text);
});

test.each(["", "ticket", "chat/1", "tickets/1/2", "javascript:alert(1)"])("%j is no route", (text) => {
  expect(parseRoute(text)).toBeUndefined();
});

test("a ticket's id that is badly escaped is taken as it is", () => {
  expect(parseRoute("tickets/100%")).toEqual({ tab: "tickets", view: "ticket", id: "100%" });
});
