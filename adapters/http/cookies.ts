import type { Timestamp } from "../../domain/mod.ts";

const NAME = "sarangbang_session";
/** Browsers take a cookie of this name only over TLS, from this very host, so that no neighbour can plant one. */
const SECURE_NAME = `__Host-${NAME}`;

/** The token that a browser sends as its cookie, or null. */
export function sessionCookie(headers: Headers): string | null {
  const header = headers.get("cookie");
  if (header === null) return null;
  const pairs = header.split(";").map((pair) => pair.trim().split("=", 2) as [string, string?]);
  const named = (name: string) => pairs.find(([key]) => key === name)?.[1];
  return (named(SECURE_NAME) ?? named(NAME)) || null;
}

/** The `Set-Cookie` headers that have a browser keep a token until it expires, or forget it (null). */
export function sessionCookies(token: string | null, expiresAt: Timestamp | null, secure: boolean): readonly string[] {
  if (token === null) return secure ? [forgotten(NAME, false), forgotten(SECURE_NAME, true)] : [forgotten(NAME, false)];
  const expires = expiresAt === null ? "" : `; Expires=${new Date(expiresAt).toUTCString()}`;
  const kept = `${secure ? SECURE_NAME : NAME}=${token}${expires}${attributes(secure)}`;
  // A cookie of before TLS would otherwise stand behind this one, and come forth when it goes.
  return secure ? [forgotten(NAME, false), kept] : [kept];
}

function forgotten(name: string, secure: boolean): string {
  return `${name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT${attributes(secure)}`;
}

function attributes(secure: boolean): string {
  return `; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
