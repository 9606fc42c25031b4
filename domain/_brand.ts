declare const brand: unique symbol;

/** A `Base` that only its own constructor makes: two brands of the same base do not mix. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
