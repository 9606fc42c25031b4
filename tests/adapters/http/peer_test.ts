import { expect, test } from "bun:test";
import { peerOf } from "../../../adapters/http/peer.ts";

function addressOf(socket: string | undefined, forwarded: string | null, proxyHops: number): string {
  const headers: Record<string, string> = forwarded === null ? {} : { "x-forwarded-for": forwarded };
  return peerOf(new Request("http://localhost/", { headers }), socket, { proxyHops, publicUrl: null }).address;
}

const table: [what: string, socket: string | undefined, forwarded: string | null, hops: number, address: string][] = [
  ["the socket's, with no proxy", "1.1.1.1", null, 0, "1.1.1.1"],
  ["the socket's, whatever is written into the header", "1.1.1.1", "9.9.9.9", 0, "1.1.1.1"],
  ["what the one proxy saw", "10.0.0.1", "9.9.9.9, 2.2.2.2", 1, "2.2.2.2"],
  ["what the outer of two proxies saw", "10.0.0.1", "9.9.9.9, 2.2.2.2, 10.0.0.2", 2, "2.2.2.2"],
  ["the first of a chain that is too short", "10.0.0.1", "2.2.2.2", 2, "2.2.2.2"],
  ["the socket's, where the proxy says nothing", "10.0.0.1", null, 1, "10.0.0.1"],
  ["the socket's, where the proxy says what is no address", "10.0.0.1", "2.2.2.2, unknown", 1, "10.0.0.1"],
  ["without a port", "10.0.0.1", "2.2.2.2:443", 1, "2.2.2.2"],
  ["IPv4 that is written as IPv6", "::ffff:1.1.1.1", null, 0, "1.1.1.1"],
  ["of IPv6 the network", "2001:db8:1:2:3:4:5:6", null, 0, "2001:db8:1:2::/64"],
  ["of a short IPv6 the network", "2001:db8::1", null, 0, "2001:db8:0:0::/64"],
  ["of ::1 the network", "::1", null, 0, "0:0:0:0::/64"],
  ["of IPv6 with a port", "10.0.0.1", "[2001:DB8::1]:443", 1, "2001:db8:0:0::/64"],
  ["nothing where there is nothing", undefined, null, 0, ""],
];

for (const [what, socket, forwarded, hops, address] of table) {
  test(`peerOf() tells as the address ${what}`, () => {
    expect(addressOf(socket, forwarded, hops)).toBe(address);
  });
}

test("peerOf() tells by scheme, by public URL, and by the trusted proxy whether the way is secure", () => {
  const secure = (url: string, said: string | null, proxyHops: number, publicUrl: string | null = null) => {
    const headers: Record<string, string> = said === null ? {} : { "x-forwarded-proto": said };
    return peerOf(new Request(url, { headers }), undefined, { proxyHops, publicUrl }).secure;
  };
  expect(secure("http://localhost/", null, 0)).toBe(false);
  expect(secure("https://localhost/", null, 0)).toBe(true);
  expect(secure("http://localhost/", "https", 0)).toBe(false);
  expect(secure("http://localhost/", "https", 1)).toBe(true);
  expect(secure("http://localhost/", "https, http", 1)).toBe(false);
  expect(secure("http://localhost/", "HTTPS, http", 2)).toBe(true);
  expect(secure("http://localhost/", null, 1)).toBe(false);
  expect(secure("http://localhost/", null, 0, "https://chat.example.com")).toBe(true);
});
