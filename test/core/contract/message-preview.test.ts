import { expect, test } from "vitest";
import { previewLimit } from "../../../src/core/contract/limits.ts";
import { previewOf } from "../../../src/core/contract/message-preview.ts";

const agent = { id: "nina", name: "Nina", role: "agent" } as const;
const member = { id: "ana", role: "member" } as const;

test("the beginning of a message is plain words on one line", () => {
  expect(previewOf({ author: agent, text: "# Title\n\n- **one**\n- [two](https://example.org)" })?.text).toBe(
    "# Title - one - two",
  );
  expect(previewOf({ author: member, text: "a *b*\n\n c" })?.text).toBe("a *b* c");
});

test("a message of files alone shows their names", () => {
  const attachments = [{ id: "1", name: "slika.png", bytes: 1, type: "image/png" }];
  expect(previewOf({ author: member, text: "", attachments })?.text).toBe("slika.png");
});

test("a change of state is no message", () => {
  expect(previewOf({ author: agent, text: "", change: { status: "resolved" } })).toBeUndefined();
});

test.each(["x".repeat(5_000), "😀".repeat(2_000), `a${"😀".repeat(2_000)}`])(
  "a long one is cut between characters",
  (text) => {
    const preview = previewOf({ author: member, text })?.text ?? "";
    expect(preview.length).toBeLessThanOrEqual(previewLimit);
    expect(() => encodeURIComponent(preview)).not.toThrow();
    expect(preview.endsWith("…")).toBe(true);
  },
);
