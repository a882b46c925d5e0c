import { onTestFinished, vi } from "vitest";
import { fakeRtFetch, type FakeRt } from "./fake-rt-fetch.ts";

export type { FakeChange, FakeRt } from "./fake-rt-fetch.ts";

/** Until the test ends. `answerMs`: how long RT takes. */
export function fakeRt(answerMs = 0): FakeRt {
  const { fetch, ...rt } = fakeRtFetch(answerMs);
  vi.stubGlobal("fetch", fetch);
  onTestFinished(() => void vi.unstubAllGlobals());
  return rt;
}
