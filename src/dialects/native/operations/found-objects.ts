/** What a search finds besides orders and certificates: each kind by the list of it, and only what the caller may read there. */
import { CertError } from '../../../domain/errors.ts';
import { isId } from '../../../domain/ids.ts';
import type { WireFoundObject } from '../schema.ts';
import type { Client } from '../services.ts';
import { referenceFromWire } from '../values.ts';

interface Wanted {
  readonly text: string;
  readonly limit: number;
}

/** What was found of one kind; more than `limit` says that there is more. */
type Finding = (session: Client, wanted: Wanted) => Promise<readonly WireFoundObject[]>;

export interface FoundObjects {
  readonly objects: readonly WireFoundObject[];
  readonly hasMore: boolean;
}

export async function findObjects(session: Client, wanted: Wanted): Promise<FoundObjects> {
  const found = await Promise.all(findings.map((find) => orNone(() => find(session, wanted))));
  return {
    objects: found.flatMap((items) => items.slice(0, wanted.limit)),
    hasMore: found.some(({ length }) => length > wanted.limit),
  };
}

const account: Finding = async ({ caller, services }, { text, limit }) => {
  const { items } = await services.accounts.find(caller, { text, limit: limit + 1 });
  return items.map(({ id, number, name, state }) => ({
    kind: 'account',
    id,
    number,
    title: name,
    state,
    accountId: id,
  }));
};

const domain: Finding = async ({ caller, services }, { text, limit }) => {
  const query = { limit: limit + 1, offset: 0, text: { value: text, isExact: false } };
  const { items } = await services.managedDomains.list(caller, query);
  return items.map(({ domain: { id, number, name, state, accountId } }) => ({
    kind: 'domain',
    id,
    number,
    title: name.value,
    state,
    accountId,
  }));
};

const organization: Finding = async ({ caller, services }, { text, limit }) => {
  const query = { limit: limit + 1, offset: 0, text: { value: text, isExact: false, orNumber: true } };
  const { items } = await services.organizations.list(caller, query);
  return items.map(({ id, number, details, state, accountId }) => ({
    kind: 'organization',
    id,
    number,
    title: details.name,
    state,
    accountId,
  }));
};

const user: Finding = async ({ caller, services }, { text, limit }) => {
  const { items } = await services.users.find(caller, { text, limit: limit + 1 });
  return items.map(({ id, number, username, state, accountId }) => ({
    kind: 'user',
    id,
    number,
    title: username,
    state,
    accountId,
  }));
};

const credential: Finding = async ({ caller, services }, { text, limit }) => {
  const { items } = await services.credentials.find(caller, { text, limit: limit + 1 });
  return items.map(({ id, number, label, publicId, revokedAt, accountId }) => ({
    kind: 'credential',
    id,
    number,
    title: label === '' ? publicId : `${label} (${publicId})`,
    state: revokedAt === null ? 'active' : 'revoked',
    accountId,
  }));
};

const approval: Finding = async ({ caller, services }, { text }) => {
  if (!/^[0-9]{1,10}$/.test(text) && !isId('approval', text)) return [];
  const { approval: found } = await services.approvals.get(caller, referenceFromWire(text));
  const { id, number, asks, state, accountId } = found;
  return [{ kind: 'approval', id, number, title: asks, state, accountId }];
};

/** The request of an API, by what its answer said of it: what it did stands in the audit log. */
const request: Finding = async ({ caller, services }, { text }) => {
  if (/[\s@]/.test(text) || text.length < 4) return [];
  const { items } = await services.events.list(caller, { requestId: text, limit: 1 });
  return items.map(({ kind, accountId }) => ({
    kind: 'request',
    id: text,
    number: null,
    title: kind,
    state: null,
    accountId,
  }));
};

const findings: readonly Finding[] = [account, domain, organization, user, credential, approval, request];

/** Nothing of what is not the caller's to read, as of what there is not. */
async function orNone(find: () => Promise<readonly WireFoundObject[]>): Promise<readonly WireFoundObject[]> {
  try {
    return await find();
  } catch (thrown) {
    if (thrown instanceof CertError && ['notFound', 'forbidden'].includes(thrown.code)) return [];
    throw thrown;
  }
}
