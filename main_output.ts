import { StoreUnusable } from "./adapters/sqlite/mod.ts";
import type { Configuration } from "./main_config.ts";
import type { Log } from "./server/mod.ts";

/** The log of the process: a line of JSON for each entry, on standard error. */
export const log: Log = (entry) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
};

/** What whoever starts the program reads first: where it is, and a first step that works as it is printed. */
export function welcome({ hostname, store, dataDir, publicUrl }: Configuration, port: number): string {
  const open = hostname === "0.0.0.0" || hostname === "::";
  const host = open ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  const url = `http://${host}:${port}`;
  const kept = store === "memory" ? "in memory: gone when this process ends" : `in ${dataDir}`;
  const reach = isLoopback(hostname) ? "; from this machine only, HOST=0.0.0.0 opens it to others" : "";
  const guest = `guest-${crypto.getRandomValues(new Uint8Array(3)).toHex()}`;
  return [
    `Sarangbang is at ${url}${publicUrl === null ? "" : `, known as ${publicUrl}`}${reach}`,
    `Rooms and accounts are ${kept}`,
    "Sign up, as a first step:",
    `  curl -sS ${url}/trpc/auth.signUp -H 'content-type: application/json' -d '{"username":"${guest}","password":"correct horse battery staple"}'`,
    "",
  ].join("\n");
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || hostname.startsWith("127.");
}

/** Why the program cannot start, and what to do, in one line; null for what nobody foresaw. */
export function reasonNotToStart(fault: unknown, { port, hostname }: Configuration): string | null {
  if (fault instanceof StoreUnusable) return `DATA_DIR: ${fault.message}`;
  const code = fault instanceof Error && "code" in fault ? fault.code : null;
  switch (code) {
    case "EADDRINUSE":
      return `PORT: ${port} of ${hostname} is in use; end what uses it, or choose another port`;
    case "EACCES":
    case "EPERM":
      return `PORT: this user may not open ${port}; choose one from 1024 on`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST: ${hostname} is no address of this machine; choose one that is, or 0.0.0.0 for all`;
    default:
      return null;
  }
}
