import { afterEach, describe, expect, test, vi } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { countedAddress } from "../../src/gateway/client-address.ts";
import { ana, anasCredentials } from "../adapters/members.ts";
import { unlimited } from "../support/unlimited.ts";
import { as, create, guestToken, json, request, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
afterEach(async () => await running.stop());

const few = { capacity: 3, refillMs: 60_000 };
/** Answers as if the request came from the address that it names. */
const named = { clientAddress: (of: Request) => of.headers.get("X-From") ?? undefined };
const from = (address: string) => ({ "X-From": address });

async function guestsFrom(address: (index: number) => string): Promise<number> {
  let made = 0;
  for (let index = 0; index < 10; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await send(running, "/session/guest", { method: "POST", headers: from(address(index)) });
    if (answer.status === 201) made += 1;
  }
  return made;
}

describe("the caller is counted as one", () => {
  test.each([
    ["one IPv4 address", () => "192.0.2.1"],
    ["one IPv4 address, with the port that a proxy writes behind it", (index: number) => `192.0.2.1:${40_000 + index}`],
    ["one IPv4 address, written as IPv6", (index: number) => (index % 2 ? "::ffff:192.0.2.1" : "192.0.2.1")],
    ["one household's network of IPv6", (index: number) => `2001:db8:1:2::${index.toString(16)}`],
    [
      "the same network in brackets, with a port",
      (index: number) => `[2001:db8:1:2::${index.toString(16)}]:${index + 1}`,
    ],
    ["what is no address", (index: number) => `unknown-${index}`],
  ])("from %s", async (_name, address) => {
    running = await serve({ limits: { ...unlimited, guests: few }, ...named });
    expect(await guestsFrom(address)).toBe(few.capacity);
  });

  test("two networks are two", () => {
    expect(countedAddress("2001:db8:1:2::1")).toBe("2001:db8:1:2::/64");
    expect(countedAddress("2001:db8:1:3::1")).toBe("2001:db8:1:3::/64");
    expect(countedAddress(" 192.0.2.1 ")).toBe("192.0.2.1");
    expect(countedAddress("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(countedAddress("")).toBeUndefined();
    expect(countedAddress("2001:db8::%eth0::")).toBeUndefined();
    // The short form of inet_aton is no address of a proxy (RFC 6943, section 3.1.1).
    expect(countedAddress("127.1")).toBeUndefined();
  });
});

describe("over a limit the answer is 429 with how long to wait", () => {
  async function statuses(count: number, call: () => Promise<Response>): Promise<readonly number[]> {
    const seen: number[] = [];
    const waits: number[] = [];
    for (let index = 0; index < count; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await call();
      seen.push(answer.status);
      waits.push(Number(answer.headers.get("Retry-After")));
    }
    expect(waits.map((seconds) => seconds > 0)).toEqual(seen.map((status) => status === 429));
    return seen;
  }

  test("all requests from one address, with any token", async () => {
    running = await serve({ limits: { ...unlimited, requests: few }, ...named });
    const ask = async () => await send(running, "/session", { token: "no.good.token", headers: from("192.0.2.1") });
    expect(await statuses(4, ask)).toEqual([401, 401, 401, 429]);
    expect((await send(running, "/session", { headers: from("192.0.2.2") })).status).toBe(200);
  });

  test("reads of one member", async () => {
    running = await serve({ limits: { ...unlimited, reads: few } });
    const token = await as(ana);
    expect(await statuses(4, async () => await send(running, "/tickets?search=x", { token }))).toEqual([
      200, 200, 200, 429,
    ]);
  });

  test("writes of guests of one address, even if each is another guest", async () => {
    running = await serve({ limits: { ...unlimited, guestWrites: few }, ...named });
    const open = async () => {
      const token = await guestToken(running);
      const body = request();
      return await send(running, "/chat/conversations", {
        token,
        key: body.clientId,
        body,
        headers: from("192.0.2.1"),
      });
    };
    expect(await statuses(4, open)).toEqual([201, 201, 201, 429]);
  });

  test("chats that guests of one address open; messages in them still work", async () => {
    running = await serve({ limits: { ...unlimited, guestChats: few }, ...named });
    const ids: [string, string][] = [];
    const open = async () => {
      const token = await guestToken(running);
      const body = request();
      const headers = from("192.0.2.1");
      const answer = await send(running, "/chat/conversations", { token, key: body.clientId, body, headers });
      ids.push([token, String((await json(answer.clone()))["id"])]);
      return answer;
    };
    expect(await statuses(4, open)).toEqual([201, 201, 201, 429]);
    const [token = "", id] = ids[0] ?? [];
    const said = await create(running, `/chat/conversations/${id}/messages`, token, {
      clientId: crypto.randomUUID(),
      text: "still here",
    });
    expect(said.status).toBe(201);
  });

  test("bytes of files of one member, and of the guests of one address together", async () => {
    const mebibytes = { capacity: 25, refillMs: 60_000 };
    running = await serve({ limits: { ...unlimited, uploads: mebibytes, guestUploads: mebibytes }, ...named });
    const upload = async (token: string) =>
      await send(running, "/uploads", {
        method: "POST",
        token,
        headers: {
          ...from("192.0.2.1"),
          "Tus-Resumable": "1.0.0",
          "Upload-Length": String(9.5 * 1024 * 1024),
          "Upload-Metadata": "filename eC50eHQ=,filetype dGV4dC9wbGFpbg==",
        },
      });
    const token = await as(ana);
    expect(await statuses(3, async () => await upload(token))).toEqual([201, 201, 429]);
    expect(await statuses(3, async () => await upload(await guestToken(running)))).toEqual([201, 201, 429]);
  });

  test("attempts at a user name from elsewhere do not lock the member out", async () => {
    const limits = { ...unlimited, signInsByName: few };
    running = await serve({ limits, ...named });
    const attempt = async (address: string, password: string) =>
      await send(running, "/session/sign-in", {
        body: { username: anasCredentials.username, password },
        headers: from(address),
      });
    expect(await statuses(4, async () => await attempt("192.0.2.66", "guess"))).toEqual([401, 401, 401, 429]);
    expect((await attempt("192.0.2.1", anasCredentials.password)).status).toBe(200);
  });

  test("from many addresses, a user name may be tried only so often", async () => {
    running = await serve({ limits: { ...unlimited, signInsToAccount: few }, ...named });
    let host = 0;
    const attempt = async () =>
      await send(running, "/session/sign-in", {
        body: { username: anasCredentials.username, password: "guess" },
        headers: from(`192.0.2.${(host += 1)}`),
      });
    expect(await statuses(4, attempt)).toEqual([401, 401, 401, 429]);
  });
});

describe("a transcript is mailed", () => {
  async function withMail(limits = unlimited) {
    const desk = memory();
    const mailed = vi.fn<() => Promise<void>>(async () => undefined);
    const chat = desk.chat && { ...desk.chat, mailTranscript: mailed };
    running = await serve({ limits }, { ...desk, ...(chat && { chat }) });
    const mail = async (token: string) => {
      const { id } = await json(await create(running, "/chat/conversations", token, request()));
      return await send(running, `/chat/conversations/${String(id)}/transcript`, { method: "POST", token });
    };
    return { mailed, mail };
  }

  test("to a member whose address is verified, and only so often", async () => {
    const { mailed, mail } = await withMail({ ...unlimited, transcripts: { capacity: 2, refillMs: 60_000 } });
    const token = await as(ana);
    const answers = [await mail(token), await mail(token), await mail(token)];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 429]);
    expect(mailed).toHaveBeenCalledTimes(2);
  });

  test("not to an unverified address of a guest or a member: it is not offered either", async () => {
    const { mailed, mail } = await withMail();
    const { email: _verified, ...nowhere } = ana;
    for (const token of [await guestToken(running), await as(nowhere)]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await mail(token)).status).toBe(403);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { capabilities } = await json(await send(running, "/session", { token }));
      expect(JSON.stringify(capabilities)).not.toContain("mailTranscript");
    }
    expect(mailed).not.toHaveBeenCalled();
    const { capabilities } = await json(await send(running, "/session", { token: await as(ana) }));
    expect(JSON.stringify(capabilities)).toContain("mailTranscript");
  });
});
