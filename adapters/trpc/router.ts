import { router } from "./procedures.ts";
import { auth } from "./routers/auth.ts";
import { chatrooms } from "./routers/chatrooms.ts";
import { messages } from "./routers/messages.ts";
import { users } from "./routers/users.ts";

/** All that a client can ask for. */
export const appRouter = router({ auth, users, chatrooms, messages });

/** The type by which `@trpc/client` knows every procedure, its input, its output and its refusals. */
export type AppRouter = typeof appRouter;
