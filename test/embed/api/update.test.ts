import { within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { OptionsError } from "../../../src/core/options.ts";
import { type Command, runScriptTag } from "../../../src/loader/script-tag.ts";
import { startScriptApp } from "../../../src/embed/start-script-app.ts";
import { catalog } from "../../../src/i18n/every-language.ts";
import { behindGateway, anasSession } from "../../support/behind-gateway.ts";
import { consoleMessages, panelReady, widgetElement, widgetOnPage, widgetRoot } from "../../support/page.ts";
import { anasDesk } from "../../support/scope.ts";

const launcher = () => widgetRoot().querySelector<HTMLElement>("[part=launcher]");
const label = () => launcher()?.getAttribute("aria-label");

afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe("before the widget is opened", () => {
  test("the launcher's name, corner and theme change at once, and nothing is fetched", async () => {
    const help = widgetOnPage({ locale: "en", adapter: () => Promise.reject(new Error("asked")) });
    void help.update({ locale: "sl", position: "start", theme: "dark" });
    await Promise.resolve();
    expect([label(), launcher()?.lang]).toEqual(["Pomoč", "sl"]);
    expect(widgetElement()?.dataset).toMatchObject({ theme: "dark", position: "start" });
    expect(help.info().locale).toBe("sl");
    await help.update({ texts: { sl: { "start.open": "Vprašajte nas" } }, theme: undefined });
    expect(label()).toBe("Vprašajte nas");
    expect(widgetElement()?.dataset["theme"]).toBe("auto");
  });

  test("the panel opens with all changes", async () => {
    const help = widgetOnPage({ locale: "en" });
    await help.update({ locale: "sl", texts: { sl: { "tickets.tab": "Naročila" } } });
    await help.update({ theme: "dark" });
    await help.open();
    const panel = await panelReady();
    expect(panel.querySelector("[role=tab]")?.textContent).toContain("Naročila");
    expect(help.info().locale).toBe("sl");
    expect(widgetElement()?.dataset["theme"]).toBe("dark");
  });
});

describe("while the panel is open", () => {
  test("language and wording change in place: the same element keeps its text", async () => {
    const help = widgetOnPage({ locale: "en" });
    await help.open("tickets/new");
    const panel = await panelReady();
    const input = await within(panel).findByRole("textbox", { name: "Issue title" }, { timeout: 10_000 });
    await help.prefill({ title: "My order" });
    await help.update({ locale: "sl" });
    await expect.poll(() => panel.lang).toBe("sl");
    expect(within(panel).getByRole("textbox", { name: "Naslov zahtevka" })).toBe(input);
    expect(input).toHaveProperty("value", "My order");
    await help.update({ texts: { sl: { "form.subject": "Za kaj gre" } } });
    await expect.poll(() => within(panel).queryByRole("textbox", { name: "Za kaj gre" })).toBe(input);
    expect(help.info()).toMatchObject({ open: true, route: "tickets/new", locale: "sl" });
  });

  test("the launcher's label follows the wording", async () => {
    const help = widgetOnPage({ locale: "en" });
    await help.open();
    await panelReady();
    help.close();
    await help.update({ texts: { en: { "start.open": "Ask us" } } });
    await expect.poll(label).toBe("Ask us");
    await help.update({ texts: undefined });
    await expect.poll(label).toBe("Help");
  });

  test("a visitor who has to sign in gets the site's new link, or none", async () => {
    const closed = { allowed: false, reason: "sign-in" } as const;
    const { accounts: _, ...desk } = anasDesk();
    const adapter = behindGateway(desk, { access: { tickets: closed, chat: closed } });
    const help = widgetOnPage({ locale: "en", signInUrl: "/old", adapter });
    await help.open();
    const panel = await panelReady();
    const link = () => within(panel).queryByRole("link", { name: "Sign in" })?.getAttribute("href");
    await expect.poll(link).toBe("/old");
    await help.update({ signInUrl: "/members/sign-in" });
    await expect.poll(link).toBe("/members/sign-in");
    await help.update({ signInUrl: undefined });
    await expect.poll(link).toBeUndefined();
  });

  test("the count in the page's title can be turned on and off", async () => {
    document.title = "A shop";
    onTestFinished(() => void (document.title = ""));
    const desk = anasDesk();
    const help = widgetOnPage({ locale: "en", adapter: behindGateway(desk, anasSession) });
    await help.open();
    await panelReady();
    await help.update({ titleCount: true });
    await help.update({ titleCount: "off" });
    expect(document.title).toBe("A shop");
  });

  test("a language that the member has chosen stays", async () => {
    localStorage.setItem("podpora:language", "sl");
    const help = widgetOnPage({ locale: "en" });
    await help.open();
    await panelReady();
    await help.update({ locale: "de" });
    expect(help.info().locale).toBe("sl");
  });
});

describe("a wrong change", () => {
  test("rejects with every mistake, and nothing changes", async () => {
    const help = widgetOnPage({ locale: "en", theme: "dark" });
    const wrong = { locale: "sl", theme: "pink", endpoint: "/other" } as const;
    // @ts-expect-error -- a page without types
    const changing = help.update(wrong);
    await expect(changing).rejects.toThrow(OptionsError);
    await expect(changing).rejects.toThrow(/"endpoint" can't be changed.*\n"theme" is "pink"/);
    expect(label()).toBe("Help");
    expect(widgetElement()?.dataset["theme"]).toBe("dark");
  });

  test("an unknown option is reported with the one that was probably meant", async () => {
    const messages = consoleMessages();
    const help = widgetOnPage({ locale: "en" });
    // @ts-expect-error -- a page without types
    await help.update({ accent: "#f00", langage: "sl" });
    await help.open();
    await panelReady();
    expect(messages.join("\n")).toContain('"accent" is no option; set the CSS property --podpora-accent');
  });
});

test("after destroy() it does nothing", async () => {
  const help = widgetOnPage({ locale: "en" });
  help.destroy();
  await help.update({ theme: "dark" });
  expect(widgetElement()).toBeUndefined();
});

describe("by the script tag", () => {
  const name = "Podpora";
  const podpora = (): Command => Reflect.get(window, name) as Command;
  function tag(...calls: unknown[][]) {
    const adapter = behindGateway(anasDesk(), anasSession);
    Reflect.set(
      window,
      name,
      Object.assign(() => undefined, { q: [["init", { adapter, locale: "en" }], ...calls] }),
    );
    runScriptTag({
      name: "podpora.js",
      app: async () => ({ startApp: async (page) => await startScriptApp(page, catalog) }),
      fetch: () => undefined,
      diagnosis: async () => await import("../../../src/embed/diagnosis/main.ts"),
    });
  }
  beforeEach(() => void Reflect.deleteProperty(window, name));
  afterEach(() => {
    podpora()("destroy");
    Reflect.deleteProperty(document, Symbol.for("podpora.commands"));
  });

  test("a call that was queued before the script ran changes the launcher", () => {
    tag(["update", { locale: "sl", position: "start" }]);
    expect(label()).toBe("Pomoč");
    expect(widgetElement()?.dataset["position"]).toBe("start");
  });

  test("a wrong call is reported when the app starts, and none of its changes stays", async () => {
    const messages = consoleMessages();
    tag(["update", { theme: "light" }], ["update", { locale: "sl", theme: "pink" }], ["update", "dark"]);
    await podpora()("open");
    await panelReady();
    expect(podpora()("info")).toMatchObject({ locale: "en" });
    await expect.poll(() => widgetElement()?.dataset["theme"]).toBe("light");
    expect(messages).toEqual([
      expect.stringContaining('"theme" is "pink"; set it to one of auto, light, dark.'),
      expect.stringContaining('"update" takes an object of options'),
    ]);
  });

  test("a wrong call of the running widget is reported, and nothing changes", async () => {
    const messages = consoleMessages();
    tag();
    await podpora()("open");
    await panelReady();
    await podpora()("update", { route: "chat", theme: "dark" });
    expect(messages).toEqual([expect.stringContaining(`"route" can't be changed by "update"; use the command`)]);
    expect(widgetElement()?.dataset["theme"]).toBe("auto");
  });
});
