import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send, json } from "./gateway/calls.ts";
import { serve, siteSecret, type Running } from "./gateway/server.ts";

const member = { id: "ana-7", name: "Ana Čuk 😀", email: "ana@example.org" };
const folder = "demo/examples/sign-in";
/** Prints a token for what comes in as JSON. */
const languages = [
  {
    language: "js",
    command: "node",
    code: `import { podporaToken } from "./${folder}/token.js"; process.stdout.write(podporaToken(...JSON.parse(process.argv[1])));`,
    flags: ["--input-type=module", "--eval"],
  },
  {
    language: "php",
    command: "php",
    code: `require "${folder}/token.php"; echo podpora_token(...json_decode($argv[1], true));`,
    flags: ["-r"],
  },
  {
    language: "python",
    command: "python3",
    code: `import json, runpy, sys; print(runpy.run_path("${folder}/token.py")["podpora_token"](*json.loads(sys.argv[1])), end="")`,
    flags: ["-c"],
  },
] as const;

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let running: Running;
beforeAll(async () => {
  running = await serve({ identity: { secret: siteSecret, audience: "podpora" } });
});
afterAll(async () => await running.stop());

describe.each(languages)("the sign-in function in $language", ({ language, command, code, flags }) => {
  const path = `${folder}/token.${language === "python" ? "py" : language}`;

  test("is shown in the documentation letter for letter", () => {
    const shown = readFileSync("docs/sign-in.md", "utf8");
    expect(shown).toContain(`\`\`\`${language}\n${readFileSync(path, "utf8")}\`\`\``);
  });

  test.skipIf(!isInstalled(command))("makes a token that the gateway takes for the member", async () => {
    const token = execFileSync(command, [...flags, code, JSON.stringify([member, siteSecret])], { encoding: "utf8" });
    expect(await json(await send(running, "/session", { token }))).toMatchObject({
      session: { member: { id: "ana-7", name: "Ana Čuk 😀", email: "ana@example.org" } },
    });
  });
});
