import type { DiagnosisSubject } from "../../loader/app.ts";
import type { ReportFinding, GatewayReport } from "../../loader/report.ts";
import { withoutQuery } from "./without-query.ts";

const answerMs = 8_000;

interface Answer {
  /** Undefined if an adapter runs in the page. */
  readonly report?: GatewayReport;
  readonly desk?: Readonly<Record<string, string>>;
  readonly fault?: ReportFinding;
}

/** Without a gateway nothing is asked. */
export const askIfThereIsOne = async ({ endpoint, options }: DiagnosisSubject): Promise<Answer> =>
  endpoint === undefined || options.adapter ? {} : await ask(endpoint);

/** One request that a visitor without a token may make: which areas there are, and what the desk can do. */
async function ask(endpoint: string): Promise<Answer> {
  const address = withoutQuery(endpoint);
  const start = performance.now();
  const report = (status?: number) => ({
    address,
    ms: Math.round(performance.now() - start),
    ...(status !== undefined && { status }),
  });
  try {
    const signal = AbortSignal.timeout(answerMs);
    const answer = await fetch(`${endpoint}/session`, { credentials: "omit", cache: "no-store", signal });
    const body = await answer.text();
    const capabilities = capabilitiesIn(body);
    const fault = capabilities ? undefined : faultOf(answer.status, address);
    return { report: report(answer.status), ...(capabilities && { desk: capabilities }), ...(fault && { fault }) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return { report: report(), fault: isLate ? late(address) : unreachable(address) };
  }
}

function capabilitiesIn(body: string): Readonly<Record<string, string>> | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const given: unknown = Object(answer)["capabilities"];
    if (typeof given !== "object" || given === null) return undefined;
    const parts = Object.entries(given).slice(0, 20);
    return Object.fromEntries(parts.map(([part, what]) => [part.slice(0, 40), [what].flat().join(", ").slice(0, 400)]));
  } catch {
    return undefined;
  }
}

const late = (address: string) => ({
  problem: `The gateway at ${address} did not answer within ${answerMs / 1000} seconds.`,
  fix: "See whether its machine is overloaded, and whether a proxy in front of it waits for something.",
});

const unreachable = (address: string) => ({
  problem: `The gateway at ${address} could not be reached, or the page may not read its answer.`,
  fix: `See whether it runs, whether this page's origin ${location.origin} is in its "origins", and whether the content policy allows it in connect-src.`,
});

const faultOf = (status: number, address: string) => ({
  problem: `What answers at ${address} is no gateway of Podpora: it answered ${status}.`,
  fix: 'Set "endpoint" to the address under which the gateway serves podpora.js, including its base path.',
});
