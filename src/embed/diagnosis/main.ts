import type { DiagnosisSubject } from "../../loader/app.ts";
import type { Report } from "../../loader/report.ts";
import { storageName } from "../../loader/storage-name.ts";
import { version } from "../../version.ts";
import { browserName } from "../page/browser-name.ts";
import { askIfThereIsOne } from "./ask-gateway.ts";
import { watchBlocked } from "./blocked.ts";
import { findingsOf } from "./findings.ts";
import { insideOf } from "./inside.ts";
import { launcherState } from "./launcher-state.ts";
import { optionsToShow } from "./options-to-show.ts";
import { storageReport, unsent } from "./storage-report.ts";
import { textOf } from "./text.ts";
import { withoutQuery } from "./without-query.ts";

/** Examines a widget and its page. Sends one request without a token. */
export async function diagnose(subject: DiagnosisSubject): Promise<Report> {
  const { endpoint, view, options, app, state } = subject;
  const blocked = watchBlocked();
  const inspected = app?.inspect();
  const [gateway, storage, outbox] = await Promise.all([
    askIfThereIsOne(subject),
    storageReport(storageName(endpoint, view), inspected?.storage),
    unsent(inspected?.storage),
  ]);
  const { desk, code, ...inside } = insideOf(inspected);
  const details = {
    build: withoutQuery(subject.build),
    options: optionsToShow(inspected?.options ?? options),
    locale: app?.info().locale ?? subject.locale,
    browser: browserName(),
    online: navigator.onLine,
    secure: isSecureContext,
    launcher: launcherState(subject),
    storage,
    ...inside,
    ...(gateway.report && { gateway: gateway.report }),
    desk: desk ?? gateway.desk ?? {},
    outbox,
    pageErrors: subject.errors.length,
    blocked: await blocked(),
  };
  const findings = findingsOf(subject, details, gateway.fault, code);
  const report = { version, at: new Date().toISOString(), state, findings, details };
  return { ...report, text: textOf(report) };
}
