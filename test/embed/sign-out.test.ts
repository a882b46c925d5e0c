import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../../src/core/contract/adapter.ts";
import type * as Catalogs from "../../src/i18n/every-language.ts";
import { rememberFor } from "../../src/loader/remembered.ts";
import { anasSession, nobodysSession } from "../support/behind-gateway.ts";
import { consoleMessages, panelReady, widgetOnPage, widgetRoot } from "../support/page.ts";
import { anasDesk } from "../support/scope.ts";

const texts = vi.hoisted(() => ({ areThere: true, onLoad: () => {} }));
vi.mock("../../src/i18n/every-language.ts", async (original) => {
  const { catalog } = await original<typeof Catalogs>();
  return {
    catalog: {
      ...catalog,
      load: async (language: string) => {
        texts.onLoad();
        if (!texts.areThere) throw new Error("the texts can't be fetched");
        return await catalog.load(language);
      },
    },
  };
});

beforeEach(() => {
  texts.areThere = true;
  texts.onLoad = () => {};
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      addEventListener() {}
      postMessage() {}
      close() {}
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const follows = () => localStorage.getItem("podpora:follow") !== null;

/** A gateway at which Ana is signed in, until she signs out. */
function anasGateway() {
  let session: Session = anasSession;
  const signOut = vi.fn<() => Promise<void>>(async () => {
    session = nobodysSession;
  });
  return { adapter: { ...anasDesk({ accounts: [] }), session: { current: async () => session, signOut } }, signOut };
}

test("logout() works without a network: nothing has to be fetched for it", async () => {
  consoleMessages();
  texts.areThere = false;
  rememberFor("follow", "1");
  const help = widgetOnPage({ adapter: anasGateway().adapter });
  await expect(help.logout()).resolves.toBeUndefined();
  expect(follows()).toBe(false);
});

test("logout() works after an opening that failed because of the network", async () => {
  consoleMessages();
  texts.areThere = false;
  const help = widgetOnPage({ adapter: anasGateway().adapter });
  await expect(help.open()).rejects.toThrow("the texts can't be fetched");
  await expect(help.logout()).resolves.toBeUndefined();
  expect(help.info().signedIn).toBe(false);
});

test("logout() while the app starts is done, and leaves nothing for the next page to do", async () => {
  const help = widgetOnPage({ adapter: anasGateway().adapter });
  let leaving: Promise<void> | undefined;
  let loads = 0;
  texts.onLoad = () => {
    loads += 1;
    // The first is the loader's. Before the app asks for its texts it has looked for what is to be wiped.
    if (loads === 2) leaving = help.logout();
  };
  await help.open();
  await leaving;
  expect(localStorage.getItem("podpora:sign-out")).toBeNull();
});

test("signing out in the widget's own menu asks the gateway for nothing on the site's next pages", async () => {
  const { adapter, signOut } = anasGateway();
  const help = widgetOnPage({ adapter });
  await help.open();
  await panelReady();
  await vi.waitUntil(follows);
  const button = async (name: string) =>
    await vi.waitUntil(() =>
      [...widgetRoot().querySelectorAll("button")].find(
        (each) => each.textContent === name || each.getAttribute("aria-label") === name,
      ),
    );
  const menu = widgetRoot().querySelector<HTMLButtonElement>(".account button");
  menu?.click();
  (await button("Sign out")).click();
  await vi.waitUntil(() => !help.info().signedIn);
  await vi.waitUntil(() => !follows());
  expect(signOut).toHaveBeenCalledOnce();
});
