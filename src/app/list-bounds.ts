/**
 * Bounds of every list that a port answers: one table, and the guard that applies it. What grows is read page by page; the
 * rest says what keeps it short. A list without a row does not compile.
 */
import { quoted, refuse } from '../domain/errors.ts';
import { expectedOf } from '../domain/messages/expectations.ts';
import { largestPage } from '../domain/page.ts';
import type { PortName, Ports } from '../domain/ports/index.ts';

/** Its last argument says which page (`limit`, and a cursor or an offset). */
const page = 'page';

/** The methods that answer a list, or a page of one. */
export type ListMethod<Port> = {
  [K in keyof Port]: Port[K] extends (...args: never) => Promise<infer Answer>
    ? Answer extends readonly unknown[] | { readonly items: readonly unknown[] }
      ? K
      : never
    : never;
}[keyof Port];

/** `page` where the last argument has a limit; else words. */
export type BoundOf<Method> = Method extends (...args: infer Args) => unknown
  ? Args extends readonly [...unknown[], { readonly limit: number }]
    ? typeof page
    : string
  : never;

type BoundsOf<Port> = { readonly [K in ListMethod<Port>]: BoundOf<Port[K]> };
type PortWithLists = { [P in PortName]: ListMethod<Ports[P]> extends never ? never : P }[PortName];

/** The table: `page`, or what bounds the list. */
export const boundsOfLists = {
  accounts: { list: page, find: page, ledger: page },
  acmeOrders: { list: page },
  approvals: { list: page },
  attempts: { listOpen: 'as many as its limit allows at once' },
  authorities: { requests: 'the 20 that may wait' },
  authorizations: { list: page, listOwn: page, create: 'the request', listOfOrder: 'the names of one issuance' },
  catalogue: { list: "the dialects' catalogues" },
  certificates: { list: page, surroundings: 'the request' },
  checks: { listOfOrder: page },
  containers: { list: 'the 1,000 that an account may have' },
  credentials: { list: page, find: page },
  customFields: { list: 'the 100 that an account may have', add: 'the request' },
  delegations: { check: 'the request' },
  events: { list: page, after: page, doers: 'the request' },
  externalAccountKeys: { list: 'the 1,000 that an account may have' },
  issuances: { list: page },
  jobs: { list: page },
  keyRegister: { list: page, certificates: page },
  mailboxes: { listStopped: page },
  managedDomains: { list: page },
  notes: { list: 'the 200 that an order may have', history: 'the 200 that an order may have' },
  operation: { authorities: 'the configuration', failedJobs: page, alarms: 'the kinds of alarms and the nodes' },
  orderPages: { timeline: page },
  orders: { list: page, search: page, listChanged: page },
  organizations: { list: page },
  preferences: { putViews: 'the 50 that a person may have' },
  prices: { list: 'the products', history: page },
  proving: { checkChallenges: 'the request' },
  refunds: { list: page },
  reports: { months: page },
  roleGrants: { list: page },
  sessions: { list: 'the 20 that a person may have' },
  shares: { list: 'the 20 that an order may have' },
  setup: { show: 'the steps', confirm: 'the steps' },
  server: { profiles: 'the configuration', authorities: 'the configuration', issuers: 'the configuration' },
  upstreams: {
    accounts: 'the configuration',
    check: 'the configuration',
    rehearse: 'the configuration',
    changeKey: 'the configuration',
    orders: page,
    costs: 'the products',
  },
  users: { list: page, find: page, actors: 'the request' },
  webhooks: { list: page, deliveries: page },
} as const satisfies { readonly [P in PortWithLists]: BoundsOf<Ports[P]> };

type Method = (...args: readonly unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<string, Method>>;

/** The ports, whose lists refuse a page that is none, or too large. */
export function bounded(ports: Ports): Ports {
  const table: Readonly<Record<string, Readonly<Record<string, string>>>> = boundsOfLists;
  const boundedPorts = Object.entries(ports as unknown as Readonly<Record<PortName, Methods>>).map(
    ([name, methods]) => [
      name,
      Object.fromEntries(
        Object.entries(methods).map(([method, call]) => [method, table[name]?.[method] === page ? paged(call) : call]),
      ),
    ],
  );
  // The same names and methods; TypeScript cannot follow that through Object.entries.
  return Object.fromEntries(boundedPorts) as unknown as Ports;
}

function paged(call: Method): Method {
  return async (...args) => {
    requirePage(args.at(-1));
    return call(...args);
  };
}

/** The least that the members of a query may be that say which page it is. */
const leastOf = { limit: 1, offset: 0, before: 0, after: 0, seq: 0 } as const;

/** @throws {CertError} invalidField */
function requirePage(query: unknown): void {
  const members: Readonly<Record<string, unknown>> = { ...(query as object) };
  for (const [field, least] of Object.entries(leastOf)) {
    const value = members[field];
    // A cursor that is no number is the list's own, and checked by it.
    if (value === undefined ? field !== 'limit' : field !== 'limit' && typeof value !== 'number') continue;
    const most = field === 'limit' ? largestPage : Number.MAX_SAFE_INTEGER;
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) continue;
    const { integerAtLeast, integerBetween } = expectedOf;
    const expected = field === 'limit' ? integerBetween(least, most) : integerAtLeast(least);
    throw refuse('fieldInvalid', { field, value: quoted(value), expected });
  }
}
