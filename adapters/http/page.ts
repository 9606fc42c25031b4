import { everywhere } from "./answers.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid #8886; border-radius: 0.5rem; }
`;
const styleHash = new Bun.CryptoHasher("sha256").update(style).digest("base64");

/** Nothing of the page is loaded from anywhere, and nothing of it runs. */
const headers = {
  ...everywhere,
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-cache",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** The page that says what runs here and how to connect. */
export function page(origin: string): Response {
  return new Response(html(escaped(origin), escaped(origin.replace(/^http/, "ws"))), { headers });
}

function html(http: string, ws: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sarangbang</title>
<style>${style}</style>
<h1>Sarangbang <span lang="ko">사랑방</span></h1>
<p>A chat server runs here. Its interface is tRPC over HTTP, server-sent events and WebSocket, at
<code>${http}/trpc</code>.</p>
<p lang="ko">채팅 서버가 실행 중입니다. <code>${http}/trpc</code>에서 tRPC를 HTTP, SSE, WebSocket으로 제공합니다.</p>
<pre>import { createTRPCClient, createWSClient, httpLink, wsLink } from "@trpc/client";

const url = "${http}/trpc";
const visitor = createTRPCClient({ links: [httpLink({ url })] });
const username = "guest-" + crypto.randomUUID().slice(0, 8);
const { token } = await visitor.auth.signUp.mutate({ username, password: "a long password" });

const socket = createWSClient({ url: "${ws}/trpc", connectionParams: { token } });
const client = createTRPCClient({ links: [wsLink({ client: socket })] });
const { id: chatroomId } = await client.chatrooms.create.mutate({ name: "Lobby" });
client.chatrooms.observe.subscribe({ chatroomId }, {
  onData({ data: event }) {
    console.log(event);
    if (event.kind === "cursor") client.messages.post.mutate({ chatroomId, body: "Hello", requestId: "hello" });
  },
});</pre>
<p><a href="/healthz">/healthz</a> tells whether it is alive, <a href="/readyz">/readyz</a> whether it is ready.</p>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
