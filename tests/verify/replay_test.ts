import { expect, test } from "bun:test";
import type { Store } from "../../tools/verify/arguments.ts";
import { verify } from "../../tools/verify/command.ts";
import { shortLog } from "./_short_log.ts";

const log = (name: string): string => new URL(`../data/irc/${name}.raw.txt`, import.meta.url).pathname;
const logs = ["2005-08-08_01", "2009-02-23_10"];
const stores: readonly Store[] = ["embedded", "memory"];

for (const store of stores) {
  for (const name of logs) {
    test(`verify() finds every promise kept for ${name} on the ${store} store`, async () => {
      const printed: string[] = [];
      const code = await verify(["--log", log(name), "--store", store], { print: (text) => printed.push(text) });
      expect({ code, printed }).toEqual({ code: 0, printed: [expect.stringContaining("all 12 hold")] });
    }, 60_000);
  }

  test(`verify() finds every promise kept where lines come one by one, on the ${store} store`, async () => {
    using short = shortLog();
    const printed: string[] = [];
    const argv = ["--log", short.path, "--store", store, "--in-flight", "1", "--users", "3"];
    const code = await verify(argv, { print: (text) => printed.push(text), chances: { probeOneIn: 1 } });
    expect({ code, printed }).toEqual({ code: 0, printed: [expect.stringContaining("all 12 hold")] });
  }, 60_000);
}
