import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
} from "jose";
import { isValiError } from "valibot";
import { rememberVerified } from "./verified-tokens.ts";
import { hash } from "./hash.ts";
import type { IdentityOptions } from "./options.ts";
import { listOf } from "./settings.ts";
import { Problem } from "./problems.ts";
import { REVOKED_FOR_MS, type Issued, type Revocations } from "./revocations.ts";
import { GUEST_PREFIX, memberOf, TOKEN_TYPE, verifyByAny, type Caller, type Tokens } from "./tokens.ts";

export interface Identities {
  /**
   * The caller that the request's bearer token identifies; undefined without one. Rejects with 401 if the token is
   * invalid.
   */
  of(request: Request): Promise<Caller | undefined>;
  /** The caller that a token identifies. Rejects with 401 if it is invalid. */
  ofToken(token: string): Promise<Caller>;
  /** Whether this caller's sign-in is still valid. */
  stands(caller: Caller): Promise<boolean>;
  /** Revokes this sign-in: every copy of the gateway refuses its tokens and ends its streams. */
  revoke(caller: Caller): Promise<void>;
  /** Calls back when this caller's sign-in is revoked. Returns a function that unsubscribes. */
  onRevoked(caller: Caller, run: () => void): () => void;
}

const LEEWAY_S = 30;
const HMAC = ["HS256", "HS384", "HS512"];
const PUBLIC_KEY = [
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
  "EdDSA",
  "Ed25519",
];

type Verify = (token: string) => Promise<{ readonly payload: JWTPayload }>;

export function createIdentities(
  tokens: Tokens,
  revocations: Revocations,
  identity: IdentityOptions | undefined,
): Identities {
  const verifySite = identity === undefined ? undefined : siteVerifier(identity);

  const verified = rememberVerified(verify);

  async function verify(token: string): Promise<Caller> {
    try {
      if (decodeProtectedHeader(token).typ === TOKEN_TYPE) return await tokens.verify(token);
      if (verifySite === undefined) throw new errors.JWTInvalid("this gateway only accepts its own tokens");
      const { payload } = await verifySite(token);
      const { member, expiresAt } = memberOf(withVerifiedEmail(payload, identity));
      if (member.id.trim().toLowerCase().startsWith(GUEST_PREFIX))
        throw new errors.JWTInvalid("this member id is reserved for guests");
      const { iat } = payload;
      const issued = typeof iat === "number" ? { siteIssuedAt: iat * 1000 } : {};
      return { member, expiresAt, sessionId: hash(token), source: "site", ...issued };
    } catch (error) {
      // If the keys cannot be fetched, the token may still be valid.
      if (!isRefusal(error)) {
        throw new Problem("unavailable", "the site's keys cannot be fetched", { retryAfterMs: 5000, cause: error });
      }
      throw new Problem("unauthorized", "the token is invalid: request a new one", {
        isTokenBad: true,
        cause: error,
      });
    }
  }

  async function stands(caller: Caller): Promise<boolean> {
    const { expiresAt, member, sessionId } = caller;
    if (expiresAt + LEEWAY_S * 1000 <= Date.now()) return false;
    const issued = issuedOf(caller).map(async (each) => await revocations.isRevokedSince(member.id, each));
    return !(await Promise.all([revocations.isRevoked(sessionId), ...issued])).includes(true);
  }

  async function ofToken(token: string): Promise<Caller> {
    const caller = await verified(token);
    if (!(await stands(caller)))
      throw new Problem("unauthorized", "this session was signed out: sign in again", { isTokenBad: true });
    return caller;
  }

  return {
    ofToken,
    async of(request) {
      const header = request.headers.get("Authorization");
      if (header === null) return undefined;
      const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
      if (token === undefined) throw new Problem("unauthorized", "the Authorization header is not a bearer token");
      return await ofToken(token);
    },
    stands,
    async revoke({ expiresAt, member, sessionId, siteIssuedAt }) {
      // A page may have a younger token of the same sign-in, so the revocation outlives this token.
      await revocations.revoke(sessionId, Math.max(0, expiresAt - Date.now()) + REVOKED_FOR_MS);
      if (siteIssuedAt !== undefined)
        await revocations.revokeUntil(member.id, { by: "site", at: Date.now() }, REVOKED_FOR_MS);
    },
    onRevoked(caller, run) {
      const { member, sessionId } = caller;
      const stops = issuedOf(caller).map((each) => revocations.watchMember(member.id, each, run));
      const stop = revocations.watch(sessionId, run);
      return () => {
        stop();
        for (const stopMember of stops) stopMember();
      };
    },
  };
}

/** A gateway token that was exchanged for a site token is revoked with either. */
function issuedOf({ issuedAt, siteIssuedAt }: Caller): readonly Issued[] {
  return [
    ...(siteIssuedAt === undefined ? [] : [{ by: "site" as const, at: siteIssuedAt }]),
    ...(issuedAt === undefined ? [] : [{ by: "gateway" as const, at: issuedAt }]),
  ];
}

function siteVerifier(identity: IdentityOptions): Verify {
  const options: JWTVerifyOptions = {
    audience: identity.audience,
    clockTolerance: LEEWAY_S,
    requiredClaims: ["sub", "exp"],
    ...(identity.issuer === undefined ? {} : { issuer: identity.issuer }),
  };
  if ("secret" in identity) {
    const keys = listOf(identity.secret).map((secret) => new TextEncoder().encode(secret));
    return async (token) => await verifyByAny(token, keys, { ...options, algorithms: HMAC });
  }
  const keys = createRemoteJWKSet(new URL(identity.jwksUrl));
  return async (token) => await jwtVerify(token, keys, { ...options, algorithms: PUBLIC_KEY });
}

/**
 * The claims without an unverified address (OpenID Connect Core, section 5.1): desks find a member's tickets by it. A
 * site that signs with a shared secret knows its members' addresses, unless it says otherwise.
 */
function withVerifiedEmail(payload: JWTPayload, identity: IdentityOptions | undefined): JWTPayload {
  const isProvider = identity !== undefined && "jwksUrl" in identity;
  const isTaken = isProvider && identity.emailsAreVerified !== true;
  const verified: unknown = payload["email_verified"];
  const isVerified = verified === true || verified === "true";
  if (isVerified || (!isTaken && verified === undefined)) return payload;
  const { email: _claimed, ...rest } = payload;
  return rest;
}

function isRefusal(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  // For a key set that answers with an error, jose throws its base class.
  if (error instanceof errors.JOSEError) return error.code !== "ERR_JOSE_GENERIC";
  return isValiError(error) || (error instanceof TypeError && !/fetch/i.test(error.message));
}
