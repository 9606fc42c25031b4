/**
 * Replays a real chat through the unmodified client, watches the room from several places while connections are cut,
 * and judges whether every promise was kept. See `--help`.
 */
import { verify } from "./verify/command.ts";

process.exitCode = await verify(process.argv.slice(2));
