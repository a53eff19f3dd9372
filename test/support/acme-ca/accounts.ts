/** Accounts of the CA (RFC 8555 §7.3): with external bindings, terms, contacts, changes of keys. */
import type { CaAccount } from './books.ts';
import { accountOf, type Ca, type Call, type Reply, textsIn } from './context.ts';
import { isMembers, keyOfJwk, type Members, readJws, requireMac, requireSignature, thumbprintOf } from './jws.ts';
import { requireRoomForAccount } from './limits.ts';
import { problem } from './problem.ts';

export function newAccount(call: Call, ca: Ca): Reply {
  const { jwk, key, payload = {} } = call;
  if (jwk === undefined || key === undefined) throw problem('malformed', 'a new account signs with its key');
  const known = withKey(ca, jwk);
  if (known !== undefined) {
    if (known.state !== 'valid') throw problem('unauthorized', `the account is ${known.state}`);
    return shown(ca, known, 200);
  }
  if (payload.onlyReturnExisting === true) throw problem('accountDoesNotExist', 'this key has no account');
  const contact = contactIn(payload);
  if (ca.settings.requiresContact === 'newAccount' && contact.length === 0) {
    throw problem('invalidContact', 'a contact is needed');
  }
  if (payload.termsOfServiceAgreed !== true) throw termsProblem(ca);
  const keyId = bindingIn(call, ca);
  requireRoomForAccount(ca);
  const account: CaAccount = {
    id: String(ca.books.accounts.length + 1),
    key,
    thumbprint: thumbprintOf(jwk),
    contact,
    state: 'valid',
    agreedTerms: ca.settings.terms,
    binding: keyId === undefined ? undefined : membersOf(payload.externalAccountBinding),
    keyId,
  };
  ca.books.accounts.push(account);
  return shown(ca, account, 201);
}

export function account(call: Call, ca: Ca): Reply {
  const own = ownAccount(call, ca);
  const { payload } = call;
  if (payload === undefined && !ca.settings.accountsAreReadable) {
    throw problem('malformed', 'accounts are looked up by newAccount', { status: 405 });
  }
  if (payload?.contact !== undefined) own.contact = contactIn(payload);
  if (payload?.termsOfServiceAgreed === true) own.agreedTerms = ca.settings.terms;
  if (payload?.status === 'deactivated') deactivate(ca, own);
  return shown(ca, own, 200);
}

export function orderList(call: Call, ca: Ca): Reply {
  const own = ownAccount(call, ca);
  const orders = ca.books.orders.filter((order) => order.account === own && order.state !== 'forgotten');
  return { status: 200, body: { orders: orders.map(({ id }) => ca.urlOf(`/order/${id}`)) } };
}

/** RFC 8555 §7.3.5. */
export function keyChange(call: Call, ca: Ca): Reply {
  const own = accountOf(call);
  if (!ca.settings.hasKeyChange) throw problem('malformed', 'keys cannot be changed here', { status: 404 });
  const inner = readJws(call.payload, 'the inner JWS');
  const { jwk, url } = inner.header;
  const key = keyOfJwk(jwk);
  const thumbprint = thumbprintOf(membersOf(jwk));
  requireSignature(inner, key);
  if (url !== call.url) throw problem('malformed', 'the inner JWS is for another URL');
  if (ca.settings.isStrict && 'nonce' in inner.header) throw problem('malformed', 'the inner JWS has a nonce');
  const { account: named, oldKey } = inner.payload ?? {};
  if (named !== ca.urlOf(`/account/${own.id}`)) throw problem('malformed', 'the inner JWS names another account');
  if (thumbprintOf(membersOf(oldKey)) !== own.thumbprint) throw problem('malformed', 'this is not the old key');
  const holder = ca.books.accounts.find((one) => one.thumbprint === thumbprint && one.state !== 'deleted');
  if (holder !== undefined) {
    const headers = { location: ca.urlOf(`/account/${holder.id}`) };
    throw problem('malformed', 'the new key has an account', { status: 409, headers });
  }
  own.key = key;
  own.thumbprint = thumbprint;
  return shown(ca, own, 200);
}

/** @throws {AcmeProblem} userActionRequired where the terms are new since the account agreed */
export function requireTerms(ca: Ca, { agreedTerms }: CaAccount): void {
  if (agreedTerms < ca.settings.terms) throw termsProblem(ca);
}

function withKey(ca: Ca, jwk: Members): CaAccount | undefined {
  const thumbprint = thumbprintOf(jwk);
  return ca.books.accounts.find((one) => one.thumbprint === thumbprint && one.state !== 'deleted');
}

export function termsUrl(ca: Ca): string {
  return ca.urlOf(`/terms/${ca.settings.terms}`);
}

function ownAccount(call: Call, ca: Ca): CaAccount {
  const own = accountOf(call);
  if (ca.books.accounts.find(({ id }) => id === call.params[0]) !== own) {
    throw problem('unauthorized', 'this is the account of somebody else');
  }
  return own;
}

function deactivate(ca: Ca, own: CaAccount): void {
  own.state = 'deactivated';
  for (const order of ca.books.orders) {
    if (order.account === own && order.state === 'open') order.state = 'invalid';
  }
}

function termsProblem(ca: Ca) {
  const url = termsUrl(ca);
  const headers = { link: `<${url}>;rel="terms-of-service"` };
  return problem('userActionRequired', 'the terms have to be agreed to', { instance: url, headers });
}

function contactIn({ contact }: Members): readonly string[] {
  const all = textsIn(contact, 'contact');
  for (const one of all) {
    if (!one.startsWith('mailto:')) throw problem('unsupportedContact', `${one} is no mailto`);
    if (!/^mailto:[^@,?]+@[^@,?]+\.[^@,?]+$/.test(one)) throw problem('invalidContact', `${one} is no address`);
  }
  return all;
}

/** The external account that it is bound to (RFC 8555 §7.3.4). */
function bindingIn({ payload = {}, url, jwk = {} }: Call, { settings }: Ca): string | undefined {
  const { externalAccountBinding } = payload;
  if (externalAccountBinding === undefined) {
    if (settings.requiresBinding) throw problem('externalAccountRequired', 'an external account is needed');
    return undefined;
  }
  const inner = readJws(externalAccountBinding, 'the binding');
  const keyId = String(inner.header.kid);
  if (inner.header.url !== url) throw problem('malformed', 'the binding is for another URL');
  if ('nonce' in inner.header) throw problem('malformed', 'the binding has a nonce');
  const external = settings.externalKeys.get(keyId);
  if (external === undefined) throw problem('unauthorized', `there is no external account ${keyId}`);
  requireMac(inner, external.hmacKey);
  if (thumbprintOf(inner.payload ?? {}) !== thumbprintOf(jwk)) {
    throw problem('malformed', 'the binding is for another key');
  }
  if (external.usesLeft <= 0) throw problem('unauthorized', `the key ${keyId} has been used`);
  external.usesLeft--;
  return keyId;
}

function shown(ca: Ca, { id, state, contact, agreedTerms, binding }: CaAccount, status: number): Reply {
  const url = ca.urlOf(`/account/${id}`);
  return {
    status,
    headers: { location: url },
    body: {
      status: state,
      contact,
      termsOfServiceAgreed: agreedTerms >= ca.settings.terms,
      ...(ca.settings.listsOrders ? { orders: `${url}/orders` } : {}),
      ...(binding === undefined ? {} : { externalAccountBinding: binding }),
    },
  };
}

function membersOf(value: unknown): Members {
  if (!isMembers(value)) throw problem('malformed', 'an object is missing');
  return value;
}
