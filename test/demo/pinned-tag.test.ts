import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pinTag } from "../../demo/pinned-tag.ts";
import { assetsFrom } from "../../src/gateway/index.ts";
import { serve } from "../gateway/server.ts";

test("the demo's tag names the build, and the digest of what is served there", async () => {
  const directory = mkdtempSync(join(tmpdir(), "podpora-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, "podpora.js"), "console.log(1)");
  const assets = assetsFrom(directory);
  const { url, stop } = await serve({ assets, basePath: "/podpora" });
  onTestFinished(stop);
  const html = (await pinTag(assets))('<script async src="/podpora/podpora.js"></script>');
  const [, src = "", digest] = /src="([^"]+)" integrity="sha384-([^"]+)"/.exec(html) ?? [];
  const served = await fetch(new URL(src, url));
  expect(
    createHash("sha384")
      .update(Buffer.from(await served.arrayBuffer()))
      .digest("base64"),
  ).toBe(digest);
});
