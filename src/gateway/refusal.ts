import { errors } from "jose";
import { isValiError } from "valibot";
import type { Problem } from "./problems.ts";
import type { RateLimiter, Rates } from "./rate-limits.ts";

/** Why a token was refused. None of these contains a part of the token. */
export type TokenFault =
  | "missing"
  | "no-bearer"
  | "malformed"
  | "algorithm"
  | "unknown-key"
  | "signature"
  | "expired"
  | "not-yet"
  | "audience"
  | "issuer"
  | "claims"
  | "signed-out"
  | "sign-in";

/** Why a caller was refused: for logs and metrics. */
export type Refusal = `token:${TokenFault}` | `limit:${keyof Rates}`;

/** Reports which limits refuse. */
export interface LimitNotes {
  readonly limit: RateLimiter;
  /** The limit that caused this problem; undefined if none did. */
  readonly limitOf: (problem: Problem) => keyof Rates | undefined;
}

/** The same limiter, with a record of its refusals. */
export function noted(limiter: RateLimiter): LimitNotes {
  const notes = new WeakMap<object, keyof Rates>();
  return {
    async limit(...asked) {
      try {
        await limiter(...asked);
      } catch (error) {
        if (error instanceof Error) notes.set(error, asked[0]);
        throw error;
      }
    },
    limitOf: (problem) => (problem.status === 429 ? notes.get(problem) : undefined),
  };
}

/** Undefined if neither a token nor a limit is the cause. `hadToken`: the request had an Authorization header. */
export function refusalOf(problem: Problem, limit: keyof Rates | undefined, hadToken: boolean): Refusal | undefined {
  if (limit !== undefined) return `limit:${limit}`;
  if (problem.status !== 401) return undefined;
  if (!hadToken) return problem.cause === undefined ? "token:missing" : "token:sign-in";
  return `token:${faultOf(problem)}`;
}

const byCode: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JOSE_NOT_SUPPORTED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "unknown-key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown-key",
};
const byClaim: Readonly<Record<string, TokenFault>> = {
  aud: "audience",
  iss: "issuer",
  nbf: "not-yet",
  exp: "expired",
};

function faultOf({ cause, isTokenBad }: Problem): TokenFault {
  if (cause === undefined) return isTokenBad ? "signed-out" : "no-bearer";
  if (cause instanceof errors.JWTClaimValidationFailed) return byClaim[cause.claim] ?? "claims";
  if (cause instanceof errors.JOSEError) return byCode[cause.code] ?? "malformed";
  return isValiError(cause) ? "claims" : "malformed";
}
