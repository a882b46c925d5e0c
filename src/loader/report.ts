/**
 * What `diagnose` returns: plain data, which JSON can carry. It has no token, no name, no address of a person, no text of a
 * member, and no query of a URL.
 */
export interface Report {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /**
   * "waiting": only the launcher is loaded, as before the first click. "loading": the rest is being fetched. "running": the
   * widget works. "failed": the rest could not be fetched or started. "destroyed": after `destroy()`.
   */
  readonly state: "waiting" | "loading" | "running" | "failed" | "destroyed";
  /** What is wrong, and what to do; empty if nothing was found. */
  readonly findings: readonly ReportFinding[];
  /** Absent if the file that examines the page could not be loaded. */
  readonly details?: ReportDetails;
  /** All of it in lines, to copy into an issue. */
  readonly text: string;
}

export interface ReportFinding {
  readonly problem: string;
  readonly fix: string;
}

export interface ReportDetails {
  /** Which file runs, such as "https://help.example.org/podpora.js"; "a module of the page" from npm. */
  readonly build: string;
  /** The options that the page has set. Addresses without a query, texts as their number. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** The language of the widget. */
  readonly locale: string;
  readonly browser: string;
  /** The browser says that there is a network. */
  readonly online: boolean;
  /** The page has https, or is on this machine: without it, tabs do not coordinate. */
  readonly secure: boolean;
  /** "covered": another element of the page is in front of it. */
  readonly launcher: "visible" | "hidden" | "covered" | "absent";
  readonly storage: StorageReport;
  /** "unknown": nobody has asked the gateway yet. */
  readonly identity: "unknown" | "nobody" | "guest" | "member" | "failed";
  /** The live connections that are wanted now, by their area. */
  readonly streams: Readonly<Record<string, string>>;
  /** Absent if an adapter runs in the page. */
  readonly gateway?: GatewayReport;
  /** By area: what the desk can do. "own" if an adapter runs in the page. */
  readonly desk: Readonly<Record<string, string>>;
  /** What is stored here and not sent yet, of everybody who has used this browser. */
  readonly outbox: { readonly waiting: number; readonly refused: number };
  /** How often each error occurred on this page, by its code. */
  readonly errors: Readonly<Record<string, number>>;
  /** The number of the page's script errors. */
  readonly pageErrors: number;
  /** Requests that the page's content policy has blocked: directive and host. */
  readonly blocked: readonly string[];
}

export interface StorageReport {
  /** "unused": nothing is stored before the widget is opened. "refused": the browser lets it store nothing. */
  readonly state: "unused" | "works" | "refused";
  /** The browser does not clear it by itself. */
  readonly persisted: boolean;
  /** In bytes, as far as the browser says so. */
  readonly used?: number;
  readonly quota?: number;
}

/** The answer to one request without a token. */
export interface GatewayReport {
  readonly address: string;
  /** The HTTP status; absent without an answer that the page may read. */
  readonly status?: number;
  /** How long the answer took, in milliseconds. */
  readonly ms: number;
}
