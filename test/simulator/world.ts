import { computed, signal } from "@preact/signals-core";
import { SignJWT } from "jose";
import { connectRest } from "../../src/adapters/rest/index.ts";
import { ChatModel } from "../../src/core/chat/chat.ts";
import type { Platform } from "../../src/core/platform.ts";
import { WidgetModel } from "../../src/core/widget.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { startClock } from "./clock.ts";
import { simulateDesk, wordsIn } from "./desk.ts";
import { simulateNetwork } from "./network.ts";
import { seededRandom } from "./random.ts";
import { simulateStorage } from "./storage.ts";

const secret = "a secret of the simulated gateway, long enough";
const siteSecret = new TextEncoder().encode("the secret of the simulated site, long enough");
const audience = "https://help.example.org";
const gatewayUrl = "http://gateway.sim";
const plenty = { capacity: 1_000_000, refillMs: 1 };

export type SiteMember = "A" | "B";
export type Tab = ReturnType<typeof openTab>;
export type World = Awaited<ReturnType<typeof createWorld>>;

/** One browser with its tabs, the site that it looks at, a gateway and a desk. The same seed gives the same world. */
export async function createWorld(seed: number, uploads: string) {
  const random = seededRandom(seed);
  const clock = startClock();
  const desk = simulateDesk();
  const gateway = createGateway({
    adapter: desk.adapter,
    secret,
    identity: { secret: new TextDecoder().decode(siteSecret), audience },
    uploads: { directory: uploads },
    access: { tickets: "guests", chat: "guests" },
    limits: { guests: plenty, signInsByName: plenty, signInsByAddress: plenty, writes: plenty },
    onError: () => undefined,
  });
  const violations: string[] = [];
  const refusedWords = new Set<string>();
  const ledger = createLedger();
  const network = simulateNetwork({
    clock,
    random,
    async serve(request) {
      const body = request.clone();
      const response = await gateway.fetch(moved(request));
      if (response.status >= 400 && response.status !== 401 && request.method === "POST") {
        for (const word of wordsIn(await body.text())) refusedWords.add(word);
      }
      return response;
    },
    onRequest({ token, body }) {
      for (const word of wordsIn(body)) {
        const problem = ledger.check(word, personOf(token));
        if (problem) violations.push(`sent under the wrong name: ${problem}`);
      }
    },
  });
  const realFetch = globalThis.fetch;
  globalThis.fetch = network.fetch;
  const storage = simulateStorage(clock, random);
  const site = { user: undefined as SiteMember | undefined, fails: false, serial: 0 };

  async function siteToken(): Promise<string | undefined> {
    await clock.sleep(5 + random() * 200);
    if (site.fails) throw new Error("the site answered 500");
    const { user } = site;
    if (!user) return undefined;
    site.serial += 1;
    return await clock.during(
      new SignJWT({ name: user, nonce: site.serial })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(user)
        .setAudience(audience)
        .setExpirationTime(Math.floor(clock.now() / 1000) + 300)
        .sign(siteSecret),
    );
  }

  return {
    random,
    clock,
    desk,
    network,
    storage,
    site,
    siteToken,
    ledger,
    violations,
    /** What the desk refused at some time may come later than what was sent after it. */
    refusedWords,
    open: (name: string) => openTab({ name, clock, network, storage, random, siteToken, site }),
    async revoke(token: string) {
      const headers = { Authorization: `Bearer ${token}` };
      const request = new Request(`${gatewayUrl}/session/sign-out`, { method: "POST", headers });
      await clock.during(gateway.fetch(request));
    },
    async stop() {
      globalThis.fetch = realFetch;
      await clock.during(gateway.dispose());
      clock.stop();
    },
  };
}

/** A tab's own host name is the network's way to know it; the gateway sees its own. */
function moved(request: Request): Request {
  const url = new URL(request.url);
  return new Request(`${gatewayUrl}${url.pathname}${url.search}`, request);
}

/** Whose words are whose, and which of them had to be forgotten. */
function createLedger() {
  const authors = new Map<string, string>();
  /** Who may have to do with a word: its author, and the members that a guest has turned out to be. */
  const owners = new Map<string, Set<string>>();
  /** Since the last sign-out. */
  let current = new Set<string>();
  let sameAsGuest = new Set<string>();
  const wiped = new Set<string>();
  return {
    authors,
    wiped,
    write(author: string): string {
      const word = `w${authors.size + 1}x`;
      authors.set(word, author);
      owners.set(word, new Set(author === "guest" ? [author, ...sameAsGuest] : [author]));
      current.add(word);
      return word;
    },
    /** The guest of this browser turns out to be this member. */
    guestBecame(person: string) {
      sameAsGuest.add(person);
      for (const word of current) if (authors.get(word) === "guest") owners.get(word)?.add(person);
    },
    signedOut(toForget: Iterable<string>) {
      for (const word of toForget) wiped.add(word);
      current = new Set();
      sameAsGuest = new Set();
    },
    /** What is wrong when this person has to do with this word; undefined when nothing is. */
    check(word: string, person: string): string | undefined {
      const allowed = owners.get(word);
      return !allowed || allowed.has(person) ? undefined : `${word} of ${authors.get(word)} as ${person}`;
    },
  };
}

interface Claims {
  readonly sub: string;
  readonly guest?: boolean;
}

/** As `nameOf` in core/identity/person.ts. */
function personOf(token: string | undefined): string {
  if (token === undefined) return "nobody";
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
  return claims.guest ? "guest" : `member:${claims.sub}`;
}

interface TabParts {
  readonly name: string;
  readonly clock: ReturnType<typeof startClock>;
  readonly network: ReturnType<typeof simulateNetwork>;
  readonly storage: ReturnType<typeof simulateStorage>;
  readonly random: () => number;
  readonly siteToken: () => Promise<string | undefined>;
  readonly site: { readonly user: SiteMember | undefined };
}

function openTab({ name, clock, network, storage, random, siteToken, site }: TabParts) {
  const host = `${name}-${Math.floor(random() * 1e9)}.sim`;
  const link = network.linkOf(host);
  const tabStorage = storage.openTab(name);
  const online = signal(true);
  const uploads = new Map<string, string>();
  const platform: Platform = {
    storage: tabStorage,
    locale: signal("en"),
    online: computed(() => online.value),
    visible: signal(true),
    random,
    now: () => clock.now(),
    clean: async (file) => file,
    context: () => undefined,
    ticketTexts: { language: "off", languageName: (tag) => tag, question: (step) => step },
    warn: () => undefined,
    connect: async (ctx, token) =>
      await connectRest(
        {
          endpoint: `http://${host}`,
          token,
          uploads: {
            get: async (id) => uploads.get(id),
            set: async (id, url) => void (url === undefined ? uploads.delete(id) : uploads.set(id, url)),
          },
        },
        ctx,
      ),
  };
  const widget = new WidgetModel({
    platform,
    route: { tab: "tickets", view: "list" },
    identity: site.user ? { getToken: siteToken } : undefined,
    emit: () => undefined,
    loadChat: async () => ChatModel,
  });
  widget.show();
  let isClosed = false;

  return {
    name,
    widget,
    link,
    isAsleep: () => link.isAsleep,
    isClosed: () => isClosed,
    setOnline(now: boolean) {
      link.online = now;
      if (!now) link.cut();
      online.value = now;
    },
    suspend() {
      link.isAsleep = true;
      tabStorage.suspend();
    },
    wake() {
      link.isAsleep = false;
      tabStorage.wake();
    },
    /** The page goes, as by closing or reloading the tab: nothing of it runs on. */
    close() {
      isClosed = true;
      link.isClosed = true;
      link.cut();
      tabStorage.close();
      widget[Symbol.dispose]();
    },
  };
}
