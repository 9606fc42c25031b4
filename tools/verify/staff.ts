/** Who observes a run, by names that no nick is: nicks have no spaces. The witness owns the room. */
export const STAFF = {
  witness: "the witness",
  cut: "the one cut off",
  absent: "the absent one",
  latecomer: "the latecomer",
} as const;

export type Staff = (typeof STAFF)[keyof typeof STAFF];
