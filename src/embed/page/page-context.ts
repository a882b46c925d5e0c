import type { TicketContext } from "../../core/contract/adapter.ts";
import { contextErrorsLimit, contextLimit } from "../../core/contract/limits.ts";
import { browserName } from "./browser-name.ts";

/** Parameters of an address that may give access to anyone who reads them. */
const secret = /token|code|key|secret|pass|session|auth|sig/i;

/** Information about this page that helps to find a fault. */
export function pageContext(appVersion: string | undefined, errors: readonly string[]): TicketContext {
  const { width, height } = screen;
  return {
    page: withoutSecrets(location.href).slice(0, contextLimit),
    browser: browserName().slice(0, contextLimit),
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
