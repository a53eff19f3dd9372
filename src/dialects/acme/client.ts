/**
 * The client half: an ACME server as typed calls, for one account (RFC 8555, RFC 9773, draft-ietf-acme-profiles). It is made for CAs of
 * other people: strict in what it sends, tolerant in what it reads, and everything that a step needs to go on is in the answer or in the
 * failure. It keeps nonces and the directory, and nothing of orders.
 */
import { encodeBase64url } from '../../pki/base64url.ts';
import { writeBinding } from '../../pki/jws-writer.ts';
import { chainIn, windowIn } from './client/chain.ts';
import { createKnownDirectory } from './client/directory.ts';
import { type AcmeReply, createExchanger } from './client/exchange.ts';
import type { AcmeAnswer, AcmeClient, AcmeClientOptions, AcmeOrderReference, NewAcmeOrder } from './client/face.ts';
import { linksIn } from './client/links.ts';
import { createKeptNonces } from './client/nonces.ts';
import { isForNames } from './client/order-names.ts';
import { parsed, urlsOf } from './client/parsed.ts';
import { type SeenOrder, seenAccount, seenAuthorization, seenChallenge, seenOrder } from './client/schema.ts';
import { post, type SignedPost } from './client/signed-post.ts';
import { identifierToWire } from './orders/identifiers.ts';
import { wireTime } from './wire-time.ts';

export function createAcmeClient(options: AcmeClientOptions): AcmeClient {
  const nonces = createKeptNonces(options.clock);
  const exchanger = createExchanger(options, nonces);
  const directory = createKnownDirectory(options, exchanger);
  let { key, accountUrl = null } = options;

  function newNonce(signal: AbortSignal | undefined): Promise<string> {
    return directory.at('newNonce', signal, async (url) => {
      const reply = await exchanger.send({ call: 'newNonce', method: 'HEAD', url, signal });
      const fresh = reply.headers.get('replay-nonce');
      if (fresh === null || fresh === '') throw exchanger.failure(reply, 'unreadable', 'a new-nonce without a nonce');
      return fresh;
    });
  }

  const posting = { exchanger, nonces, newNonce };
  /** Signed with the key itself: there is no account yet. */
  const postBare = (request: SignedPost) => post(posting, { key, accountUrl: null }, request);
  const postAs = (request: SignedPost) => post(posting, { key, accountUrl: ownUrl() }, request);

  function ownUrl(): string {
    if (accountUrl === null) throw new Error('the account is not registered');
    return accountUrl;
  }

  function answer<Shown>(reply: AcmeReply, url: string, shown: Shown): AcmeAnswer<Shown> {
    return { url, shown, retryAfter: reply.retryAfter, links: linksIn(reply.headers, reply.request.url) };
  }

  function locationOf(reply: AcmeReply, what: string): string {
    const location = URL.parse(reply.headers.get('location') ?? '', reply.request.url)?.href;
    if (reply.headers.has('location') && location !== undefined) return location;
    throw exchanger.failure(reply, 'unreadable', `${what} without a URL`);
  }

  function orderIn(reply: AcmeReply, { url, names }: AcmeOrderReference): AcmeAnswer<SeenOrder> {
    const seen = parsed(exchanger, reply, seenOrder);
    const at = urlsOf(reply);
    const { finalize, authorizations, certificate } = seen;
    const shown = {
      ...seen,
      finalize: at(finalize),
      authorizations: authorizations.map(at),
      certificate: certificate === null ? null : at(certificate),
    };
    if (names !== undefined && !isForNames(shown, names)) {
      const others = shown.identifiers.map(({ value }) => value).join(', ');
      throw exchanger.failure(reply, 'otherNames', `an order for other names: ${others}`);
    }
    return answer(reply, url, shown);
  }

  async function ownAccount(payload: SignedPost['payload'], signal: AbortSignal | undefined) {
    const url = ownUrl();
    const reply = await postAs({ call: 'account', url, ...(payload === undefined ? {} : { payload }), signal });
    return answer(reply, url, parsed(exchanger, reply, seenAccount));
  }

  async function authorizationAt(url: string, payload: SignedPost['payload'], signal: AbortSignal | undefined) {
    const reply = await postAs({ call: 'authorization', url, ...(payload === undefined ? {} : { payload }), signal });
    const shown = parsed(exchanger, reply, seenAuthorization);
    const at = urlsOf(reply);
    return answer(reply, url, { ...shown, challenges: shown.challenges.map((one) => ({ ...one, url: at(one.url) })) });
  }

  return {
    get accountUrl() {
      return accountUrl;
    },

    get clockAheadMs() {
      return exchanger.clockAheadMs();
    },

    get keyThumbprint() {
      return key.thumbprint;
    },

    directory: (signal) => directory.read(signal),

    register: ({ contact = [], externalKey, onlyReturnExisting = false }, signal) =>
      directory.at('newAccount', signal, async (url) => {
        const wanted = onlyReturnExisting
          ? { onlyReturnExisting }
          : { termsOfServiceAgreed: true, ...(contact.length === 0 ? {} : { contact }) };
        const binding =
          externalKey === undefined ? {} : { externalAccountBinding: writeBinding(externalKey, { url, jwk: key.jwk }) };
        const shown =
          externalKey === undefined ? wanted : { ...wanted, externalAccountBinding: { kid: externalKey.keyId } };
        const reply = await postBare({ call: 'newAccount', url, payload: { ...wanted, ...binding }, shown, signal });
        const account = parsed(exchanger, reply, seenAccount);
        accountUrl = locationOf(reply, 'an account');
        return { ...answer(reply, accountUrl, account), isNew: reply.status === 201 };
      }),

    account: (signal) => ownAccount(undefined, signal),

    updateContacts: (contact, signal) => ownAccount({ contact }, signal),

    deactivateAccount: (signal) => ownAccount({ status: 'deactivated' }, signal),

    changeKey: (newKey, signal) =>
      directory.at('keyChange', signal, async (url) => {
        const change = { account: ownUrl(), oldKey: key.jwk };
        // RFC 8555 §7.3.5: inside, the new key shows itself, and there is no nonce.
        const payload = { ...newKey.sign({ jwk: newKey.jwk, url }, change) };
        const shown = { ...change, newKey: newKey.thumbprint };
        await postAs({ call: 'keyChange', url, payload, shown, signal });
        key = newKey;
      }),

    placeOrder: (order, signal) =>
      directory.at('newOrder', signal, async (url) => {
        const reply = await postAs({ call: 'newOrder', url, payload: newOrderToWire(order), signal });
        const { names } = order;
        return orderIn(reply, { url: locationOf(reply, 'an order'), names });
      }),

    async order(order, signal) {
      return orderIn(await postAs({ call: 'order', url: order.url, signal }), order);
    },

    authorization: (url, signal) => authorizationAt(url, undefined, signal),

    deactivateAuthorization: (url, signal) => authorizationAt(url, { status: 'deactivated' }, signal),

    keyAuthorization: (token) => `${token}.${key.thumbprint}`,

    async respond(url, signal) {
      const reply = await postAs({ call: 'challenge', url, payload: {}, signal });
      return answer(reply, url, parsed(exchanger, reply, seenChallenge, { url }));
    },

    async finalize({ finalizeUrl, csrDer, timeoutMs, ...order }, signal) {
      const payload = { csr: encodeBase64url(csrDer) };
      return orderIn(await postAs({ call: 'finalize', url: finalizeUrl, payload, timeoutMs, signal }), order);
    },

    async certificate(url, signal) {
      const headers = { accept: 'application/pem-certificate-chain' };
      const reply = await postAs({ call: 'certificate', url, headers, signal });
      return answer(reply, url, chainIn(exchanger, reply, linksIn(reply.headers, url)));
    },

    revoke: (certificateDer, reason, signal) =>
      directory.at('revokeCert', signal, async (url) => {
        const payload = { certificate: encodeBase64url(certificateDer), reason };
        await postAs({ call: 'revokeCert', url, payload, signal });
      }),

    async renewalInfo(certId, signal) {
      const { renewalInfo } = await directory.read(signal);
      if (renewalInfo === null) return null;
      return directory.at('renewalInfo', signal, async (base) => {
        // Some directories end it with a slash, against RFC 9773 §4.1.
        const url = `${base.replace(/\/$/, '')}/${certId}`;
        const reply = await exchanger.send({ call: 'renewalInfo', method: 'GET', url, signal });
        return answer(reply, url, windowIn(exchanger, reply));
      });
    },
  };
}

/** RFC 8555 §7.4; what is not wanted is not sent: some CAs refuse what they do not know. */
function newOrderToWire({ names, profile, replaces, notBefore, notAfter }: NewAcmeOrder) {
  return {
    identifiers: names.map(identifierToWire),
    ...(profile === undefined ? {} : { profile }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(notBefore === undefined ? {} : { notBefore: wireTime(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: wireTime(notAfter) }),
  };
}
