/** A second certmux, from which the first one buys: what the quickstart has to know of it, whatever it speaks. */
import type { NativeClient } from '../dialects/native/client.ts';
import type { Proof } from './customer-servers.ts';
import type { Service } from './service.ts';

export interface Upstream {
  readonly service: Service;
  /** Settings of the server that buys there: its issuer, for one. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where it is called. */
  readonly url: string;
  /** What the first server is called beside that, once it runs. */
  readonly firstDetail: string;
  /** What the customer sets before the order; undefined where nothing is, or the API shows it. */
  readonly preparation?: Preparation;
  /** Who issued it, line by line, when all is over. */
  facts(operator: NativeClient): Promise<readonly (readonly [label: string, text: string])[]>;
}

export interface Preparation {
  readonly title: string;
  /** How it is known. */
  readonly how: string;
  proofsFor(
    operator: NativeClient,
    wanted: { readonly account: string; readonly names: readonly string[] },
    signal: AbortSignal,
  ): Promise<readonly Proof[]>;
  /** Once they are placed, where somebody must look. */
  readonly completion?: { readonly title: string; run(signal: AbortSignal): Promise<string> };
}

/** Of the configuration of the server that buys there. */
export const issuerId = 'upstream';

/** Domain-validated products of the API are issued by the upstream from now on; answers how many. */
export async function sellVia(operator: NativeClient, dialect: string, signal: AbortSignal): Promise<number> {
  const { items } = await operator.products.list({}, { signal });
  const products = items.filter((one) => one.dialect === dialect && one.level === 'dv');
  for (const { code } of products) await operator.products.change({ dialect, code, issuerId }, { signal });
  return products.length;
}
