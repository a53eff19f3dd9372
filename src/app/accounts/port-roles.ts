/** Roles for every method of every port: one table, and the guard that applies it. */
import {
  administeringRoles as administrator,
  approvingRoles as approving,
  type Caller,
  managingRoles as managing,
  operatingRoles as operator,
  orderingRoles,
  provingRoles as proving,
  registeringRoles as registering,
  requireRole,
} from '../../domain/caller.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Role } from '../../domain/role.ts';

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
    list: operator,
    find: operator,
    change: operator,
    credit: operator,
  },
  prices: { list: anyone, history: anyone, set: operator, remove: operator },
  refunds: { refund: operator },
  reports: { months: anyone },
  catalogue: { list: anyone, change: operator },
  orders: {
    get: anyone,
    list: anyone,
    search: anyone,
    listChanged: anyone,
    settle: anyone,
    check: orderingRoles,
    place: orderingRoles,
    change: orderingRoles,
    removeNames: orderingRoles,
    cancel: orderingRoles,
  },
  issuances: {
    list: anyone,
    provideCsr: orderingRoles,
    reissue: orderingRoles,
    withdrawReissue: orderingRoles,
    duplicate: orderingRoles,
    privateKey: orderingRoles,
  },
  notes: { list: anyone, history: anyone, add: orderingRoles, change: orderingRoles, remove: orderingRoles },
  customFields: { list: anyone, add: administrator, change: administrator },
  proving: {
    recheck: orderingRoles,
    chooseMethods: orderingRoles,
    checkChallenges: orderingRoles,
    caa: anyone,
  },
  authorizations: {
    get: anyone,
    list: anyone,
    listOwn: anyone,
    listOfOrder: anyone,
    create: proving,
    check: proving,
    deactivate: proving,
    renounce: proving,
  },
  managedDomains: {
    get: anyone,
    list: anyone,
    ensure: proving,
    check: proving,
    add: registering,
    setState: registering,
    remove: registering,
    renewProofs: registering,
    chooseMethod: registering,
  },
  delegations: { check: proving },
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
  certificates: { get: anyone, list: anyone, findByThumbprint: anyone, renewalWindow: anyone, send: orderingRoles },
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
  sessions: { list: anyone, end: anyone },
  credentials: {
    list: managing,
    find: managing,
    create: managing,
    change: managing,
    revoke: managing,
    // Of the caller's own key.
    changeOwn: anyone,
    revokeOwn: anyone,
    changeKey: anyone,
  },
  roleGrants: { list: managing, propose: managing, confirm: managing, withdraw: managing },
  // A front door counts and keeps for any client, also before it knows who that is.
  usedNumbers: { take: anyone },
  attempts: { begin: anyone, end: anyone, listOpen: anyone, waitMs: anyone },
  expiring: { put: anyone, get: anyone, take: anyone },
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
    secretOf: administrator,
  },
  mailboxes: { listStopped: operator, stop: operator, lift: operator },
  mailStops: { show: anyone, stop: anyone },
  invitations: { show: anyone, accept: anyone },
  events: { list: approving, after: approving, doers: anyone, noteExport: anyone },
  upstreams: {
    accounts: operator,
    account: operator,
    check: operator,
    rehearse: operator,
    changeKey: operator,
    close: operator,
    orders: operator,
    order: operator,
    resolve: operator,
    costs: operator,
  },
  server: { profiles: anyone, authorities: anyone, publishCrl: operator, issuers: operator, state: operator },
  statistics: { home: anyone, issuance: anyone, failures: anyone, expiry: anyone, revenue: anyone },
  jobs: { list: operator, retry: operator, discard: operator, retryAll: operator, discardAll: operator },
  operation: {
    authorities: anyone,
    failedJobs: operator,
    alarms: operator,
    keyEncryption: operator,
    rotateMasterKey: operator,
  },
} as const satisfies { readonly [Name in PortName]: Readonly<Record<keyof Ports[Name], readonly Role[] | null>> };

/** The ports, each of whose methods is refused to callers without one of its roles. */
export function guarded(ports: Ports): Ports {
  const guardedPorts = Object.entries<Methods>(ports as unknown as Readonly<Record<PortName, Methods>>).map(
    ([name, methods]) => [
      name,
      Object.fromEntries(Object.entries(methods).map(([method, call]) => [method, guard(call, rolesOf(name, method))])),
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

function guard(call: Method, roles: readonly Role[] | null): Method {
  if (roles === null) return call;
  // Every method that has roles takes its caller first.
  return async (caller, ...rest) => {
    requireRole(caller, ...roles);
    return call(caller, ...rest);
  };
}

type Method = (caller: Caller, ...rest: readonly unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<string, Method>>;
