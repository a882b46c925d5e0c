import { computed, signal } from "@preact/signals-core";
import { connectRest, recallRest } from "../../src/adapters/rest/index.ts";
import { ChatModel } from "../../src/core/chat/chat.ts";
import type { TokenSource } from "../../src/core/contract/token-source.ts";
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
  /** The panel's route when the previous page of this tab was closed. */
  readonly route: Route;
}

/** A page of the site in a browser tab, with the widget open in it. */
export function openTab({ name, clock, network, storage, random, site, route }: TabOptions) {
  const host = `${name}-${Math.floor(random() * 1e9)}.sim`;
  const link = network.linkOf(host);
  const tabStorage = storage.openTab(name);
  const online = signal(true);
  const uploads = new Map<string, string>();
  const submitted: string[] = [];
  let page = 1;
  const rest = (token: TokenSource) => ({
    endpoint: `http://${host}`,
    token,
    uploads: {
      get: async (id: string) => uploads.get(id),
      set: async (id: string, url: string | undefined) =>
        void (url === undefined ? uploads.delete(id) : uploads.set(id, url)),
    },
  });
  const platform: Platform = {
    storage: tabStorage,
    locale: signal("en"),
    online: computed(() => online.value),
    visible: signal(true),
    random,
    now: () => clock.now(),
    // The first file waits until the picture tools have loaded.
    async clean(file) {
      await clock.sleep(random() < 0.3 ? 2_000 : 10);
      return file;
    },
    context: () => ({ page: `https://shop.example.org/${page}` }),
    ticketTexts: { language: "off", languageName: (tag) => tag, question: (step) => step },
    warn: () => undefined,
    connect: async (ctx, token) => await connectRest(rest(token), ctx),
    recall: (answer, token) => recallRest(rest(token), answer),
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
    /** The tickets whose submission was confirmed here. */
    submitted,
    /** In this tab the site has identified its member, and nobody has signed out since. */
    knowsSite: site.user !== undefined,
    isAsleep: () => link.isAsleep,
    isClosed: () => isClosed,
    /** The site navigates without loading a new document. */
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
    /** Closes the page, as on reload: everything in it stops. */
    close() {
      isClosed = true;
      link.isClosed = true;
      link.cut();
      tabStorage.close();
      widget[Symbol.dispose]();
    },
  };
}
