import { afterEach, describe, expect, test, vi } from "vitest";
import { canCapture } from "../../../src/embed/page/can-capture.ts";

describe("a picture of the screen", () => {
  afterEach(() => vi.unstubAllGlobals());

  function browser({ capture = true, mouse = true, policy }: { capture?: boolean; mouse?: boolean; policy?: boolean }) {
    vi.stubGlobal("navigator", { mediaDevices: capture ? { getDisplayMedia: () => undefined } : undefined });
    vi.stubGlobal("matchMedia", (query: string) => ({ matches: query === "(any-pointer: fine)" && mouse }));
    const featurePolicy = { allowsFeature: (name: string) => name !== "display-capture" || policy };
    vi.stubGlobal("document", policy === undefined ? {} : { featurePolicy });
  }

  test.each([
    ["is offered where it can be taken", {}, true],
    ["is offered where the page's policy allows it", { policy: true }, true],
    ["is not offered without a secure address, where there is no way to ask for one", { capture: false }, false],
    ["is not offered where there is nothing but a finger", { mouse: false }, false],
    ["is not offered where the page's policy forbids it", { policy: false }, false],
  ])("%s", (_, options, offered) => {
    browser(options);
    expect(canCapture()).toBe(offered);
  });
});
