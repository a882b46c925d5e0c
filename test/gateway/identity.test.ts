import { createServer } from "node:http";
import { once } from "node:events";
import * as v from "valibot";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionAnswer } from "../../src/protocol/data.ts";
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
  test("a valid one identifies the member, with all claims of the site", async () => {
    const answer = await send(running, "/session", { token: await siteToken(ana) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ session: { member: ana } });
  });

  test("without a token nobody is identified, and a route for members is 401", async () => {
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

  test("one that expired less than half a minute ago is still accepted: clocks differ", async () => {
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

  async function publishKeys() {
    const pair = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" };
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return {
      jwk,
      jwksUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/keys`,
      sign: async (claims: Record<string, unknown>, key = pair.privateKey) =>
        await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(key),
      close: () => server.close(),
    };
  }

  test("one of a site with its own key pair is verified with the keys that it publishes", async () => {
    const provider = await publishKeys();
    const { jwk, jwksUrl } = provider;
    const other = await serve({ identity: { jwksUrl, audience, issuer: "https://www.example.org" } });
    const token = async (iss: string, key?: CryptoKey) =>
      await provider.sign({ sub: "ana", aud: audience, exp: soon(), iss }, key);

    expect((await send(other, "/session", { token: await token("https://www.example.org") })).status).toBe(200);
    expect((await send(other, "/session", { token: await token("https://evil.example") })).status).toBe(401);
    const stranger = await generateKeyPair("ES256");
    const forged = await token("https://www.example.org", stranger.privateKey);
    expect((await send(other, "/session", { token: forged })).status).toBe(401);
    // Signed with the published key as if it were a shared secret.
    const confused = await signed({ sub: "ana", aud: audience, exp: soon() }, JSON.stringify(jwk));
    expect((await send(other, "/session", { token: confused })).status).toBe(401);
    await other.stop();
    provider.close();
  });

  const emailOf = async (of: Running, token: string) =>
    v.parse(sessionAnswer, await json(await send(of, "/session", { token }))).session.member?.email;

  test.each([
    ["says nothing of it", {}, "ana@example.org"],
    ["says that it is verified", { email_verified: true }, "ana@example.org"],
    ["says that it is not", { email_verified: false }, undefined],
    ["says that it is not, as a string", { email_verified: "false" }, undefined],
    ["says so in words of its own", { email_verified: "no" }, undefined],
    ["says so by a number", { email_verified: 0 }, undefined],
    ["says that it is, as a string", { email_verified: "true" }, "ana@example.org"],
  ])("an address of a site that %s", async (_name, claims, email) => {
    const told = { sub: "ana", aud: audience, exp: soon(), email: "ana@example.org", ...claims };
    expect(await emailOf(running, await signed(told))).toBe(email);
  });

  test.each([
    ["says nothing of it", {}, undefined, undefined],
    ["says nothing of it, where each address is verified", {}, true, "ana@example.org"],
    ["says that it is verified", { email_verified: true }, undefined, "ana@example.org"],
    ["says that it is not", { email_verified: false }, undefined, undefined],
    ["says that it is not, where each address is verified", { email_verified: false }, true, undefined],
    ["says something else", { email_verified: 1 }, undefined, undefined],
  ])("an address of an identity provider that %s", async (_name, claims, emailsAreVerified, email) => {
    const issuer = "https://id.example.org";
    const provider = await publishKeys();
    const { jwksUrl } = provider;
    const other = await serve({
      identity: { jwksUrl, audience, issuer, ...(emailsAreVerified && { emailsAreVerified }) },
    });
    const told = { sub: "ana", aud: audience, iss: issuer, exp: soon(), email: "ana@example.org", ...claims };
    expect(await emailOf(other, await provider.sign(told))).toBe(email);
    await other.stop();
    provider.close();
  });

  test("a claim that is null counts as absent", async () => {
    const token = await signed({ sub: "ana", aud: audience, exp: soon(), name: null, email: null, rank: null });
    const answer = await json(await send(running, "/session", { token }));
    expect(answer).toMatchObject({ session: { member: { id: "ana" } } });
  });

  test("a member whose id looks like a guest's is refused: it could be another person's", async () => {
    for (const sub of ["guest:1", "Guest:1", " guest:1", " "]) {
      const token = await signed({ sub, aud: audience, exp: soon() });
      expect((await send(running, "/session", { token })).status).toBe(401);
    }
  });

  test("one that expires at a fraction of a second is accepted, and can be signed out; one that expires in a million years is not", async () => {
    const token = await signed({ sub: "ana", aud: audience, exp: soon() + 0.25 });
    expect((await send(running, "/session/sign-out", { method: "POST", token })).status).toBe(204);
    expect((await send(running, "/session", { token })).status).toBe(401);
    const endless = await signed({ sub: "ana", aud: audience, exp: 1e17 });
    expect((await send(running, "/session", { token: endless })).status).toBe(401);
  });

  test("while the site's secret is being changed, tokens of both are accepted; afterwards only those of the new one", async () => {
    const newSecret = "the site's next secret, as long as it has to be";
    const claims = { sub: "ana", aud: audience, exp: soon() };
    const [before, after] = [await signed(claims), await signed(claims, newSecret)];
    const statuses = async (...secrets: string[]) => {
      const other = await serve({ identity: { secret: secrets, audience } });
      const answers = [
        await send(other, "/session", { token: before }),
        await send(other, "/session", { token: after }),
      ];
      await other.stop();
      return answers.map(({ status }) => status);
    };
    expect(await statuses(siteSecret)).toEqual([200, 401]);
    expect(await statuses(newSecret, siteSecret)).toEqual([200, 200]);
    expect(await statuses(newSecret)).toEqual([401, 200]);
  });

  test("if the keys cannot be fetched, the gateway answers 503, not 401", async () => {
    const other = await serve({
      identity: { jwksUrl: "http://127.0.0.1:9/keys", audience, issuer: "https://www.example.org" },
    });
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
  test("survive a change of its secret, as long as the old one is in the list", async () => {
    const next = "the gateway's next secret, long enough too";
    const token = await guest();
    const both = await serve({ secret: [next, secret] });
    expect((await send(both, "/session", { token })).status).toBe(200);
    const newer = String((await json(await send(both, "/session/guest", { method: "POST" })))["token"]);
    expect((await send(running, "/session", { token: newer })).status).toBe(401);
    const one = await serve({ secret: next });
    expect((await send(one, "/session", { token: newer })).status).toBe(200);
    expect((await send(one, "/session", { token })).status).toBe(401);
    await Promise.all([both.stop(), one.stop()]);
  });

  test("a guest is identified only by one", async () => {
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

  test("after signing out, one is refused everywhere, and so are the site's tokens", async () => {
    for (const token of [await guest(), await siteToken(ana, "4m")]) {
      expect((await send(running, "/tickets", { token })).status).toBe(200);
      expect((await send(running, "/session/sign-out", { method: "POST", token })).status).toBe(204);
      for (const path of ["/session", "/tickets", "/tickets/events", "/chat/current"]) {
        expect((await send(running, path, { token })).status).toBe(401);
      }
    }
  });
});
