import type { TicketContext } from "../../core/contract/adapter.ts";
import { contextErrorsLimit, contextLimit } from "../../core/contract/limits.ts";

/** Parameters of an address that may give access to anyone who reads them. */
const secret = /token|code|key|secret|pass|session|auth|sig/i;

/** What helps to find a fault on this page. */
export function pageContext(appVersion: string | undefined, errors: readonly string[]): TicketContext {
  const { width, height } = screen;
  return {
    page: withoutSecrets(location.href).slice(0, contextLimit),
    browser: browser().slice(0, contextLimit),
    screen: `${width} × ${height} (${innerWidth} × ${innerHeight})`,
    language: navigator.languages.join(", ").slice(0, contextLimit),
    ...(appVersion && { appVersion: appVersion.slice(0, contextLimit) }),
    ...(errors.length > 0 && { errors: errors.slice(-contextErrorsLimit).map((each) => each.slice(0, contextLimit)) }),
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
