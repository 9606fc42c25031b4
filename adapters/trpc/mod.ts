export type { Caller, Context } from "./context.ts";
export { chatErrorOf, faultIdOf, refusalError } from "./errors.ts";
export { type AppRouter, appRouter } from "./router.ts";
