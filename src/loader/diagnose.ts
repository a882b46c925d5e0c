import { version } from "../version.ts";
import type { DiagnosisSubject, Sources } from "./app.ts";
import type { Report } from "./report.ts";

const loadMs = 20_000;

/** Everything that examines the page is a file of its own. If it can't be loaded either, the report says so. */
export async function diagnose(sources: Sources, subject: DiagnosisSubject): Promise<Report> {
  try {
    const late = new Promise<never>((_, reject) => setTimeout(reject, loadMs, new Error("no answer in time")));
    return await (await Promise.race([sources.diagnosis(subject.endpoint), late])).diagnose(subject);
  } catch (error) {
    const problem = `The page could not be examined: ${String(error)}`;
    const fix =
      "If a file could not be loaded, open its address: if it answers, allow it in the content policy's script-src; if not, start the gateway.";
    const { state } = subject;
    const text = `Podpora ${version}, ${state}\n${problem}\n${fix}`;
    return { version, at: new Date().toISOString(), state, findings: [{ problem, fix }], text };
  }
}
