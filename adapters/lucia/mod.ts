/** Sessions by lucia 3, which is no longer developed: all that knows it is here, behind the port. */
export * from "./sessions.ts";
