/** Rows of orders at upstreams, and of our accounts there. */
import type { RelayWish, UpstreamRelay } from '../../domain/relay.ts';
import type { UpstreamAccount } from '../../domain/upstream-account.ts';
import type { UpstreamEvidence, UpstreamOrder, UpstreamRoute } from '../../domain/upstream-order.ts';
import { codecOf, type RowOf } from '../codec.ts';
import {
  date,
  fromJson,
  fromMs,
  fromMsOrNull,
  id,
  int32,
  jsonOf,
  nullable,
  reference,
  text,
  toJson,
  toMsOrNull,
} from '../fields.ts';

interface EvidenceJson extends Pick<UpstreamEvidence, 'reason'> {
  readonly der: string;
  readonly chain: readonly string[];
  readonly at: number;
}

export const evidenceJson = {
  write({ der, chain, reason, at }: UpstreamEvidence): string {
    const json: EvidenceJson = {
      der: der.toBase64(),
      chain: chain.map((one) => one.toBase64()),
      reason,
      at: at.getTime(),
    };
    return toJson(json);
  },
  read(stored: string): UpstreamEvidence {
    const { der, chain, reason, at } = fromJson<EvidenceJson>(stored);
    return {
      der: Uint8Array.fromBase64(der),
      chain: chain.map((one) => Uint8Array.fromBase64(one)),
      reason,
      at: fromMs(at),
    };
  },
};

interface RelayJson extends Omit<UpstreamRelay, 'proofsUntil' | 'checkedAt' | 'wish'> {
  readonly proofsUntil: number | null;
  readonly checkedAt: number | null;
  /** Rows of before have no removals. */
  readonly wish: Omit<RelayWish, 'removals'> & Partial<Pick<RelayWish, 'removals'>>;
}

export const relayJson = {
  write({ proofsUntil, checkedAt, ...relay }: UpstreamRelay): string {
    const json: RelayJson = { ...relay, proofsUntil: toMsOrNull(proofsUntil), checkedAt: toMsOrNull(checkedAt) };
    return toJson(json);
  },
  read(stored: string): UpstreamRelay {
    const { proofsUntil, checkedAt, wish, ...relay } = fromJson<RelayJson>(stored);
    return {
      ...relay,
      wish: { ...wish, removals: wish.removals ?? [] },
      proofsUntil: fromMsOrNull(proofsUntil),
      checkedAt: fromMsOrNull(checkedAt),
    };
  },
};

interface RouteJson extends Omit<UpstreamRoute, 'passed'> {
  readonly passed: readonly (Omit<UpstreamRoute['passed'][number], 'at' | 'until'> & {
    readonly at: number;
    readonly until: number | null;
  })[];
}

export const routeJson = {
  write({ pool, passed }: UpstreamRoute): string {
    const json: RouteJson = {
      pool,
      passed: passed.map(({ at, until, ...one }) => ({ ...one, at: at.getTime(), until: toMsOrNull(until) })),
    };
    return toJson(json);
  },
  read(stored: string): UpstreamRoute {
    const { pool, passed } = fromJson<RouteJson>(stored);
    return {
      pool,
      passed: passed.map(({ at, until, ...one }) => ({ ...one, at: fromMs(at), until: fromMsOrNull(until) })),
    };
  },
};

export const upstreamOrders = codecOf<UpstreamOrder>()(
  'upstream_orders',
  {
    issuanceId: id('issuance_id', 'issuance'),
    issuerId: text('issuer_id'),
    account: text('account'),
    state: text('state'),
    reference: nullable(text('reference')),
    begunAt: date('begun_at'),
    deadline: date('deadline'),
    relay: nullable(jsonOf('relay_json', relayJson)),
    faults: int32('faults'),
    lastFault: nullable(text('last_fault')),
    evidence: nullable(jsonOf('evidence_json', evidenceJson)),
    route: nullable(jsonOf('route_json', routeJson)),
    endedAt: nullable(date('ended_at')),
  },
  { issuanceNumber: reference('issuance_number', 'issuanceId') },
);

export const upstreamAccounts = codecOf<UpstreamAccount>()('upstream_accounts', {
  account: text('account'),
  faults: int32('faults'),
  lastFault: nullable(text('last_fault')),
  openUntil: nullable(date('open_until')),
});

export type UpstreamAccountRow = RowOf<typeof upstreamAccounts>;
export type UpstreamOrderRow = RowOf<typeof upstreamOrders>;
