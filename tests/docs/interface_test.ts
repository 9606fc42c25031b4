import { describe, expect, test } from "bun:test";
import type { AnyProcedure } from "@trpc/server";
import { z } from "zod";
import { appRouter } from "../../adapters/trpc/mod.ts";
import type { RoomEvent } from "../../domain/mod.ts";
import { readDocument, tableRows } from "./_markdown.ts";

/** What the documents say of a procedure, or the router has of it. */
interface Described {
  readonly path: string;
  readonly type: string;
  /** The names of its inputs, optional ones with a `?`. */
  readonly takes: readonly string[];
}

const KINDS = {
  chatroom_created: true,
  chatroom_updated: true,
  chatroom_deleted: true,
  member_joined: true,
  member_left: true,
  member_kicked: true,
  member_role_changed: true,
  message_posted: true,
  cursor: true,
  reset: true,
} satisfies Record<RoomEvent["kind"], true>;

describe.each(["README.md", "README.ko.md"])("%s", (path) => {
  test("names every procedure, its kind and its inputs, and no other", async () => {
    expect(documented(tableRows(await readDocument(path)))).toEqual(served());
  });

  test("names every kind of event", async () => {
    const first = tableRows(await readDocument(path)).map(([cell = ""]) => cell.replaceAll("`", ""));
    expect(first.filter((kind) => kind in KINDS).sort()).toEqual(Object.keys(KINDS).sort());
  });
});

function documented(rows: readonly string[][]): Described[] {
  return rows
    .filter(([path = ""]) => /^`\w+\.\w+`$/.test(path))
    .map(([path = "", type = "", takes = ""]) => ({
      path: path.replaceAll("`", ""),
      type,
      takes: takes.match(/\w+\??/g)?.sort() ?? [],
    }))
    .sort(byPath);
}

function served(): Described[] {
  // The router's type nests what it keeps flat, by dotted paths.
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>);
  return procedures
    .map(([path, { _def }]) => ({
      path,
      type: _def.type as string,
      takes: (_def.inputs as z.ZodType[]).flatMap(names),
    }))
    .sort(byPath);
}

/** The names of an input's fields. */
function names(input: z.ZodType): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? name : `${name}?`))
    .sort();
}

function byPath(a: Described, b: Described): number {
  return a.path < b.path ? -1 : 1;
}
