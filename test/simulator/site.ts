import { SignJWT } from "jose";
import type { VirtualClock } from "./clock.ts";

export type SiteMember = "A" | "B";
export type Site = ReturnType<typeof simulateSite>;

export const audience = "https://help.example.org";
export const ranks = ["Bronze", "Silver"] as const;
export const siteSecret = "the secret of the simulated site, long enough";

/** The site around the widget: knows its visitor, and returns a token for whoever is signed in when it answers. */
export function simulateSite(clock: VirtualClock, random: () => number) {
  const key = new TextEncoder().encode(siteSecret);
  let serial = 0;
  const site = {
    user: undefined as SiteMember | undefined,
    rank: "Bronze" as (typeof ranks)[number],
    fails: false,
    /** `token()` never resolves. */
    hangs: false,
    async token(): Promise<string | undefined> {
      await clock.sleep(5 + random() * 50);
      if (site.hangs) return await new Promise<never>(() => undefined);
      if (site.fails) throw new Error("the site answered 500");
      const { user, rank } = site;
      // Answers may arrive out of order.
      await clock.sleep(random() * 300);
      if (!user) return undefined;
      serial += 1;
      return await new SignJWT({ name: user, rank, nonce: serial })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(user)
        .setAudience(audience)
        .setExpirationTime(Math.floor(clock.now() / 1000) + 300)
        .sign(key);
    },
  };
  return site;
}
