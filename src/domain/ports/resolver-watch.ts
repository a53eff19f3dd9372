/** Whether the configured DNS resolvers answer at all: a name that cannot be looked up then says nothing of its zone. */
import type { Reason } from '../errors.ts';

export interface ResolverWatch {
  /** Why no name can be looked up, as of the newest answer or look; undefined while a resolver answers. In memory. */
  fault(): Reason | undefined;
  /** Asks each resolver now. Looks at the same time are one; never throws. */
  look(): Promise<Reason | undefined>;
  /** Ends a look under way; later ones find nothing. */
  stop(): void;
}
