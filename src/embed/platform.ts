import type { ReadonlySignal } from "@preact/signals-core";
import type { ContextAttribute } from "../core/contract/adapter.ts";
import { isOn, type Options } from "../core/options.ts";
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
  readonly options: ReadonlySignal<Options>;
  readonly attributes: ReadonlySignal<readonly ContextAttribute[]>;
  readonly storage: Storage;
  readonly i18n: I18n;
  readonly pictures: Pick<ReturnType<typeof lazyPictures>, "clean">;
  readonly connector: Required<Pick<Platform, "connect" | "recall">>;
}

/** The models' interface to the browser and the page. */
export function createPlatform({ page, options, attributes, storage, i18n, pictures, connector }: Parts): Platform {
  const { element, signal } = page;
  return {
    storage,
    locale: i18n.locale,
    online: watchOnline(signal),
    visible: watchVisible(element, signal),
    random: Math.random,
    now: Date.now,
    clean: (file) => pictures.clean(file),
    context() {
      const { pageContext: wanted, appVersion } = options.value;
      const said = attributes.value;
      const ofPage = isOn(wanted, true) && pageContext(appVersion, page.errors);
      return ofPage || said.length > 0 ? { ...ofPage, ...(said.length > 0 && { attributes: said }) } : undefined;
    },
    ticketTexts: {
      get language() {
        return options.value.ticketLanguage ?? "prefix";
      },
      languageName,
      question: (step) => i18n.t(`form.${step}`),
    },
    connect: connector.connect,
    recall: connector.recall,
    warn,
  };
}
