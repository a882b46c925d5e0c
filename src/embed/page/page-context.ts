import type { TicketContext } from "../../core/contract/adapter.ts";
import { contextErrorsLimit, contextLimit } from "../../core/contract/limits.ts";

/** Parameters of an address that may give access to anyone who reads them. */
const secret = /token|code|key|secret|pass|session|auth|sig/i;

/** Hears of the page's script errors from now on; keeps the last few. */
export function watchErrors() {
  const errors: string[] = [];
  function keep(message: string) {
    errors.push(message.slice(0, contextLimit));
    if (errors.length > contextErrorsLimit) errors.shift();
  }
  const onError = ({ message, filename, lineno }: ErrorEvent) => {
    const file = filename.split(/[?#]/)[0]?.split("/").pop();
    keep(file ? `${message} (${file}:${lineno})` : message);
  };
  const onRejection = ({ reason }: PromiseRejectionEvent) => keep(String(reason));
  window.addEventListener("error", onError);
  window.addEventListener("unhandledrejection", onRejection);
  return {
    errors,
    stop() {
      window.removeEventListener("error", onError);
      window.removeEventListener("unhandledrejection", onRejection);
    },
  };
}

/** What helps to find a fault on this page. */
export function pageContext(appVersion: string | undefined, errors: readonly string[]): TicketContext {
  const { width, height } = screen;
  return {
    page: withoutSecrets(location.href).slice(0, contextLimit),
    browser: browser().slice(0, contextLimit),
    screen: `${width} × ${height} (${innerWidth} × ${innerHeight})`,
    language: navigator.languages.join(", ").slice(0, contextLimit),
    ...(appVersion && { appVersion: appVersion.slice(0, contextLimit) }),
    ...(errors.length > 0 && { errors: [...errors] }),
  };
}

function withoutSecrets(address: string): string {
  const url = new URL(address);
  url.hash = "";
  url.username = "";
  url.password = "";
  for (const name of url.searchParams.keys()) if (secret.test(name)) url.searchParams.set(name, "…");
  return url.href;
}

interface BrandedNavigator {
  /** User-Agent Client Hints (WICG): where there are any, they say it in words. */
  readonly userAgentData?: {
    readonly platform: string;
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
  };
}

function browser(): string {
  const { userAgentData: data } = navigator as BrandedNavigator;
  const named = data?.brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand)).at(-1);
  return data && named ? `${named.brand} ${named.version}, ${data.platform}` : navigator.userAgent;
}
