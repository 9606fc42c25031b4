import { isIP } from "node:net";
import type { HttpAppOptions, Peer } from "./options.ts";

/** Tell who sent a request. Nothing that a client writes itself is believed: only what `proxyHops` proxies appended. */
export function peerOf(
  request: Request,
  socketAddress: string | undefined,
  { proxyHops, publicUrl }: Pick<HttpAppOptions<never>, "proxyHops" | "publicUrl">,
): Peer {
  const direct = socketAddress ?? "";
  const forwarded = proxyHops > 0 ? listed(request.headers.get("x-forwarded-for")) : [];
  // A chain that is shorter than it should be is wholly of proxies: its first entry is what the outermost one saw.
  const named = forwarded.at(-Math.min(proxyHops, forwarded.length));
  const address = named === undefined ? direct : (withoutPort(named) ?? direct);
  return { address: network(address), secure: isSecure(request, proxyHops, publicUrl) };
}

function isSecure(request: Request, proxyHops: number, publicUrl: string | null): boolean {
  if (publicUrl?.startsWith("https:") || request.url.startsWith("https:")) return true;
  if (proxyHops === 0) return false;
  const schemes = listed(request.headers.get("x-forwarded-proto"));
  return schemes.at(-Math.min(proxyHops, schemes.length))?.toLowerCase() === "https";
}

function listed(header: string | null): readonly string[] {
  if (header === null) return [];
  return header
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** The address of `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` or `[::1]:5`, or null for what is none. */
function withoutPort(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/** An IPv4 address as it is, also one that is written as IPv6; of another IPv6 address its first four groups. */
function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped) return mapped;
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const all = [...first, ...Array<string>(gap).fill("0"), ...last];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
