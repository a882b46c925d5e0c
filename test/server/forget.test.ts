import { afterEach, expect, test } from "vitest";
import { imports, podpora, SECRET, stopAll } from "./process.ts";

afterEach(stopAll);

const config = (adapter = "memory()") => `${imports}
export default defineConfig({
  adapter: ${adapter},
  secret: "${SECRET}",
  uploads: { directory: "uploads" },
  assets,
});`;
/** An adapter that reports its calls, with one thing to erase and one to keep. */
const telling = `{
  ...memory(),
  name: "tracker",
  async *erase(member, { remove }) {
    yield { outcome: "erased", text: JSON.stringify({ member, remove }) };
    yield { outcome: "kept", text: "The log.", fix: "Wait a week." };
  },
}`;

async function run(args: readonly string[], adapter?: string) {
  const process = await podpora(["forget", ...args], config(adapter));
  return [await process.ended, process.out(), process.err()] as const;
}

test("prints what would be erased and what is kept, and erases nothing", async () => {
  const [code, out, err] = await run(["10482", "--email", "ana@example.org"], telling);
  expect(code, out + err).toBe(0);
  expect(out).toContain('would be erased: {"member":{"id":"10482","email":"ana@example.org"},"remove":false}');
  expect(out).toContain("kept: The log.\n      → Wait a week.");
  expect(out).toMatch(/Nothing has been erased\. .* --erase\.\n$/);
});

test("erases with --erase, for a guest too", async () => {
  const [code, out, err] = await run(["guest:1", "--erase"], telling);
  expect(code, out + err).toBe(0);
  expect(out).toContain(' erased: {"member":{"id":"guest:1","guest":true},"remove":true}');
  expect(out).not.toContain("Nothing has been erased");
});

test("reports a desk with no data of the member, and a desk that can't erase", async () => {
  expect((await run(["10482"]))[1]).toContain("memory\n  Nothing of theirs was found.");
  const [code, out, err] = await run(["10482"], "{ ...memory(), erase: undefined }");
  expect(code, out + err).toBe(0);
  expect(out).toContain('kept: Everything: the adapter "memory" erases nothing.');
});

test("prints an error and exits with 1 if a desk fails on the way", async () => {
  const [code, out, err] = await run(
    ["10482", "--erase"],
    '{ ...memory(), async *erase() { throw new Error("desk away"); } }',
  );
  expect(code, out + err).toBe(1);
  expect(out).toContain("aborted: desk away");
  expect(out).toContain("run the command again");
});

test.each([[[]], [["a", "b"]], [[" "]]])("without exactly one member it prints its usage: %o", async (args) => {
  const [code, , err] = await run(args);
  expect(code, err).toBe(2);
  expect(err).toContain("podpora forget MEMBER");
});

test("its options are refused with other commands", async () => {
  const process = await podpora(["check", "--erase"], config());
  expect(await process.ended).toBe(2);
});
