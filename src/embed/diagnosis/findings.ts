import { optionMistakes } from "../../core/options.ts";
import { unknownOptions } from "../../core/unknown-options.ts";
import type { DiagnosisSubject } from "../../loader/app.ts";
import type { ReportDetails, ReportFinding } from "../../loader/report.ts";

/** Above this share of the quota a file may not fit. */
const nearlyFull = 0.95;

/** What is wrong, the likely cause first. `code`: why the gateway's answer about the person failed. */
export function findingsOf(
  subject: DiagnosisSubject,
  details: ReportDetails,
  gateway: ReportFinding | undefined,
  code: string | undefined,
): readonly ReportFinding[] {
  return [
    ...inSite(subject, details),
    ...inBrowser(details),
    ...(gateway ? [gateway] : []),
    ...inGateway(subject, details, gateway === undefined, code),
    ...inDelivery(details),
  ];
}

const when = (isFound: boolean, problem: string, fix: string): readonly ReportFinding[] =>
  isFound ? [{ problem, fix }] : [];

/** The site's own settings and page. */
function inSite(
  { options, state, failure, view, app }: DiagnosisSubject,
  { blocked, launcher, secure }: ReportDetails,
): readonly ReportFinding[] {
  const now = app?.inspect().options ?? options;
  return [
    ...unknownOptions(now).flatMap((message) =>
      when(true, `An option is wrong: ${message}`, "Correct it in the tag, or in the call that starts the widget."),
    ),
    ...optionMistakes(now, document.baseURI).flatMap((message) =>
      when(
        true,
        `An option is wrong: ${withoutValue(message)}`,
        "Correct it in the tag, or in the call that starts the widget.",
      ),
    ),
    ...when(
      state === "failed",
      `The rest of the widget could not be loaded or started: ${String(failure)}`,
      "Open the address in the browser. If it is missing, an upgrade has removed the build: reload the page, and set \"keep\" in the gateway's config. If it is there, allow it in the content policy's script-src.",
    ),
    ...blocked.flatMap((each) =>
      when(
        true,
        `The page's content policy has blocked: ${each}`,
        "If this is an address of the gateway, allow it in the directive that is named.",
      ),
    ),
    ...when(
      !secure,
      "The page has no https: the tabs of the site can't coordinate, and a screenshot is not possible.",
      "Serve the page over https.",
    ),
    ...when(
      launcher === "covered",
      "Another element of the page covers the launcher.",
      'Move one of them: the option "position", or the CSS property --podpora-z-index.',
    ),
    ...when(
      launcher === "absent" && state !== "destroyed" && view === "widget",
      "The launcher is not in the page: the page has removed it.",
      "Let the page keep <podpora-widget> when it replaces its body.",
    ),
  ];
}

/** A message repeats the value, which may be a secret or a name: `"theme" is "pink"; set it to …`. */
const withoutValue = (message: string) => message.replace(/^("\w+") is .*?; (?=set )/s, "$1 is wrong; ");

function inBrowser({ online, storage: { state, quota = Infinity, used = 0 } }: ReportDetails) {
  return [
    ...when(!online, "The browser has no network.", "Connect it, and try again."),
    ...when(
      state === "refused",
      "The browser lets the widget store nothing: a reload loses what the member has typed.",
      "Free space on the device, leave private browsing, or allow the site to store data.",
    ),
    ...when(
      used > quota * nearlyFull,
      "The site's storage is nearly full: files may not fit.",
      "Delete what else the site stores in this browser.",
    ),
  ];
}

function inGateway(
  { options }: DiagnosisSubject,
  { gateway, desk, identity }: ReportDetails,
  answers: boolean,
  code: string | undefined,
) {
  return [
    ...when(
      location.protocol === "https:" && gateway?.address.startsWith("http:") === true,
      "The page has https, and the gateway has not: the browser blocks its requests.",
      "Serve the gateway over https.",
    ),
    ...when(
      code !== undefined,
      `The gateway's answer about the member failed with "${code}".`,
      "Look for the request in the browser's network panel, and for its line in the gateway's log.",
    ),
    ...when(
      gateway !== undefined && answers && !desk["tickets"] && !desk["chat"],
      "The desk behind the gateway offers neither issues nor chat.",
      "Run `podpora check` on the gateway's machine.",
    ),
    ...when(
      options.tokenUrl !== undefined && (identity === "nobody" || identity === "guest"),
      "The site gave no token that the gateway accepts: nobody is signed in.",
      'If somebody should be, open the address of "tokenUrl" in this browser: it must answer with a token. The gateway\'s log has the reason of a refusal.',
    ),
  ];
}

function inDelivery({ streams, outbox, online }: ReportDetails) {
  return [
    ...Object.entries(streams).flatMap(([area, stream]) =>
      when(
        stream === "polling" || stream === "lost",
        `The live connection of "${area}" does not work (${stream}): news arrives late.`,
        "A proxy buffers or cuts text/event-stream: switch buffering and compression off for it.",
      ),
    ),
    ...when(
      outbox.refused > 0,
      `The desk has refused what a member wrote (${outbox.refused}). It is kept in this browser.`,
      "Open the panel: it shows the reason, and the member can correct it.",
    ),
    ...when(
      outbox.waiting > 0 && online,
      `Something that a member wrote is not sent yet (${outbox.waiting}).`,
      "It is sent when the gateway accepts it: see the other findings.",
    ),
  ];
}
