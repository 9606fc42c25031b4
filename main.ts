/**
 * Runs a chat by itself: reads the environment, opens the store, serves, and on SIGTERM or SIGINT finishes what is under
 * way. Exits with 0 after a signal, 1 where it cannot start or go on, 2 where a variable is wrong.
 */
import { createChat } from "./application/mod.ts";
import type { Configuration } from "./main_config.ts";
import { readConfiguration } from "./main_config.ts";
import { log, reasonNotToStart, welcome } from "./main_output.ts";
import type { Resources } from "./main_resources.ts";
import { openResources } from "./main_resources.ts";
import type { Server } from "./server/mod.ts";
import { authenticateBy, createServer, faultEntry } from "./server/mod.ts";

function fatal(fault: unknown): never {
  log({ ...faultEntry(fault), event: "fatal" });
  process.exit(1);
}

function refuse(problems: readonly string[], exitCode: 1 | 2): never {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exit(exitCode);
}

function serverOf(configuration: Configuration, { ports }: Resources): Server {
  const { users, sessions } = ports.accounts;
  return createServer({
    ...configuration,
    chat: createChat(ports),
    authenticate: authenticateBy(sessions),
    parts: { accounts: () => users.byUsername("") },
    log,
  });
}

async function start(configuration: Configuration): Promise<() => Promise<void>> {
  const survived = (fault: unknown): void => log(faultEntry(fault));
  const resources = await openResources(configuration, { survived, fatal });
  const server = serverOf(configuration, resources);
  const stop = async (): Promise<void> => {
    await server.close();
    await resources.close();
  };
  try {
    const { port } = await server.listen(configuration);
    process.stdout.write(welcome(configuration, port));
    return stop;
  } catch (fault) {
    await stop();
    throw fault;
  }
}

process.on("uncaughtException", fatal);
process.on("unhandledRejection", fatal);

const read = readConfiguration(process.env);
if (!read.ok) refuse(read.problems, 2);
const { configuration } = read;
const stop = await start(configuration).catch((fault) => {
  const reason = reasonNotToStart(fault, configuration);
  return reason === null ? fatal(fault) : refuse([reason], 1);
});

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    log({ level: "info", event: "stopping", signal });
    stop().then(() => process.exit(0), fatal);
  });
}
