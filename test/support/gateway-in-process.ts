import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { connectRest } from "../../src/adapters/rest/index.ts";
import type { Adapter } from "../../src/core/contract/adapter.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { keptToken } from "../adapters/tokens.ts";
import { audience, secret, siteSecret, siteToken } from "../gateway/server.ts";
import { ana, context } from "./scope.ts";
import { unlimited } from "./unlimited.ts";

const endpoint = "http://gateway.test";
/** For all tests of a file: the upload library may still be checking its directory when a short test has ended. */
const directory = mkdtempSync(join(tmpdir(), "podpora-test-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));

/** The desk as Ana's browser sees it over a gateway: real client and real gateway, without a network. */
export async function overGateway(desk: Adapter): Promise<Adapter> {
  const gateway = createGateway({
    adapter: desk,
    secret,
    identity: { secret: siteSecret, audience },
    access: { tickets: "guests", chat: "guests" },
    uploads: { directory },
    limits: unlimited,
    onError: () => undefined,
  });
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const response = await gateway.fetch(request);
    const { status, headers } = response;
    // An aborted request gets no more data, as over a network.
    const body = response.body?.pipeThrough(new TransformStream(), { signal: request.signal }) ?? null;
    return new Response(body, { status, headers });
  });
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    await gateway.dispose();
  });
  return await connectRest({ endpoint, token: keptToken(await siteToken(ana)) }, context());
}
