import type { PasswordHasher } from "../../application/mod.ts";

export interface BunPasswordHasherOptions {
  /** How many passwords are hashed at once; each takes a core and `memoryCost` for its time. */
  readonly atOnce?: number;
  /** How many may wait for their turn. */
  readonly waiting?: number;
  /** KiB that a hash takes. */
  readonly memoryCost?: number;
  /** How often a hash goes over its memory. */
  readonly timeCost?: number;
}

/** Too many passwords wait to be hashed; the use-cases know it by its code. */
export class HashesExhausted extends Error {
  override readonly name = "HashesExhausted";
  readonly code = "TOO_MANY_AT_ONCE";
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} passwords are being hashed or wait for it`);
    this.limit = limit;
  }
}

/** argon2id by Bun, off the event loop; only so many at once, so that sign-ins cannot take all of the machine. */
export class BunPasswordHasher implements PasswordHasher {
  readonly #options: Required<BunPasswordHasherOptions>;
  readonly #line: (() => void)[] = [];
  #running = 0;

  constructor({ atOnce = 2, waiting = 64, memoryCost = 65_536, timeCost = 2 }: BunPasswordHasherOptions = {}) {
    this.#options = { atOnce, waiting, memoryCost, timeCost };
  }

  hash(password: string): Promise<string> {
    const { memoryCost, timeCost } = this.#options;
    return this.#inTurn(() => Bun.password.hash(normal(password), { algorithm: "argon2id", memoryCost, timeCost }));
  }

  verify(password: string, hash: string): Promise<boolean> {
    return this.#inTurn(() => Bun.password.verify(normal(password), hash).catch(falseIfNoHash));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { atOnce, waiting } = this.#options;
    if (this.#running >= atOnce) {
      if (this.#line.length >= waiting) throw new HashesExhausted(atOnce + waiting);
      // Whoever ends hands over its place, so that nobody who comes meanwhile takes it.
      await new Promise<void>((resolve) => void this.#line.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** How Bun tells that what is to be verified is no hash. Anything else, such as want of memory, is a fault. */
const NO_HASH: readonly unknown[] = [
  "PASSWORD_UNSUPPORTED_ALGORITHM",
  "PASSWORD_INVALID_ENCODING",
  "PASSWORD_WEAK_PARAMETERS",
];

function falseIfNoHash(fault: unknown): false {
  if (fault instanceof Error && "code" in fault && NO_HASH.includes(fault.code)) return false;
  throw fault;
}

/** The same password typed on another system may come in another Unicode form. */
function normal(password: string): string {
  return password.normalize("NFKC");
}
