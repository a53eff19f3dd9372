/** Roles for every method of every port: one table, and the guard that applies it, and asks sessions for a confirmation. */
import {
  administeringRoles as administrator,
  approvingRoles as approving,
  type Caller,
  helpingRoles as helping,
  keyHoldingRoles as keyHolding,
  keyReadingRoles as keyReading,
  managingRoles as managing,
  operatingRoles as operator,
  orderingRoles,
  overseeingRoles as overseeing,
  ownKeyReadingRoles as ownKeyReading,
  provingRoles as proving,
  registeringRoles as registering,
  rehearsingRoles as rehearsing,
  requireRole,
  tendingRoles as tending,
  tracingRoles as tracing,
} from '../../domain/caller.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Role } from '../../domain/role.ts';
import { needsConfirmation, requireConfirmed } from './confirmed-methods.ts';

const anyone = null;

/**
 * The table. `anyone`: every role, and without a caller whoever knows the secret that the method requires. Reading is
 * open to all roles, except the reading of private keys. An operator has every role.
 */
export const rolesOfPorts = {
  signIn: {
    createDevice: anyone,
    register: anyone,
    authenticate: anyone,
    registerKey: anyone,
    authenticateKey: anyone,
    createSession: anyone,
    authenticateSession: anyone,
    actFor: anyone,
  },
  accounts: {
    get: anyone,
    ledger: anyone,
    create: operator,
    list: overseeing,
    find: overseeing,
    change: operator,
    credit: operator,
  },
  prices: { list: anyone, history: anyone, set: operator, remove: operator },
  refunds: { list: anyone, refund: operator },
  reports: { months: anyone },
  catalogue: { list: anyone, change: operator },
  orders: {
    get: anyone,
    list: anyone,
    search: anyone,
    listChanged: anyone,
    settle: anyone,
    check: helping,
    dryRun: orderingRoles,
    place: orderingRoles,
    change: orderingRoles,
    removeNames: orderingRoles,
    cancel: orderingRoles,
  },
  orderPages: {
    get: anyone,
    timeline: anyone,
    approval: anyone,
    certificate: anyone,
  },
  // Whoever has the link has no caller.
  shares: { list: anyone, open: anyone, create: orderingRoles, remove: orderingRoles },
  issuances: {
    list: anyone,
    provideCsr: orderingRoles,
    reissue: orderingRoles,
    dryRunReissue: orderingRoles,
    withdrawReissue: orderingRoles,
    duplicate: orderingRoles,
    privateKey: orderingRoles,
  },
  notes: { list: anyone, history: anyone, add: orderingRoles, change: orderingRoles, remove: orderingRoles },
  customFields: { list: anyone, add: administrator, change: administrator },
  proving: {
    recheck: helping,
    chooseMethods: helping,
    checkChallenges: helping,
    caa: anyone,
  },
  authorizations: {
    get: anyone,
    list: anyone,
    listOwn: anyone,
    listOfOrder: anyone,
    create: proving,
    check: rehearsing,
    deactivate: proving,
    renounce: proving,
  },
  managedDomains: {
    get: anyone,
    list: anyone,
    ensure: proving,
    check: rehearsing,
    add: registering,
    setState: registering,
    remove: registering,
    renewProofs: registering,
    chooseMethod: tending,
  },
  delegations: { check: rehearsing },
  acmeOrders: {
    get: anyone,
    list: anyone,
    certificate: anyone,
    create: orderingRoles,
    authorize: orderingRoles,
    finalize: orderingRoles,
  },
  checks: { ofAuthorization: anyone, listOfOrder: anyone },
  confirmations: { show: anyone, decide: anyone },
  approvals: { get: anyone, list: anyone, decide: approving, withdraw: orderingRoles },
  certificates: {
    get: anyone,
    list: anyone,
    surroundings: anyone,
    findByThumbprint: anyone,
    renewalWindow: anyone,
    send: helping,
  },
  revocations: {
    revokeByKey: anyone,
    revokePresented: orderingRoles,
    revokeOrder: orderingRoles,
    request: orderingRoles,
    revokeCertificate: orderingRoles,
  },
  keyRegister: {
    list: anyone,
    certificates: anyone,
    reportCompromise: anyone,
    block: administrator,
    unblock: administrator,
    import: administrator,
    revokeCertificates: orderingRoles,
  },
  organizations: {
    get: anyone,
    list: anyone,
    add: registering,
    setState: registering,
    askForVerification: registering,
    replaceContacts: registering,
    remove: registering,
    verify: operator,
  },
  containers: { get: anyone, list: anyone, add: administrator, change: administrator, setState: administrator },
  users: {
    get: anyone,
    list: anyone,
    find: anyone,
    actor: anyone,
    actors: anyone,
    create: managing,
    change: managing,
    isFree: managing,
    setState: managing,
    remove: managing,
    invite: managing,
    resetPassword: managing,
    setPassword: managing,
    changePassword: anyone,
  },
  // Of one's own; those of others need more (`sessions.ts`).
  sessions: { current: anyone, list: anyone, end: anyone, confirm: anyone },
  preferences: { get: anyone, change: anyone, putViews: anyone },
  credentials: {
    list: keyReading,
    // Those who manage none find, make, change and end their own (`grants.ts`).
    get: ownKeyReading,
    find: ownKeyReading,
    create: keyHolding,
    change: keyHolding,
    revoke: keyHolding,
    // Of the caller's own key.
    changeOwn: anyone,
    revokeOwn: anyone,
    changeKey: anyone,
  },
  roleGrants: { list: keyReading, propose: managing, confirm: managing, withdraw: managing },
  // A front door counts and keeps for any client, also before it knows who that is.
  usedNumbers: { take: anyone },
  attempts: { begin: anyone, end: anyone, listOpen: anyone, waitMs: anyone },
  expiring: { put: anyone, get: anyone, take: anyone },
  // Of the caller's own keys.
  idempotencyKeys: { begin: anyone, keep: anyone, release: anyone },
  externalAccountKeys: {
    get: anyone,
    list: anyone,
    check: anyone,
    add: administrator,
    change: administrator,
    revoke: administrator,
  },
  webhooks: {
    get: anyone,
    list: anyone,
    deliveries: anyone,
    add: administrator,
    change: administrator,
    remove: administrator,
    probe: administrator,
    replay: administrator,
    replayFailed: administrator,
    secretOf: administrator,
  },
  mailboxes: { listStopped: overseeing, stop: operator, lift: operator },
  setup: { show: overseeing, confirm: operator, testMail: operator },
  mailStops: { show: anyone, stop: anyone },
  invitations: { show: anyone, accept: anyone },
  events: { list: tracing, after: tracing, doers: anyone, noteExport: anyone },
  // Who knows the name of a stream has opened it.
  changes: { open: anyone, next: anyone, close: anyone },
  upstreams: {
    accounts: overseeing,
    account: overseeing,
    check: operator,
    rehearse: operator,
    changeKey: operator,
    close: operator,
    orders: overseeing,
    order: overseeing,
    resolve: operator,
    costs: overseeing,
  },
  authorityImport: { addSerials: operator, examine: operator, take: operator, revokeSerial: operator },
  authorities: {
    request: operator,
    requests: overseeing,
    withdraw: operator,
    install: operator,
    uploadList: operator,
    exportKey: operator,
    removeKey: operator,
  },
  server: {
    profiles: anyone,
    authorities: anyone,
    publishCrl: operator,
    outlook: overseeing,
    rollAuthority: operator,
    revokeAuthority: operator,
    issuers: overseeing,
    state: overseeing,
  },
  objectPages: { get: anyone },
  statistics: {
    home: anyone,
    issuance: anyone,
    failures: anyone,
    expiry: anyone,
    revenue: anyone,
    rebuild: operator,
  },
  jobs: { list: overseeing, retry: operator, discard: operator, retryAll: operator, discardAll: operator },
  operation: {
    authorities: anyone,
    failedJobs: overseeing,
    alarms: overseeing,
    keyEncryption: overseeing,
    rotateMasterKey: operator,
  },
} as const satisfies { readonly [Name in PortName]: Readonly<Record<keyof Ports[Name], readonly Role[] | null>> };

/** @throws {CertError} forbidden, as the guard of the method does */
export function requireRolesOf(caller: Caller, port: PortName, method: string): void {
  const roles = rolesOf(port, method);
  if (roles !== null) requireRole(caller, ...roles);
}

/** The ports, each of whose methods is refused to callers without one of its roles. */
export function guarded(ports: Ports): Ports {
  const guardedPorts = Object.entries<Methods>(ports as unknown as Readonly<Record<PortName, Methods>>).map(
    ([name, methods]) => [
      name,
      Object.fromEntries(
        Object.entries(methods).map(([method, call]) => [
          method,
          guard(call, { port: name, method, roles: rolesOf(name, method) }),
        ]),
      ),
    ],
  );
  // The same names and methods; TypeScript cannot follow that through Object.entries.
  return Object.fromEntries(guardedPorts) as unknown as Ports;
}

function rolesOf(port: string, method: string): readonly Role[] | null {
  const table: Readonly<Record<string, Readonly<Record<string, readonly Role[] | null>>>> = rolesOfPorts;
  const roles = table[port]?.[method];
  if (roles === undefined) throw new Error(`no roles are named for ${port}.${method}`);
  return roles;
}

function guard(
  call: Method,
  { port, method, roles }: { readonly port: string; readonly method: string; readonly roles: readonly Role[] | null },
): Method {
  // What anybody may call never needs a confirmation either (`port-roles.test.ts`).
  if (roles === null) return call;
  // Every method that has roles takes its caller first.
  return async (caller, ...rest) => {
    requireRole(caller, ...roles);
    if (caller.sessionId !== undefined && needsConfirmation(port, method, [caller, ...rest])) requireConfirmed(caller);
    return call(caller, ...rest);
  };
}

type Method = (caller: Caller, ...rest: readonly unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<string, Method>>;
