import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Adapter } from "../../src/core/contract/adapter.ts";
import { createPodpora } from "../../src/embed/module.ts";
import { behindGateway, anasSession } from "../support/behind-gateway.ts";
import { consoleMessages, panel, panelReady, widgetElement, widgetOnPage, widgetRoot } from "../support/page.ts";
import { anasDesk } from "../support/scope.ts";

const settled = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

/** The channels to other tabs that are open. */
const channels = new Set<object>();

beforeEach(() => {
  channels.clear();
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      constructor() {
        channels.add(this);
      }
      addEventListener() {}
      postMessage() {}
      close() {
        channels.delete(this);
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

function onPage<Tag extends keyof HTMLElementTagNameMap>(tag: Tag): HTMLElementTagNameMap[Tag] {
  const element = document.body.appendChild(document.createElement(tag));
  onTestFinished(() => element.remove());
  return element;
}

/** The names of the events on `window`. */
function eventsOnWindow(): readonly string[] {
  const heard: string[] = [];
  const types = ["open", "close", "route", "unread", "error", "ready"].map((name) => `podpora:${name}`);
  const listener = ({ type }: Event) => void heard.push(type);
  for (const type of types) window.addEventListener(type, listener);
  onTestFinished(() => {
    for (const type of types) window.removeEventListener(type, listener);
  });
  return heard;
}

describe("a page with names of its own", () => {
  test("a section with the id podpora keeps it, and the widget starts", () => {
    const section = onPage("section");
    section.id = "podpora";
    widgetOnPage();
    expect(widgetElement()?.isConnected).toBe(true);
    expect(document.getElementById("podpora")).toBe(section);
  });

  test("a second widget on the same page is refused while the first one lives, also when it is off the page", () => {
    const help = widgetOnPage();
    expect(() => createPodpora({ adapter: anasDesk() })).toThrow("already on this page");
    widgetElement()?.remove();
    expect(() => createPodpora({ adapter: anasDesk() })).toThrow("already on this page");
    help.destroy();
    createPodpora({ adapter: anasDesk() }).destroy();
  });
});

test("a page that replaces its body has the open panel again, and opening it shows it", async () => {
  const help = widgetOnPage();
  await help.open("tickets/new");
  await panelReady();
  const before = panel();
  document.body.replaceWith(document.createElement("body"));
  await expect.poll(panel).toBe(before);
  await expect.poll(() => panel()?.hidden).toBe(false);
  expect(help.info()).toMatchObject({ open: true, route: "tickets/new" });
});

test("open() rejects if the page prevents showing anything", async () => {
  consoleMessages();
  const help = widgetOnPage();
  const element = widgetElement();
  const observer = new MutationObserver(() => element?.remove());
  observer.observe(document.body, { childList: true });
  onTestFinished(() => observer.disconnect());
  element?.remove();
  await settled();
  await expect(help.open()).rejects.toThrow("keeps removing the widget");
});

describe("destroy()", () => {
  test("while it opens leaves nothing: no event, no adapter, no channel, no element", async () => {
    const heard = eventsOnWindow();
    const adapter = vi.fn<() => Adapter>(() => anasDesk());
    const help = widgetOnPage({ adapter });
    await settled();
    const opening = help.open("chat");
    help.destroy();
    await opening;
    await settled(50);
    expect(heard).toEqual(["podpora:ready"]);
    expect(adapter).not.toHaveBeenCalled();
    expect(channels.size).toBe(0);
    expect(widgetElement()).toBeUndefined();
  });

  test("by a listener of the opening panel leaves nothing either", async () => {
    const help = widgetOnPage();
    help.on("open", () => help.destroy());
    await help.open();
    await settled(50);
    expect(channels.size).toBe(0);
    expect(widgetElement()).toBeUndefined();
  });

  test("while the site's adapter is being created disposes of it", async () => {
    const dispose = vi.fn<() => void>();
    let give: (adapter: Adapter) => void = () => undefined;
    const made = new Promise<Adapter>((resolve) => (give = resolve));
    const adapter = vi.fn<() => Promise<Adapter>>(() => made);
    const help = widgetOnPage({ adapter });
    await help.open();
    await vi.waitUntil(() => adapter.mock.calls.length > 0);
    help.destroy();
    give({ ...anasDesk(), dispose });
    await vi.waitUntil(() => dispose.mock.calls.length > 0);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  test("makes later calls do nothing, and resolve", async () => {
    const heard = eventsOnWindow();
    const adapter = vi.fn<() => Adapter>(() => anasDesk());
    const help = widgetOnPage({ adapter });
    help.destroy();
    await help.open("chat");
    await help.toggle();
    await help.navigate("chat");
    await help.prefill({ title: "x" });
    await help.identify({ token: "x" });
    await help.logout();
    help.show();
    help.close();
    help.destroy();
    await settled(50);
    expect(help.info()).toMatchObject({ open: false, signedIn: false });
    expect([heard, adapter.mock.calls.length]).toEqual([[], 0]);
  });

  test("closes the channel to the other tabs, however often the widget is created", async () => {
    for (let round = 0; round < 3; round++) {
      const help = widgetOnPage();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await help.open();
      help.destroy();
    }
    await settled(50);
    expect(channels.size).toBe(0);
  });

  test("removes every listener that the widget added to the page", async () => {
    const there = new Set<string>();
    const names = new Map<unknown, number>();
    const nameOf = (type: string, listener: unknown) => {
      if (!names.has(listener)) names.set(listener, names.size);
      return `${type} ${names.get(listener)}`;
    };
    for (const target of [window, document]) {
      const add = target.addEventListener.bind(target);
      const remove = target.removeEventListener.bind(target);
      vi.spyOn(target, "addEventListener").mockImplementation((type: string, ...rest: unknown[]) => {
        const [listener, options] = rest;
        const name = nameOf(type, listener);
        there.add(name);
        const life: unknown = Reflect.get(Object(options), "signal");
        if (life instanceof AbortSignal) life.addEventListener("abort", () => there.delete(name));
        Reflect.apply(add, target, [type, ...rest]);
      });
      vi.spyOn(target, "removeEventListener").mockImplementation((type: string, ...rest: unknown[]) => {
        there.delete(nameOf(type, rest[0]));
        Reflect.apply(remove, target, [type, ...rest]);
      });
    }
    onTestFinished(() => void vi.restoreAllMocks());
    const help = createPodpora({ adapter: behindGateway(anasDesk(), anasSession), locale: "en" });
    await help.open();
    await panelReady();
    help.destroy();
    expect([...there]).toEqual([]);
  });

  test("leaves no running timer", async () => {
    const running = new Set<unknown>();
    const { setInterval: begin, clearInterval: end } = globalThis;
    vi.stubGlobal("setInterval", (...given: Parameters<typeof setInterval>) => {
      const timer = begin(...given);
      running.add(timer);
      return timer;
    });
    vi.stubGlobal("clearInterval", (timer: Parameters<typeof clearInterval>[0]) => {
      running.delete(timer);
      end(timer);
    });
    const help = widgetOnPage();
    await help.open("chat");
    await panelReady();
    await vi.waitUntil(() => running.size > 0);
    help.destroy();
    await settled(50);
    expect(running.size).toBe(0);
  });

  test("is followed by a closed widget if another one is created", async () => {
    const help = widgetOnPage();
    await help.open();
    help.destroy();
    const next = widgetOnPage();
    await settled(50);
    expect(next.info().open).toBe(false);
    await next.open("chat");
    expect(next.info()).toMatchObject({ open: true, route: "chat" });
  });
});

describe("close()", () => {
  test("leaves the focus where the member is typing in the page", async () => {
    const input = onPage("input");
    const help = widgetOnPage();
    await help.open();
    await panelReady();
    input.focus();
    help.close();
    await settled();
    expect(document.activeElement).toBe(input);
  });

  test("returns the focus to the button that opened it, also in a web component", async () => {
    const button = onPage("div").attachShadow({ mode: "open" }).appendChild(document.createElement("button"));
    button.focus();
    const help = widgetOnPage();
    await help.open();
    await panelReady();
    panel()?.focus();
    help.close();
    await expect.poll(() => button.getRootNode()).toHaveProperty("activeElement", button);
  });

  test("never gives the focus to a launcher that the site has hidden", async () => {
    const help = widgetOnPage();
    await help.open();
    await panelReady();
    help.hide();
    panel()?.focus();
    help.close();
    await settled();
    expect(widgetRoot().activeElement).not.toBe(widgetRoot().querySelector(".launcher"));
  });
});

test("calls of a listener during the first opening are executed", async () => {
  const help = widgetOnPage();
  help.on("open", () => void help.navigate("chat"));
  await help.open();
  await expect.poll(() => help.info().route).toBe("chat");
});

describe("options", () => {
  test.each<[object, string]>([
    [{ colour: "red" }, '"colour" is no option; set the CSS property --podpora-accent'],
    [{ primaryColor: "#f00" }, '"primaryColor" is no option; set the CSS property --podpora-accent'],
    [{ tokenurl: "/token" }, '"tokenurl" is no option; did you mean "tokenUrl" (on the tag: data-podpora-token-url)?'],
    [{ endpiont: "/podpora" }, '"endpiont" is no option; did you mean "endpoint" (on the tag: data-podpora-endpoint)?'],
    [{ language: "sl" }, '"language" is no option; use "locale".'],
    [{ zebra: 1 }, '"zebra" is no option; use one of endpoint, adapter, locale'],
  ])("%o is reported to the site's developer, with what was meant", (options, message) => {
    const messages = consoleMessages();
    widgetOnPage(options);
    expect(messages).toEqual([expect.stringContaining(message)]);
  });
});

test("a browser that is too old gets a message in the console, and no button that can't work", async () => {
  const messages = consoleMessages();
  vi.stubGlobal("AbortSignal", {});
  const help = widgetOnPage();
  expect(widgetElement()).toBeUndefined();
  expect(messages).toEqual([expect.stringContaining("too old for the widget: it has no AbortSignal.any")]);
  await help.open();
});

describe("the language", () => {
  test("of the launcher is the member's last choice; nothing is stored before", async () => {
    const help = widgetOnPage();
    expect(widgetRoot().querySelector(".launcher")?.getAttribute("aria-label")).toBe("Help");
    expect(localStorage.length).toBe(0);
    help.destroy();
    localStorage.setItem("podpora:language", "sl");
    widgetOnPage();
    expect(widgetRoot().querySelector(".launcher")?.getAttribute("aria-label")).toBe("Pomoč");
  });

  test("that was chosen but is no longer offered is not used", () => {
    localStorage.setItem("podpora:language", "fi");
    widgetOnPage({ locale: "de" });
    expect(widgetRoot().querySelector(".launcher")?.getAttribute("aria-label")).toBe("Hilfe");
  });
});
