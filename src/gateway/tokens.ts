import { errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult } from "jose";
import * as v from "valibot";
import type { Member } from "../core/contract/adapter.ts";

/** The verified caller. */
export interface Caller {
  readonly member: Member;
  /** The sign-in that the token belongs to: signing out revokes every token that has it. */
  readonly sessionId: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
  /**
   * When the site issued its token, this one or the one that was exchanged for it, in ms since 1970; undefined if it
   * does not say. The site renews its token every few minutes: a sign-out revokes all that were issued until then.
   */
  readonly siteIssuedAt?: number;
  /** When the gateway issued its token, in ms since 1970. */
  readonly issuedAt?: number;
  /**
   * Who issued the token: the site, the gateway, or the gateway in exchange for a code. The last is only valid for the
   * chat.
   */
  readonly source: "site" | "gateway" | "chat-page";
}

export interface IssuedToken {
  readonly token: string;
  readonly member: Member;
  readonly expiresAt: string;
}

export interface Tokens {
  /** Starts a sign-in. */
  issue(member: Member): Promise<IssuedToken>;
  /** For the chat page, which continues a sign-in: revoked with it, and valid until `expiresAt` at the latest. */
  issueForChatPage(grant: Omit<Caller, "source">): Promise<IssuedToken>;
  /** Rejects with an error of jose if it is not a valid token of this gateway. */
  verify(token: string): Promise<Caller>;
}

/** In the header; distinguishes the gateway's own tokens from the site's. */
export const TOKEN_TYPE = "podpora+jwt";
/** The prefix of a guest's id. */
export const GUEST_PREFIX = "guest:";
const AUDIENCE = "podpora-gateway";
const HOUR_MS = 3_600_000;
const MEMBER_MS = 12 * HOUR_MS;
const GUEST_MS = 30 * 24 * HOUR_MS;

/** In the year 5138: a later value is not a time in seconds. */
const EXP_MAX = 1e11;

const claims = v.object({
  sub: v.pipe(v.string(), v.regex(/\S/u)),
  exp: v.pipe(v.number(), v.minValue(0), v.maxValue(EXP_MAX)),
  name: v.exactOptional(v.string()),
  email: v.exactOptional(v.string()),
  rank: v.exactOptional(v.string()),
  locale: v.exactOptional(v.string()),
});
const ownClaims = v.object({
  ...claims.entries,
  sid: v.string(),
  iat: v.number(),
  guest: v.exactOptional(v.boolean()),
  use: v.exactOptional(v.literal("chat-page")),
  site_iat: v.exactOptional(v.number()),
});

/** The member that a token's claims describe. Throws if a claim has the wrong type. `null` is the same as absent. */
export function memberOf(payload: JWTPayload): { readonly member: Member; readonly expiresAt: number } {
  const told = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
  const { sub, exp, ...rest } = v.parse(claims, told);
  return { member: { id: sub, ...rest }, expiresAt: Math.floor(exp * 1000) };
}

/** Rejects with the first key's error if no key verifies it. */
export async function verifyByAny(
  token: string,
  [first, ...others]: readonly Uint8Array[],
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, first ?? new Uint8Array(), options);
  } catch (error) {
    if (!(error instanceof errors.JWSSignatureVerificationFailed) || others.length === 0) throw error;
    return await verifyByAny(token, others, options);
  }
}

/** The first of the secrets signs, each of them verifies. */
export function createTokens(secrets: readonly string[]): Tokens {
  const [key = new Uint8Array(), ...olderKeys] = secrets.map((secret) => new TextEncoder().encode(secret));

  async function sign({ member, sessionId, expiresAt, siteIssuedAt, source }: Caller): Promise<IssuedToken> {
    const { id, ...rest } = member;
    const end = Math.floor(expiresAt / 1000);
    const token = await new SignJWT({
      ...rest,
      sid: sessionId,
      ...(source === "chat-page" && { use: source, site_iat: siteIssuedAt }),
    })
      .setProtectedHeader({ alg: "HS256", typ: TOKEN_TYPE })
      .setSubject(id)
      .setAudience(AUDIENCE)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(end)
      .sign(key);
    return { token, member, expiresAt: new Date(end * 1000).toISOString() };
  }

  return {
    issue: async (member) =>
      await sign({
        member,
        source: "gateway",
        sessionId: crypto.randomUUID(),
        expiresAt: Date.now() + (member.guest === true ? GUEST_MS : MEMBER_MS),
      }),
    issueForChatPage: async (grant) => await sign({ ...grant, source: "chat-page" }),

    async verify(token) {
      const { payload } = await verifyByAny(token, [key, ...olderKeys], {
        algorithms: ["HS256"],
        audience: AUDIENCE,
        typ: TOKEN_TYPE,
        requiredClaims: ["sub", "exp", "jti"],
      });
      const { sid, guest, iat, use, site_iat: siteIssuedAt } = v.parse(ownClaims, payload);
      const { member, expiresAt } = memberOf(payload);
      const whole: Member = { ...member, ...(guest !== undefined && { guest }) };
      return {
        member: whole,
        sessionId: sid,
        expiresAt,
        source: use ?? "gateway",
        issuedAt: iat * 1000,
        ...(siteIssuedAt !== undefined && { siteIssuedAt }),
      };
    },
  };
}
