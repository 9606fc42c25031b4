import type { RoomChange } from "../../domain/mod.ts";

/** What lets changes take effect. */
interface Projection {
  apply(change: RoomChange): Promise<void>;
}

export async function applyAll(projection: Projection, changes: readonly RoomChange[]): Promise<void> {
  for (const change of changes) await projection.apply(change);
}

/** Apply, after a history, each of its changes again: oldest first, newest first, and many at once. */
export async function applyAgain(projection: Projection, changes: readonly RoomChange[]): Promise<void> {
  await applyAll(projection, changes);
  await applyAll(projection, changes.toReversed());
  await Promise.all(changes.map((change) => projection.apply(change)));
}
