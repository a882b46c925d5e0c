import type { Finding } from "../../core/contract/adapter.ts";

export function good(text: string): Finding {
  return { level: "good", text };
}

export function risk(text: string, fix: string): Finding {
  return { level: "risk", text, fix };
}

export function fault(text: string, fix: string): Finding {
  return { level: "fault", text, fix };
}
