import type { Platform } from "../core/platform.ts";
import type { Storage } from "../core/delivery/storage.ts";
import { type I18n, languageName } from "../i18n/index.ts";
import type { WidgetPage } from "../loader/app.ts";
import { warn } from "../loader/log.ts";
import type { lazyPictures } from "./loading/pictures.ts";
import { pageContext } from "./page/page-context.ts";
import { watchOnline } from "./page/watch-online.ts";
import { watchVisible } from "./page/watch-visible.ts";

interface Parts {
  readonly page: WidgetPage;
  readonly storage: Storage;
  readonly i18n: I18n;
  readonly pictures: Pick<ReturnType<typeof lazyPictures>, "clean">;
  readonly connect: Platform["connect"];
}

/** What the models need of the browser and of the page. */
export function createPlatform({ page, storage, i18n, pictures, connect }: Parts): Platform {
  const { element, options, signal } = page;
  return {
    storage,
    locale: i18n.locale,
    online: watchOnline(signal),
    visible: watchVisible(element, signal),
    random: Math.random,
    now: Date.now,
    clean: (file) => pictures.clean(file),
    context: () => (options.pageContext === "off" ? undefined : pageContext(options.appVersion, page.errors)),
    ticketTexts: {
      language: options.ticketLanguage ?? "prefix",
      languageName,
      question: (step) => i18n.t(`form.${step}`),
    },
    connect,
    warn,
  };
}
