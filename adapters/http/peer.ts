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
  return isIPv4(bare) || groupsOf(bare) !== null ? bare : null;
}

/** An IPv4 address as it is, also one that is written as IPv6; of another IPv6 address its first four groups. */
function network(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped && isIPv4(mapped)) return mapped;
  const groups = groupsOf(address);
  return groups ? `${groups.slice(0, 4).join(":")}::/64` : address;
}

function isIPv4(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);
}

/** The eight groups of an IPv6 address as URLs write them, or null for what is none. */
function groupsOf(text: string): readonly string[] | null {
  const host = URL.parse(`http://[${text.split("%", 1)[0]}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return null;
  const [head = "", tail = ""] = host.split("::");
  const [first, last] = [head, tail].map((part) => (part === "" ? [] : part.split(":"))) as [string[], string[]];
  return [...first, ...Array<string>(8 - first.length - last.length).fill("0"), ...last];
}
