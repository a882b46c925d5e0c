import { createHmac } from "node:crypto";

/** A token for a member of your site. It is valid for five minutes; the widget asks for another one when it needs it. */
export function podporaToken(member, secret) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { aud: "podpora", sub: member.id, name: member.name, email: member.email, iat: now, exp: now + 300 };
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
