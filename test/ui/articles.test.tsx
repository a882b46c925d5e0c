import { fireEvent } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import type { Article, ArticlesApi } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { articlesFrom } from "../../src/adapter/articles.ts";

const articles: readonly Article[] = [
  { id: "1", language: "sl", title: "Naročila ni mogoče oddati", text: "Preverite **košarico**." },
  { id: "2", language: "en", title: "Where is the invoice?", text: "Under *My orders*." },
];
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });
const offer = "Ti članki vam lahko pomagajo";

async function openForm(more = articlesFrom(articles)) {
  const drawn = await openWidget({ adapter: { ...anasDesk(), articles: more }, route: "tickets/new" });
  await drawn.findByRole("form");
  return { ...drawn, title: () => drawn.getByRole("textbox", { name: "Naslov zahtevka" }) };
}

test("an article that matches the title is offered once, and opens in place; the form keeps its text", async () => {
  const { title, findByText, findAllByText, getByText, queryByText, user } = await openForm();
  await user.type(title(), "Naročilo se ne odda");
  await findAllByText(offer);
  await user.click(await findByText("Naročila ni mogoče oddati"));
  await findByText("košarico");
  expect(getByText("košarico").tagName).toBe("STRONG");
  expect(title()).toHaveProperty("value", "Naročilo se ne odda");

  type(title(), "");
  await expect.poll(() => queryByText("Naročila ni mogoče oddati")).toBeNull();
});

test("an article that can't be loaded says so, and is loaded on a retry", async () => {
  const all = articlesFrom(articles);
  const get = vi.fn<typeof all.get>(all.get).mockRejectedValueOnce(new AdapterError("network", "cut"));
  const { title, findByText, findByRole, user } = await openForm({ ...all, get });
  await user.type(title(), "Naročilo");
  await user.click(await findByText("Naročila ni mogoče oddati"));
  await findByText("Članka ni bilo mogoče naložiti.");
  await user.click(await findByRole("button", { name: "Poskusi znova" }));
  await findByText("košarico");
});

test("without a match, or if the search fails, nothing is offered and the issue can be sent", async () => {
  const search = vi.fn<ArticlesApi["search"]>(
    async () => await Promise.reject(new AdapterError("unavailable", "the desk is away")),
  );
  const { title, findByRole, getByRole, queryByText, user } = await openForm({ ...articlesFrom(articles), search });
  await user.type(title(), "Naročilo");
  await expect.poll(() => search.mock.calls.length).toBe(1);
  await user.type(getByRole("textbox", { name: "Kaj se je zgodilo?" }), "Nič.");
  await user.click(getByRole("button", { name: "Prijavi tehnično težavo" }));
  await findByRole("heading", { name: /Hvala/ });
  expect(queryByText(offer)).toBeNull();
});

test("a search begins after a pause in typing, and a late answer to an earlier title is not shown", async () => {
  const waiting: ((found: readonly Article[]) => void)[] = [];
  const search = vi.fn<ArticlesApi["search"]>(
    async () => await new Promise<readonly Article[]>((resolve) => waiting.push(resolve)),
  );
  const { title, findAllByText, queryByText, user } = await openForm({ ...articlesFrom(articles), search });
  await user.type(title(), "Račun");
  await expect.poll(() => waiting.length).toBe(1);
  type(title(), "");
  await user.type(title(), "Naročilo");
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.(articles.slice(0, 1));
  waiting[0]?.(articles.slice(1));
  await findAllByText(offer);
  expect(queryByText("Where is the invoice?")).toBeNull();
});

test.each<readonly [string, unknown]>([
  ["null", null],
  ["a list with null", [null, { id: 5, title: "x" }]],
  ["something like a list", { length: 3, slice: () => "abc" }],
])("a search that returns %s offers nothing, and the form stays", async (_what, answer) => {
  const search = vi.fn<ArticlesApi["search"]>(async () => answer as never);
  const { title, getByRole, queryByText, user } = await openForm({ ...articlesFrom(articles), search });
  await user.type(title(), "Naročilo");
  await expect.poll(() => search.mock.calls.length).toBe(1);
  expect(queryByText(offer)).toBeNull();
  getByRole("form");
});

test.each([[null], [undefined], [{ id: "1", title: "x" }], [{ id: "1", title: "x", text: 5 }]])(
  "an article that is %o could not be loaded",
  async (answer) => {
    const get = vi.fn<ArticlesApi["get"]>(async () => answer as never);
    const { title, findByText, getByRole, user } = await openForm({ ...articlesFrom(articles), get });
    await user.type(title(), "Naročilo");
    await user.click(await findByText("Naročila ni mogoče oddati"));
    await findByText("Članka ni bilo mogoče naložiti.");
    getByRole("form");
  },
);
