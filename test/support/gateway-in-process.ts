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
/** The desk as Ana's browser has it over a gateway: the real client and the real gateway, without a network between them. */
export async function overGateway(desk: Adapter): Promise<Adapter> {
  const directory = mkdtempSync(join(tmpdir(), "podpora-test-"));
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
    // Who hangs up hears nothing more, as over a network.
    const body = response.body?.pipeThrough(new TransformStream(), { signal: request.signal }) ?? null;
    return new Response(body, { status, headers });
  });
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    await gateway.dispose();
    rmSync(directory, { recursive: true, force: true });
  });
  return await connectRest({ endpoint, token: keptToken(await siteToken(ana)) }, context());
}
