import { createServer } from "node:http";
import { once } from "node:events";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ana } from "../adapters/members.ts";
import { json, send } from "./calls.ts";
import { audience, secret, serve, siteSecret, siteToken, type Running } from "./server.ts";

let running: Running;
beforeAll(async () => {
  running = await serve();
});
afterAll(async () => await running.stop());

const bytes = (text: string) => new TextEncoder().encode(text);

async function signed(claims: Record<string, unknown>, key = siteSecret, alg = "HS256"): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg }).sign(bytes(key));
}
const soon = () => Math.floor(Date.now() / 1000) + 300;

describe("the site's tokens", () => {
  test("a good one says who the member is, with all that the site told", async () => {
    const answer = await send(running, "/session", { token: await siteToken(ana) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ session: { member: ana } });
  });

  test("without a token nobody is named, and what needs a member is 401", async () => {
    const answer = await json(await send(running, "/session"));
    expect(answer["session"]).not.toHaveProperty("member");
    const refused = await send(running, "/tickets");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("WWW-Authenticate")).toBe("Bearer");
  });

  const bad: Record<string, () => string | Promise<string>> = {
    "signed with another secret": () => signed({ sub: "ana", aud: audience, exp: soon() }, "x".repeat(40)),
    "signed with the gateway's secret": () => signed({ sub: "ana", aud: audience, exp: soon() }, secret),
    "without any signature (alg none)": () =>
      new UnsecuredJWT({}).setSubject("ana").setAudience(audience).setExpirationTime("5m").encode(),
    "expired more than half a minute ago": () =>
      signed({ sub: "ana", aud: audience, exp: Math.floor(Date.now() / 1000) - 31 }),
    "for another audience": () => signed({ sub: "ana", aud: "https://evil.example", exp: soon() }),
    "without an audience": () => signed({ sub: "ana", exp: soon() }),
    "without an end": () => signed({ sub: "ana", aud: audience }),
    "without a member": () => signed({ aud: audience, exp: soon() }),
    "with an empty member": () => signed({ sub: "", aud: audience, exp: soon() }),
    "not valid yet": () => signed({ sub: "ana", aud: audience, exp: soon() + 600, nbf: soon() }),
    "with a name that is an object": () => signed({ sub: "ana", aud: audience, exp: soon(), name: { $gt: "" } }),
    "that is no token": () => "abc",
    "that is three dots": () => "..",
    "signed by a public key's algorithm": async () => {
      const { privateKey } = await generateKeyPair("RS256");
      return await new SignJWT({ sub: "ana", aud: audience, exp: soon() })
        .setProtectedHeader({ alg: "RS256" })
        .sign(privateKey);
    },
  };
  test.each(Object.keys(bad))("one %s is 401, as a problem", async (name) => {
    const answer = await send(running, "/session", { token: await bad[name]?.() });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "unauthorized", status: 401, title: "Unauthorized" });
  });

  test("one that ran out less than half a minute ago is still taken: clocks differ", async () => {
    const token = await signed({ sub: "ana", aud: audience, exp: Math.floor(Date.now() / 1000) - 10 });
    expect((await send(running, "/session", { token })).status).toBe(200);
  });

  test("no bit of one can be flipped", async () => {
    const token = await siteToken(ana);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const flipped = [header, payload, signature].flatMap((part, index) =>
      [0, Math.floor(part.length / 2), part.length - 2].map((at) => {
        const other = part[at] === "A" ? "B" : "A";
        const changed = `${part.slice(0, at)}${other}${part.slice(at + 1)}`;
        return [header, payload, signature].map((each, place) => (place === index ? changed : each)).join(".");
      }),
    );
    const answers = await Promise.all(flipped.map((each) => send(running, "/session", { token: each })));
    expect(answers.map((answer) => answer.status)).toEqual(flipped.map(() => 401));
  });

  test("a scheme that is not Bearer is 401", async () => {
    const answer = await send(running, "/session", { headers: { Authorization: "Basic YTpi" } });
    expect(answer.status).toBe(401);
  });

  test("one of a site that signs with its own key pair is checked against the keys that it publishes", async () => {
    const pair = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" };
    const keys = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    keys.listen(0, "127.0.0.1");
    await once(keys, "listening");
    const address = keys.address();
    const jwksUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/keys`;
    const other = await serve({ identity: { jwksUrl, audience, issuer: "https://www.example.org" } });
    const token = async (issuer: string, key = pair.privateKey) =>
      await new SignJWT({ sub: "ana", aud: audience, exp: soon(), iss: issuer })
        .setProtectedHeader({ alg: "ES256", kid: "k1" })
        .sign(key);

    expect((await send(other, "/session", { token: await token("https://www.example.org") })).status).toBe(200);
    expect((await send(other, "/session", { token: await token("https://evil.example") })).status).toBe(401);
    const stranger = await generateKeyPair("ES256");
    const forged = await token("https://www.example.org", stranger.privateKey);
    expect((await send(other, "/session", { token: forged })).status).toBe(401);
    // Signed with the published key as if it were a shared secret.
    const confused = await signed({ sub: "ana", aud: audience, exp: soon() }, JSON.stringify(jwk));
    expect((await send(other, "/session", { token: confused })).status).toBe(401);
    await other.stop();
    keys.close();
  });

  test("keys that cannot be fetched are the gateway's trouble, not the member's: 503", async () => {
    const other = await serve({ identity: { jwksUrl: "http://127.0.0.1:9/keys", audience } });
    const { privateKey } = await generateKeyPair("ES256");
    const token = await new SignJWT({ sub: "ana", aud: audience, exp: soon() })
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .sign(privateKey);
    const answer = await send(other, "/session", { token });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
    await other.stop();
  });
});

async function guest(): Promise<string> {
  return String((await json(await send(running, "/session/guest", { method: "POST" })))["token"]);
}

describe("the gateway's own tokens", () => {
  test("a guest is known by one, and by nothing else", async () => {
    const answer = await json(await send(running, "/session", { token: await guest() }));
    expect(answer).toMatchObject({
      session: { member: { guest: true, id: expect.stringMatching(/^guest:/) as unknown } },
    });
  });

  test("one made with another gateway's secret is 401", async () => {
    const other = await serve({ secret: "another gateway's secret, long enough" });
    const token = String((await json(await send(other, "/session/guest", { method: "POST" })))["token"]);
    expect((await send(running, "/session", { token })).status).toBe(401);
    await other.stop();
  });

  test("after signing out, one is taken nowhere, the site's tokens neither", async () => {
    for (const token of [await guest(), await siteToken(ana, "4m")]) {
      expect((await send(running, "/tickets", { token })).status).toBe(200);
      expect((await send(running, "/session/sign-out", { method: "POST", token })).status).toBe(204);
      for (const path of ["/session", "/tickets", "/tickets/events", "/chat/current"]) {
        expect((await send(running, path, { token })).status).toBe(401);
      }
    }
  });
});
