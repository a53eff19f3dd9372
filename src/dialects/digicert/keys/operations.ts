/** API keys, and the keys by which ACME clients are bound to the account. */
import type { Credential, User } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { directoryUrl, type ExternalAccountKey } from '../../../domain/external-account-key.ts';
import type { Coverage } from '../../../domain/product.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { itemsOf } from '../../kit/pages.ts';
import { formatKey } from '../auth.ts';
import { emptyRequest } from '../domains/schema.ts';
import { basePath, dialectName } from '../name.ts';
import { naming } from '../naming.ts';
import type { Client, Services } from '../services.ts';
import { allKeyRoles, keyRolesFromWire, restrictionOf } from '../users/roles.ts';
import { pageLimit, withoutPagesAtMost } from '../wire/paging.ts';
import { nothing } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import {
  acmeKey,
  addedKey,
  key,
  keyChangeRequest,
  keyList,
  keyListRequest,
  keyRequest,
  keyRoles,
  keyStatusRequest,
  newAcmeKeyRequest,
  newKeyRequest,
  type WireKey,
} from './schema.ts';

const keyPath = `${basePath}/key/:id`;

/** Keys of ACME clients are counted by themselves in the core, and stand in one list with the others here. */
const acmeNumbers = 1_000_000_000;

const listKeys = callerOperation({
  id: 'key.list',
  method: 'GET',
  path: `${basePath}/key`,
  summary: { en: 'API keys of the account', zh: 'API 密钥列表' },
  request: keyListRequest,
  response: keyList,
  async handle(input, session: Client) {
    const listed: WireKey[] = [];
    for await (const one of keysOf(session)) {
      const owner = await ownerOf(one, session);
      if (input.user_id === undefined || owner?.number === input.user_id) listed.push(keyToWire(one, owner));
      if (listed.length >= withoutPagesAtMost) break;
    }
    const ofAcme = input.user_id === undefined ? await readAcmeKeys(session) : [];
    return { api_keys: [...listed, ...ofAcme] };
  },
});

const listKeyRoles = callerOperation({
  id: 'key.roles',
  method: 'GET',
  path: `${basePath}/key/api-roles`,
  summary: { en: 'Roles that a key may be restricted to', zh: 'API 密钥角色列表' },
  request: emptyRequest,
  response: keyRoles,
  async handle(_input, _session: Client) {
    return { access_roles: [...allKeyRoles] };
  },
});

const showKey = callerOperation({
  id: 'key.show',
  method: 'GET',
  path: keyPath,
  summary: { en: 'An API key, without the key itself', zh: '查看 API 密钥' },
  request: keyRequest,
  response: key,
  handle: ({ id }, session: Client) => keyOf(id, session),
});

const addKey = callerOperation({
  id: 'key.add',
  fieldNames: { label: 'name' },
  method: 'POST',
  path: `${basePath}/key/user/:user`,
  summary: { en: 'Make an API key for a user', zh: '为用户创建 API 密钥' },
  status: 201,
  request: newKeyRequest,
  response: addedKey,
  async handle(input, { services, caller }: Client) {
    const owner = await services.users.get(caller, String(input.user));
    if (owner.state === 'removed') throw refuse('notFound', { what: 'user', value: String(input.user) });
    const { credential, secret } = await services.credentials.create(caller, {
      accountId: owner.accountId,
      userId: owner.id,
      dialect: dialectName,
      label: input.name,
      roles: keyRolesFromWire(input.restricted_to_role_id, owner.roles),
      allowedAddresses: null,
    });
    return { id: credential.number, api_key: formatKey({ publicId: credential.publicId, secret }) };
  },
});

const changeKey = callerOperation({
  id: 'key.change',
  fieldNames: { label: 'name' },
  method: 'PUT',
  path: keyPath,
  summary: { en: 'Rename an API key, or change what it may do', zh: '修改 API 密钥' },
  request: keyChangeRequest,
  response: nothing,
  async handle(input, session: Client) {
    const found = await findKey(input.id, session);
    if (found === undefined) throw refuse('notFound', { what: 'credential', value: String(input.id) });
    const ofUser = (await ownerOf(found, session))?.roles ?? session.caller.roles;
    await session.services.credentials.change(session.caller, found.id, {
      ...withDefined({ label: input.name }),
      ...(input.restricted_to_role_id === undefined
        ? {}
        : { roles: keyRolesFromWire(input.restricted_to_role_id, ofUser) }),
    });
    return undefined;
  },
});

/** A revoked key stays revoked: whoever lost it may have lost it to somebody (docs/divergences/digicert.md). */
const changeKeyStatus = callerOperation({
  id: 'key.changeStatus',
  method: 'PUT',
  path: `${keyPath}/status`,
  summary: { en: 'Revoke an API key, or confirm that it is active', zh: '修改 API 密钥状态' },
  request: keyStatusRequest,
  response: nothing,
  async handle({ id, status }, session: Client) {
    if (status === 'revoked') return revokeKey(id, session);
    const { status: state } = await keyOf(id, session);
    if (state === 'active') return undefined;
    throw refuse('wrongState', { what: 'credential', value: String(id), state: 'revoked', needed: 'active' });
  },
});

const removeKey = callerOperation({
  id: 'key.remove',
  method: 'DELETE',
  path: keyPath,
  summary: { en: 'Revoke an API key', zh: '吊销 API 密钥' },
  request: keyRequest,
  response: nothing,
  handle: ({ id }, session: Client) => revokeKey(id, session),
});

async function revokeKey(id: number, session: Client): Promise<undefined> {
  const { services, caller } = session;
  if ((await findKey(id, session)) !== undefined) await services.credentials.revoke(caller, String(id));
  else if (id > acmeNumbers) {
    const ofAcme = { number: id - acmeNumbers };
    await naming('externalAccountKey', String(id), () => services.externalAccountKeys.revoke(caller, ofAcme));
  } else throw refuse('notFound', { what: 'credential', value: String(id) });
  return undefined;
}

/** A key to this front door or to its ACME directory. @throws {CertError} notFound */
async function keyOf(id: number, session: Client): Promise<WireKey> {
  const found = await findKey(id, session);
  if (found !== undefined) return keyToWire(found, await ownerOf(found, session));
  const ofAcme = (await readAcmeKeys(session)).find((one) => one.id === id);
  if (ofAcme !== undefined) return ofAcme;
  throw refuse('notFound', { what: 'credential', value: String(id) });
}

const addAcmeKey = acmeKeyOperation('key.addAcme', `${basePath}/key/acme-eab`);
const addCurrentAcmeKey = acmeKeyOperation('key.addCurrentAcme', `${basePath}/key/acme-eab/tlm`);

function acmeKeyOperation(id: string, path: string) {
  return callerOperation({
    id,
    method: 'POST',
    path,
    summary: { en: 'Make a key for an ACME client', zh: '为 ACME 客户端创建密钥' },
    status: 201,
    request: newAcmeKeyRequest,
    response: acmeKey,
    async handle(input, { services, caller }: Client) {
      const { key: made, hmacKey } = await services.externalAccountKeys.add(caller, {
        name: input.name,
        productCode: input.product_name_id,
        organization: input.organization_id === undefined ? null : { number: input.organization_id },
        coverage: coverageOf(input),
        settings: input.profile_option === undefined ? {} : { profile_option: input.profile_option },
      });
      return {
        acme_directory_url: directoryUrl(services.publicUrl, dialectName),
        ext_act_kid: made.keyId,
        // RFC 8555 §7.3.4: clients take it in this form.
        ext_act_hmac: Buffer.from(hmacKey).toString('base64url'),
      };
    },
  });
}

export const keyOperations: readonly Operation<Services>[] = [
  listKeys,
  listKeyRoles,
  showKey,
  addKey,
  changeKey,
  changeKeyStatus,
  removeKey,
  addAcmeKey,
  addCurrentAcmeKey,
];

/** The keys to this front door, oldest first; those to others are not this vendor's to show. */
async function* keysOf({ services, caller }: Client): AsyncGenerator<Credential, void, undefined> {
  const all = itemsOf((after: number = 0) => services.credentials.list(caller, { limit: pageLimit, after }));
  for await (const one of all) if (isOfThisDoor(one)) yield one;
}

async function findKey(number: number, { services, caller }: Client): Promise<Credential | undefined> {
  const { items } = await services.credentials.list(caller, { limit: 1, after: number - 1 });
  return items.find((one) => one.number === number && isOfThisDoor(one));
}

function isOfThisDoor({ dialect }: Credential): boolean {
  return dialect === dialectName;
}

async function ownerOf({ userId }: Credential, { services, caller }: Client): Promise<User | undefined> {
  return (await services.users.actor(caller, userId))?.user ?? undefined;
}

function keyToWire(one: Credential, owner: User | undefined): WireKey {
  return {
    id: one.number,
    ...(owner === undefined
      ? {}
      : { user: { id: owner.number, first_name: owner.person.firstName, last_name: owner.person.lastName } }),
    status: one.revokedAt === null ? 'active' : 'revoked',
    create_date: timestamp(one.createdAt),
    ...(one.lastUsedAt === null ? {} : { last_used_date: timestamp(one.lastUsedAt) }),
    name: one.label,
    is_legacy: false,
    restricted_to_role_id: restrictionOf(one.roles),
  };
}

async function readAcmeKeys({ services, caller }: Client): Promise<readonly WireKey[]> {
  const { externalAccountKeys, organizations, catalogue } = services;
  const keys = (await externalAccountKeys.list(caller)).filter(({ dialect }) => dialect === dialectName);
  if (keys.length === 0) return [];
  const products = await catalogue.list(caller);
  return Promise.all(
    keys.map(async (one) => {
      const product = products.find(({ id }) => id === one.productId);
      const organization =
        one.organizationId === null ? undefined : await organizations.get(caller, { id: one.organizationId });
      return {
        id: acmeNumbers + one.number,
        status: one.revokedAt === null ? 'active' : 'revoked',
        create_date: timestamp(one.createdAt),
        name: one.name,
        is_legacy: false,
        restricted_to_role_id: 0,
        acme_directory_url: directoryUrl(services.publicUrl, dialectName),
        ...(product === undefined ? {} : { product_name_id: product.code, product_name: product.name }),
        ...(organization === undefined
          ? {}
          : { organization_id: organization.number, organization_name: organization.details.name }),
        ...validityOf(one),
      };
    }),
  );
}

/** Numbers as texts, as the vendor has them here. */
function validityOf({ coverage: { unit, count } }: ExternalAccountKey) {
  return {
    validity_days: unit === 'days' ? String(count) : '0',
    validity_years: unit === 'years' ? String(count) : '0',
  };
}

/** Days over years, as in orders; a year by default. @throws {CertError} invalidField */
function coverageOf(input: {
  readonly validity_years?: number | undefined;
  readonly validity_days?: number | undefined;
}): Coverage {
  const { validity_years: years = 1, validity_days: days } = input;
  if (days !== undefined) {
    if (days > 1096)
      throw refuse('fieldInvalid', { field: 'validity_days', value: quoted(days), expected: '1 … 1096' });
    return { unit: 'days', count: days };
  }
  if (years > 3) throw refuse('fieldInvalid', { field: 'validity_years', value: quoted(years), expected: '1, 2, 3' });
  return { unit: 'years', count: years };
}
