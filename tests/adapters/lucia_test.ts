import { describe } from "bun:test";
import { BunClock } from "../../adapters/bun/mod.ts";
import { LuciaSessions } from "../../adapters/lucia/mod.ts";
import { MemorySessionStore } from "../../adapters/memory/mod.ts";
import { testSessions } from "../contracts/sessions.ts";

describe("LuciaSessions", () =>
  testSessions(async () => {
    const store = new MemorySessionStore();
    return { subject: { store, sessions: new LuciaSessions(store, new BunClock()) } };
  }));
