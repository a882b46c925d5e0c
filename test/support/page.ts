import { onTestFinished, vi } from "vitest";
import type { Options } from "../../src/core/options.ts";
import { createPodpora } from "../../src/embed/module.ts";
import type { Podpora } from "../../src/loader/handle.ts";
import { anasSession, behindGateway } from "./behind-gateway.ts";
import { anasDesk } from "./scope.ts";

/** The widget on a page, with a desk in memory; removed after the test. */
export function widgetOnPage(options: Options = {}): Podpora {
  const help = createPodpora({ adapter: behindGateway(anasDesk(), anasSession), locale: "en", ...options });
  onTestFinished(() => help.destroy());
  return help;
}

/** The widget's console messages for the site's developer. */
export function consoleMessages(): readonly string[] {
  const messages: string[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((...parts: unknown[]) => {
    messages.push(parts.map(String).join(" "));
  });
  onTestFinished(() => spy.mockRestore());
  return messages;
}

export function widgetElement(): HTMLElement | undefined {
  return document.querySelector<HTMLElement>("podpora-widget") ?? undefined;
}

/** The widget's content. */
export function widgetRoot(): ShadowRoot {
  const root = widgetElement()?.shadowRoot;
  if (!root) throw new Error("there is no widget on the page");
  return root;
}

export const panel = () => widgetRoot().querySelector<HTMLElement>("[part=panel]") ?? undefined;

/** Waits until the panel shows more than its skeleton. */
export async function panelReady(): Promise<HTMLElement> {
  return await vi.waitUntil(() => {
    const shown = panel();
    return shown && !shown.hidden && shown.querySelector("[role=tab], form, .body") ? shown : undefined;
  });
}
