/** Every dialect. Adding one is its folder and its line here. */
import type { UpstreamMaker } from '../domain/ports/upstream.ts';
import { acme } from './acme/index.ts';
import { digicert } from './digicert/index.ts';
import { encryption365 } from './encryption365/index.ts';
import { httpsok } from './httpsok/index.ts';
import type { ApiDialect } from './kit/api-dialect.ts';
import { native } from './native/index.ts';
import { racent } from './racent/index.ts';
import { wosign } from './wosign/index.ts';

export const dialects: readonly ApiDialect[] = [native, encryption365, wosign, httpsok, digicert, racent, acme];

/** A dialect through which certmux buys as well. */
export interface Vendor {
  /** The name of the dialect, which is the kind of issuer in the configuration. */
  readonly kind: string;
  readonly maker: UpstreamMaker;
}

export const vendors: readonly Vendor[] = dialects
  .flatMap(({ name: kind, upstream: maker }) => (maker === undefined ? [] : [{ kind, maker }]))
  .toSorted((one, other) => (one.kind < other.kind ? -1 : 1));

/** @throws {Error} for what is no vendor */
export function vendorOf(kind: string): UpstreamMaker {
  const vendor = vendors.find((one) => one.kind === kind);
  if (vendor === undefined) throw new Error(`there is no vendor ${kind}`);
  return vendor.maker;
}
