import { expect, test, vi } from "vitest";
import { ana } from "../adapters/members.ts";
import { as, send } from "./calls.ts";
import { serve } from "./server.ts";

/** The state of the disk. */
const free = vi.hoisted(() => ({ bytes: Infinity }));
vi.mock("node:fs/promises", async (original) => ({
  ...(await original<object>()),
  statfs: async () => ({ bavail: free.bytes, bsize: 1 }),
}));

test("an upload that would leave too little space is 507 before a byte of it is received, and accepted later", async () => {
  const running = await serve();
  const token = await as(ana);
  const begin = async () =>
    await send(running, "/uploads", {
      method: "POST",
      token,
      headers: {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "1000",
        "Upload-Metadata": "filename eC50eHQ=,filetype dGV4dC9wbGFpbg==",
      },
    });
  free.bytes = 512 * 1024 * 1024 + 999;
  const refused = await begin();
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([507, "60"]);
  free.bytes += 1;
  expect((await begin()).status).toBe(201);
  await running.stop();
});
