/** An order as its page shows it. Types alone, so that what only reckons with them needs no page. */
import type { WireOrderPage } from '../../../src/dialects/native/schema.ts';

export type Order = WireOrderPage;
export type OrderName = Order['names'][number];
export type Proof = OrderName['proofs'][number];
export type OrderAction = keyof Order['actions'];
