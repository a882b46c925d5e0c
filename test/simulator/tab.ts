import { computed, signal } from "@preact/signals-core";
import { connectRest } from "../../src/adapters/rest/index.ts";
import { ChatModel } from "../../src/core/chat/chat.ts";
import type { Platform } from "../../src/core/platform.ts";
import type { Route } from "../../src/core/routes.ts";
import { WidgetModel } from "../../src/core/widget.ts";
import type { VirtualClock } from "./clock.ts";
import type { simulateNetwork } from "./network.ts";
import type { Site } from "./site.ts";
import type { simulateStorage } from "./storage.ts";

export type Tab = ReturnType<typeof openTab>;

export interface TabOptions {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly network: ReturnType<typeof simulateNetwork>;
  readonly storage: ReturnType<typeof simulateStorage>;
  readonly random: () => number;
  readonly site: Site;
  /** Where the panel was when a page of this tab was left. */
  readonly route: Route;
}

/** One page of the site in a tab of the browser, with the widget open in it. */
export function openTab({ name, clock, network, storage, random, site, route }: TabOptions) {
  const host = `${name}-${Math.floor(random() * 1e9)}.sim`;
  const link = network.linkOf(host);
  const tabStorage = storage.openTab(name);
  const online = signal(true);
  const uploads = new Map<string, string>();
  const submitted: string[] = [];
  let page = 1;
  const platform: Platform = {
    storage: tabStorage,
    locale: signal("en"),
    online: computed(() => online.value),
    visible: signal(true),
    random,
    now: () => clock.now(),
    // The first file waits for the part of the widget that cleans pictures.
    async clean(file) {
      await clock.sleep(random() < 0.3 ? 2_000 : 10);
      return file;
    },
    context: () => ({ page: `https://shop.example.org/${page}` }),
    ticketTexts: { language: "off", languageName: (tag) => tag, question: (step) => step },
    warn: () => undefined,
    connect: async (ctx, token) =>
      await connectRest(
        {
          endpoint: `http://${host}`,
          token,
          uploads: {
            get: async (id) => uploads.get(id),
            set: async (id, url) => void (url === undefined ? uploads.delete(id) : uploads.set(id, url)),
          },
        },
        ctx,
      ),
  };
  const widget = new WidgetModel({
    platform,
    route,
    identity: site.user ? { getToken: site.token } : undefined,
    emit: (event, data) => event === "ticket:submitted" && "id" in data && submitted.push(data.id),
    loadChat: async () => ChatModel,
  });
  widget.show();
  let isClosed = false;

  return {
    name,
    widget,
    link,
    /** The tickets that the member was thanked for here. */
    submitted,
    /** The site has said in this tab who its member is, and nobody has signed out since. */
    knowsSite: site.user !== undefined,
    isAsleep: () => link.isAsleep,
    isClosed: () => isClosed,
    /** The site goes on to another of its pages, without loading a new document. */
    browse: () => void (page += 1),
    setOnline(now: boolean) {
      link.online = now;
      if (!now) link.cut();
      online.value = now;
    },
    suspend() {
      link.isAsleep = true;
      tabStorage.suspend();
    },
    wake() {
      link.isAsleep = false;
      tabStorage.wake();
    },
    /** The page goes, as by closing or reloading the tab: nothing of it runs on. */
    close() {
      isClosed = true;
      link.isClosed = true;
      link.cut();
      tabStorage.close();
      widget[Symbol.dispose]();
    },
  };
}
