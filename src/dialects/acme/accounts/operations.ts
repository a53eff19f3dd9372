/** Accounts: registered, shown, changed and deactivated (RFC 8555 §7.3). */
import type { z } from 'zod';
import type { Credential } from '../../../domain/account.ts';
import { networkOf } from '../../../domain/address-range.ts';
import { CertError, refuse } from '../../../domain/errors.ts';
import { largestPage } from '../../../domain/page.ts';
import { keySignatureOf } from '../../../pki/jws.ts';
import type { PublicKey } from '../../../pki/public-key.ts';
import { callerOperation, type Operation, publicOperation } from '../../kit/operation.ts';
import type { Directory } from '../config.ts';
import { directoryOf } from '../directory.ts';
import { dialectName } from '../name.ts';
import { addLink } from '../reply.ts';
import { accountOfRequest, authenticateBareKey, signedPartsOf } from '../requests.ts';
import { type Anybody, limitsOf, type Services } from '../services.ts';
import { basePath, type Urls, urlsOf } from '../urls.ts';
import { accountDataOf, accountToWire } from './account-to-wire.ts';
import { bindingFromWire } from './binding.ts';
import { requireContacts } from './contacts.ts';
import { changeKey } from './key-change.ts';
import { account, accountRequest, newAccountRequest, orderList, ordersRequest, type WireAccount } from './schema.ts';

type NewAccount = z.output<typeof newAccountRequest>;

const create = publicOperation<Services, typeof newAccountRequest, typeof account>({
  id: 'account.create',
  method: 'POST',
  path: `${basePath}:directory/new-account`,
  summary: { en: 'Register an account, or find it', zh: '注册或查找账户' },
  request: newAccountRequest,
  response: account,
  status: 201,
  otherStatuses: [200],
  async handle(input, session) {
    const { services, request, reply, origin } = session;
    const directory = directoryOf(services, input.directory);
    const urls = urlsOf(services.publicUrl, input.directory);
    const key = await authenticateBareKey(services, request);
    const known = await findAccount(session, input.directory, key);
    addTermsLink(reply.headers, directory);
    if (known !== undefined) {
      // RFC 8555 §7.3.1: found, whatever else the request says.
      reply.status = 200;
      const { termsOfServiceAgreed: isAgreed = false } = input;
      return shown(isAgreed ? await agreeTo(session, directory, known) : known.credential, urls, reply.headers);
    }
    if (input.onlyReturnExisting === true) throw refuse('acmeAccountUnknown', {});
    if (input.externalAccountBinding === undefined && directory.open === undefined) throw refuse('bindingMissing', {});
    if (directory.termsOfService !== undefined && input.termsOfServiceAgreed !== true) {
      throw refuse('termsNotAgreed', { url: directory.termsOfService });
    }
    requireContacts(input.contact ?? []);
    const { credential, isNew } = await limitsOf(services, input.directory).within(
      'newAccountsPerAddress',
      networkOf(origin.address),
      () => register(session, { input, key }),
      (registered) => registered.isNew,
    );
    if (!isNew) reply.status = 200;
    return shown(credential, urls, reply.headers);
  },
});

type Known = Awaited<ReturnType<Services['signIn']['authenticateKey']>>;

/** The account of a key, if it has one. @throws {CertError} forbidden for one that was deactivated */
async function findAccount(
  { services, origin, request }: Anybody,
  realm: string,
  key: PublicKey,
): Promise<Known | undefined> {
  const proof = keySignatureOf(signedPartsOf(request).jws);
  const holder = { publicKey: key.spkiDer };
  try {
    return await services.signIn.authenticateKey({ dialect: dialectName, realm, holder, proof }, origin);
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'unauthenticated') return undefined;
    throw thrown;
  }
}

/** The account once it has agreed to the terms as they are now (RFC 8555 §7.3.3 leaves the way to the server). */
async function agreeTo(
  { services }: Anybody,
  { termsOfService }: Directory,
  { caller, credential }: Known,
): Promise<Credential> {
  const data = accountDataOf(credential);
  if (termsOfService === undefined || data.agreedTerms === termsOfService) return credential;
  const dialectData = { ...data, termsOfServiceAgreed: true, agreedTerms: termsOfService };
  return services.credentials.changeOwn(caller, { dialectData });
}

function addTermsLink(headers: Headers, { termsOfService }: Directory): void {
  if (termsOfService !== undefined) addLink(headers, termsOfService, 'terms-of-service');
}

function register(
  { services, origin, request }: Anybody,
  { input, key }: { readonly input: NewAccount; readonly key: PublicKey },
): Promise<{ readonly credential: Credential; readonly isNew: boolean }> {
  const { contact = [], termsOfServiceAgreed, externalAccountBinding } = input;
  const { keysOf, accountsPerKey, termsOfService, open } = directoryOf(services, input.directory);
  const { jws, url } = signedPartsOf(request);
  const isBound = externalAccountBinding !== undefined || open === undefined;
  const binding = isBound ? bindingFromWire(externalAccountBinding, { url, accountKey: key }) : undefined;
  return services.signIn.registerKey(
    {
      dialect: dialectName,
      realm: input.directory,
      publicKey: key.spkiDer,
      proof: keySignatureOf(jws),
      label: contact[0] ?? 'ACME account',
      dialectData: {
        contact,
        externalAccountBinding,
        ...(termsOfServiceAgreed === undefined ? {} : { termsOfServiceAgreed }),
        ...(termsOfService === undefined ? {} : { agreedTerms: termsOfService }),
      },
      roles: ['requester'],
      allowedAddresses: null,
      holder:
        binding === undefined ? { account: open?.account ?? '' } : { binding, accepts: keysOf, atMost: accountsPerKey },
    },
    origin,
  );
}

function shown(credential: Credential, urls: Urls, headers: Headers): WireAccount {
  headers.set('location', urls.account(credential.publicId));
  return accountToWire(credential, urls);
}

const update = callerOperation<Services, typeof accountRequest, typeof account>({
  id: 'account.update',
  method: 'POST',
  path: `${basePath}:directory/account/:account`,
  summary: { en: 'Show, change or deactivate the account', zh: '查看、修改或停用账户' },
  request: accountRequest,
  response: account,
  async handle({ directory, account: id, contact, status }, { services, caller, request, reply }) {
    const own = ownAccount(request, id);
    const urls = urlsOf(services.publicUrl, directory);
    if (status === 'deactivated') return shown(await services.credentials.revokeOwn(caller), urls, reply.headers);
    if (contact === undefined) return shown(own, urls, reply.headers);
    requireContacts(contact);
    const dialectData = { ...accountDataOf(own), contact };
    return shown(await services.credentials.changeOwn(caller, { dialectData }), urls, reply.headers);
  },
});

const listOrders = callerOperation<Services, typeof ordersRequest, typeof orderList>({
  id: 'account.orders',
  method: 'POST',
  path: `${basePath}:directory/account/:account/orders`,
  summary: { en: 'The orders of the account', zh: '账户的订单' },
  request: ordersRequest,
  response: orderList,
  async handle({ directory, account: id }, { services, caller, request, reply }) {
    const own = ownAccount(request, id);
    const urls = urlsOf(services.publicUrl, directory);
    const after = new URL(request.url).searchParams.get('cursor');
    const page = { limit: ordersOfPage, ...(after === null ? {} : { after }) };
    const { items, next } = await services.acmeOrders.list(caller, page);
    if (next !== null) addLink(reply.headers, `${urls.orders(own.publicId)}?cursor=${next}`, 'next');
    return { orders: items.map((order) => urls.order(order.id)) };
  },
});

const ordersOfPage = Math.min(50, largestPage);

/** An account sees itself only. @throws {CertError} notFound */
function ownAccount(request: Request, id: string): Credential {
  const own = accountOfRequest(request);
  if (own.publicId !== id) throw refuse('notFound', { what: 'account', value: id });
  return own;
}

export const accountOperations: readonly Operation<Services>[] = [create, update, listOrders, changeKey];
