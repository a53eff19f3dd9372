/** What a front door asks of the keys that bind ACME clients to an account. */
import type { Reference } from '../caller.ts';
import type { Coverage } from '../product.ts';

export interface NewExternalAccountKey {
  readonly name: string;
  readonly productCode: string;
  readonly organization: Reference | null;
  readonly coverage: Coverage;
  readonly settings: Readonly<Record<string, unknown>>;
}
