import { describe, expect, test } from "bun:test";
import { until } from "../adapters/ws/_harness.ts";
import { badText, expectRefused, refused, room, served, serveForAll } from "./_bad_input.ts";
import { bearer, httpClient, observe, refusalOf, signUp, socketClient, sseClient } from "./_harness.ts";

serveForAll();

describe("tokens", () => {
  const signedOut = refused("UNAUTHORIZED", { code: "SIGNED_OUT" });

  async function expectSignedOut(token: string): Promise<void> {
    await expectRefused(() => httpClient(served.url, bearer(token)).chatrooms.mine.query(), signedOut);
    await using socket = socketClient(served.url, token);
    await expectRefused(() => socket.client.chatrooms.mine.query(), signedOut);
    const heard = observe(sseClient(served.url, token), room);
    await until(() => heard.errors.length === 1, "a refusal");
    expect(refusalOf(heard.errors[0])).toEqual(signedOut);
  }

  for (const token of ["invented", "a".repeat(43), "x".repeat(5_000), "__proto__"]) {
    test(`a token of ${token.length} characters that nobody gave out signs nobody in`, () => expectSignedOut(token));
  }

  test("a token that was revoked, or has expired, signs nobody in", async () => {
    const { client, token, user } = await signUp(served.url);
    await client.auth.signOut.mutate();
    await expectSignedOut(token);
    const other = await httpClient(served.url).auth.signIn.mutate({
      username: user.username,
      password: "a long password",
    });
    for (const { id } of await served.sessionStore.ofUser(user.id)) {
      await served.sessionStore.setExpiry(id, (Date.now() - 1) as never);
    }
    await expectSignedOut(other.token);
  });
});

describe("accounts", () => {
  const signUpAs = (username: string, password = "a long password") =>
    httpClient(served.url).auth.signUp.mutate({ username, password });

  for (const username of ["ann.lee", "ANN.LEE", "Ａnn.Lee", "Ann.Ｌee"]) {
    test(`signUp() refuses ${username} where there is Ann.Lee`, () =>
      expectRefused(() => signUpAs(username), refused("CONFLICT", { code: "USERNAME_TAKEN", username })));
  }

  test("signUp() refuses a Korean name in another Unicode form", async () => {
    await signUpAs("사랑방".normalize("NFC"));
    const username = "사랑방".normalize("NFD");
    await expectRefused(() => signUpAs(username), refused("CONFLICT", { code: "USERNAME_TAKEN", username }));
  });

  const names: [what: string, username: string, reason: string][] = [
    ["an empty name", "", "blank"],
    ["a name of one letter", "a", "too_short"],
    ["a name of 33 letters", "a".repeat(33), "too_long"],
    ["a name with a space", "a b", "characters"],
    ["a name with a NUL", "a\u0000", "characters"],
    ["a name with a lone surrogate", "ab\ud800", "characters"],
  ];
  for (const [what, username, reason] of names) {
    test(`signUp() refuses ${what}`, () => expectRefused(() => signUpAs(username), badText("username", reason, 2, 32)));
  }

  test("signUp() and signIn() refuse passwords that do not fit, or are wrong", async () => {
    await expectRefused(() => signUpAs("newcomer", "short"), badText("password", "too_short", 8, 256));
    await expectRefused(() => signUpAs("newcomer", "x".repeat(257)), badText("password", "too_long", 8, 256));
    const wrong = refused("UNAUTHORIZED", { code: "CREDENTIALS_WRONG" });
    const signIn = (username: string) =>
      httpClient(served.url).auth.signIn.mutate({ username, password: "wrong password" });
    await expectRefused(() => signIn("Ann.Lee"), wrong);
    await expectRefused(() => signIn("nobody"), wrong);
    await expectRefused(() => signIn("__proto__"), wrong);
  });
});
