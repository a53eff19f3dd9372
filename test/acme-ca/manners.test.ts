/** Each bad manner of the CA in the tests happens when it is asked for, and is in its books. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Moment, type PlainManner, plainManners } from '../support/acme-ca/manners.ts';
import { createRawClient, csrFor, type RawReply } from '../support/acme-ca/raw-client.ts';
import { until } from '../support/system.ts';
import { type Bought, createSession, download, type Session, typeOf } from './session.ts';

const wild = ['www.example.com', '*.example.com'];
const names = ['www.example.com', 'example.com'];

const leafIn = (pem: string) => new X509Certificate(pem);
const blocksIn = (pem: string) => pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? [];
const again = (session: Session) => session.client.newOrder(names);

/** What comes after the certificate is there. */
async function sent(session: Session): Promise<RawReply> {
  return download(session, await session.buy(names));
}

/** The first authorization of a new order for wildcards last. */
async function authorized(session: Session): Promise<RawReply> {
  const order = await session.client.newOrder(['*.example.com']);
  return session.client.post(order.body.authorizations[0]);
}

async function finalizedAgain(session: Session): Promise<readonly [Bought, RawReply]> {
  const bought = await session.buy(names);
  return [bought, await session.client.post(bought.url)];
}

async function informed(session: Session): Promise<RawReply> {
  await session.buy(names);
  await session.ca.catchUp();
  const [{ certId } = { certId: '' }] = session.ca.books.certificates;
  return session.client.get(`${session.client.directory.renewalInfo}/${certId}`);
}

const directory = async ({ ca, client }: Session) => client.get(ca.directoryUrl);
const rejected = async (call: Promise<unknown>, code: string) => {
  const error = await call.then(
    () => assert.fail('it was answered'),
    (reason) => reason,
  );
  assert.equal(error.cause.code, code);
};

/** For each: where, and what a customer then meets. */
const rows: Readonly<Record<PlainManner, readonly [on: Moment, meet: (session: Session) => Promise<void>]>> = {
  loseRequest: [
    'newOrder',
    async (session) => {
      await rejected(again(session), 'ECONNREFUSED');
      assert.equal(session.ca.books.orders.length, 0);
      assert.equal(session.ca.calls('newOrder')[0]?.outcome, 'requestLost');
    },
  ],
  loseReply: [
    'newOrder',
    async (session) => {
      await rejected(again(session), 'ECONNRESET');
      assert.equal(session.ca.books.orders.length, 1);
      assert.equal(session.ca.calls('newOrder')[0]?.outcome, 'replyLost');
    },
  ],
  hang: ['newOrder', (session) => meetHang(session, 0)],
  hangAfterwards: ['newOrder', (session) => meetHang(session, 1)],
  actTwice: [
    'newOrder',
    async (session) => {
      const { headers } = await again(session);
      assert.equal(headers.get('location'), 'https://ca.example/order/2');
      assert.equal(session.ca.books.orders.length, 2);
    },
  ],
  emptyBody: ['newOrder', async (session) => assert.equal((await again(session)).text, '')],
  cutBody: [
    'newOrder',
    async (session) => {
      const { text, body } = await again(session);
      assert.ok(text.startsWith('{') && body === undefined);
    },
  ],
  htmlPage: [
    'newOrder',
    async (session) => {
      const { status, text } = await again(session);
      assert.equal(status, 200);
      assert.match(text, /^<!doctype html>/);
      assert.equal(session.ca.books.orders.length, 0);
    },
  ],
  wrongContentType: [
    'newOrder',
    async (session) => assert.equal((await again(session)).headers.get('content-type'), 'text/plain'),
  ],
  contentTypeWithCharset: [
    'newOrder',
    async (session) =>
      assert.equal((await again(session)).headers.get('content-type'), 'application/json; charset=utf-8'),
  ],
  plainProblem: [
    'newOrder',
    async ({ client }) => {
      const { headers, status } = await client.newOrder([]);
      assert.deepEqual([status, headers.get('content-type')], [400, 'application/json']);
    },
  ],
  status401: [
    'newOrder',
    async ({ client, ca }) => {
      ca.changeTerms();
      const { status, body } = await client.newOrder(names);
      assert.deepEqual([status, body.status], [401, 401]);
    },
  ],
  nullMembers: ['newOrder', async (session) => assert.equal((await again(session)).body.profile, null)],
  furtherMembers: ['newOrder', async (session) => assert.equal((await again(session)).body.id, 7)],
  badNonce: [
    'newOrder',
    async (session) => {
      assert.equal(typeOf(await again(session)), 'badNonce');
      assert.equal(session.ca.books.orders.length, 0);
    },
  ],
  noNonce: ['newOrder', async (session) => assert.equal((await again(session)).headers.get('replay-nonce'), null)],
  usedNonce: [
    'newOrder',
    async (session) => {
      const nonce = (await again(session)).headers.get('replay-nonce');
      const { account = '' } = session.client;
      assert.equal(typeOf(await session.client.post(account, undefined, { header: { nonce } })), 'badNonce');
    },
  ],
  noLocation: ['newOrder', async (session) => assert.equal((await again(session)).headers.get('location'), null)],
  noExpires: ['newOrder', async (session) => assert.equal((await again(session)).body.expires, undefined)],
  reordered: ['newOrder', async (session) => sameNames(await again(session), names.toReversed())],
  upperCase: [
    'newOrder',
    async (session) =>
      sameNames(
        await again(session),
        names.map((name) => name.toUpperCase()),
      ),
  ],
  repeated: ['newOrder', async (session) => sameNames(await again(session), [...names, ...names])],
  strangeStatus: ['newOrder', async (session) => assert.equal((await again(session)).body.status, 'on-hold')],
  readyAgain: [
    'order',
    async (session) => {
      const [{ url }, shown] = await finalizedAgain(session);
      assert.deepEqual([shown.body.status, shown.body.certificate], ['ready', undefined]);
      assert.equal((await session.client.post(url)).body.status, 'valid');
    },
  ],
  noCertificateUrl: [
    'order',
    async (session) => {
      const [, { body }] = await finalizedAgain(session);
      assert.deepEqual([body.status, body.certificate], ['valid', undefined]);
    },
  ],
  dropWildcard: [
    'newOrder',
    async ({ client }) => {
      sameNames(await client.newOrder(names), names);
      sameNames(await client.newOrder(wild), ['www.example.com', 'example.com']);
    },
  ],
  addName: ['newOrder', async (session) => sameNames(await again(session), [...names, 'www.also.example'])],
  bornReady: [
    'newOrder',
    async (session) => {
      const { body } = await again(session);
      assert.equal(body.status, 'ready');
      assert.equal((await session.client.post(body.authorizations[0])).body.challenges[0].status, 'valid');
    },
  ],
  bornValid: [
    'newOrder',
    async (session) => {
      const { body } = await again(session);
      assert.equal(body.status, 'valid');
      assert.match((await session.client.post(body.certificate)).text, /BEGIN CERTIFICATE/);
    },
  ],
  alwaysValid: [
    'newOrder',
    async (session) => {
      const { body } = await again(session);
      assert.equal(body.status, 'ready');
      assert.match(body.authorizations[0], /\/always-valid$/);
      const [challenge] = (await session.client.post(body.authorizations[0])).body.challenges;
      assert.deepEqual([challenge.type, challenge.token, challenge.status], ['sectigo-email-01', undefined, 'valid']);
    },
  ],
  noChallengeStatus: [
    'authorization',
    async (session) => assert.equal((await authorized(session)).body.challenges[0].status, undefined),
  ],
  strangeChallenges: [
    'authorization',
    async (session) => {
      const { challenges } = (await authorized(session)).body;
      assert.deepEqual([challenges.length, challenges[0].type], [4, 'sectigo-email-01']);
    },
  ],
  noWildcardMark: [
    'authorization',
    async (session) => assert.equal((await authorized(session)).body.wildcard, undefined),
  ],
  never: [
    'validate',
    async (session) => {
      const shown = await authorized(session);
      const url = session.place(shown);
      await session.client.post(url, {});
      await session.clock.advance(86_400_000);
      assert.equal((await session.client.post(url)).body.status, 'processing');
    },
  ],
  forgetFinalize: [
    'finalize',
    async (session) => {
      const [{ finalized, order }, shown] = await finalizedAgain(session);
      assert.deepEqual([finalized.body.status, shown.body.status], ['processing', 'ready']);
      await session.client.post(order.body.finalize, { csr: await csrFor(names) });
      assert.equal(session.ca.books.orders[0]?.finalized, 2);
      assert.equal(session.ca.books.certificates.length, 1);
    },
  ],
  issueTwice: [
    'finalize',
    async (session) => {
      await session.buy(names);
      assert.deepEqual(session.ca.counted(), { 'example.com www.example.com': 2 });
    },
  ],
  anotherKey: [
    'issue',
    async (session) => {
      const bought = await session.buy(names);
      const certificate = leafIn((await download(session, bought)).text);
      const csr = session.ca.books.orders[0]?.csr;
      const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
      assert.ok(csr && !csr.includes(spki));
    },
  ],
  missingName: [
    'issue',
    async (session) => assert.equal(leafIn((await sent(session)).text).subjectAltName, 'DNS:example.com'),
  ],
  furtherName: [
    'issue',
    async (session) => assert.match(leafIn((await sent(session)).text).subjectAltName ?? '', /www\.also\.example$/),
  ],
  expired: [
    'issue',
    async (session) => {
      const { validToDate } = leafIn((await sent(session)).text);
      assert.ok(validToDate < session.clock.now());
    },
  ],
  notYetValid: [
    'issue',
    async (session) => {
      const { validFromDate } = leafIn((await sent(session)).text);
      assert.ok(validFromDate > session.clock.now());
    },
  ],
  usedSerial: [
    'issue',
    async (session) => {
      const first = leafIn((await sent(session)).text);
      const second = leafIn((await sent(session)).text);
      assert.equal(second.serialNumber, first.serialNumber);
      assert.notEqual(second.fingerprint, first.fingerprint);
    },
  ],
  strangersChain: [
    'issue',
    async (session) => {
      const [leaf = '', intermediate = ''] = blocksIn((await sent(session)).text);
      assert.equal(leafIn(leaf).issuer, leafIn(intermediate).subject);
      assert.equal(leafIn(leaf).verify(leafIn(intermediate).publicKey), false);
    },
  ],
  noChain: ['certificate', async (session) => assert.equal(blocksIn((await sent(session)).text).length, 1)],
  leafLast: [
    'certificate',
    async (session) => assert.equal(leafIn(blocksIn((await sent(session)).text)[1] ?? '').ca, false),
  ],
  withRoot: ['certificate', async (session) => assert.equal(blocksIn((await sent(session)).text).length, 3)],
  crlf: [
    'certificate',
    async (session) => {
      const { text } = await sent(session);
      assert.ok(text.endsWith('\r\n'));
      assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
    },
  ],
  noFinalNewline: ['certificate', async (session) => assert.match((await sent(session)).text, /-----$/)],
  textAround: [
    'certificate',
    async (session) => {
      const { text } = await sent(session);
      assert.match(text, /^subject=/);
      assert.match(text, /-- end of chain --\n$/);
    },
  ],
  derInstead: [
    'certificate',
    async (session) => {
      const { url } = await session.buy(names);
      const { body } = await session.client.post(url);
      const bytes: Buffer[] = [];
      const raw = await createRawClient(
        async (request) => {
          const response = await session.ca.fetch(request);
          bytes.push(Buffer.from(await response.clone().arrayBuffer()));
          return response;
        },
        session.ca.directoryUrl,
        session.client.privateKey,
      );
      raw.account = session.client.account;
      await raw.post(body.certificate);
      assert.deepEqual(bytes.at(-1), session.ca.books.certificates[0]?.der);
    },
  ],
  noAlternates: [
    'certificate',
    async (session) => {
      session.ca.settings.alternates = 1;
      const bought = await session.buy(names);
      const links = async () => (await download(session, bought)).headers.get('link') ?? '';
      assert.doesNotMatch(await links(), /alternate/);
      assert.match(await links(), /alternate/);
    },
  ],
  issueAgain: [
    'certificate',
    async (session) => {
      const bought = await session.buy(names);
      const first = leafIn((await download(session, bought)).text);
      const second = leafIn((await download(session, bought)).text);
      assert.notEqual(first.serialNumber, second.serialNumber);
      assert.equal(first.publicKey.equals(second.publicKey), true);
      assert.deepEqual(session.ca.counted(), { 'example.com www.example.com': 2 });
    },
  ],
  pastWindow: [
    'renewalInfo',
    async (session) => {
      const { end } = (await informed(session)).body.suggestedWindow;
      assert.ok(Date.parse(end) < session.clock.now().getTime());
    },
  ],
  reversedWindow: [
    'renewalInfo',
    async (session) => {
      const { start, end } = (await informed(session)).body.suggestedWindow;
      assert.ok(Date.parse(end) < Date.parse(start));
    },
  ],
  badDates: [
    'renewalInfo',
    async (session) => assert.ok(Number.isNaN(Date.parse((await informed(session)).body.suggestedWindow.start))),
  ],
  noRenewalInfo: ['directory', async (session) => assert.equal((await directory(session)).body.renewalInfo, undefined)],
  noMeta: ['directory', async (session) => assert.equal((await directory(session)).body.meta, undefined)],
  noProfiles: [
    'directory',
    async (session) => {
      session.ca.settings.profiles = { classic: 'a' };
      assert.equal((await directory(session)).body.meta.profiles, undefined);
      assert.deepEqual((await directory(session)).body.meta.profiles, { classic: 'a' });
    },
  ],
  noNewOrder: ['directory', async (session) => assert.equal((await directory(session)).body.newOrder, undefined)],
};

function sameNames({ body }: RawReply, expected: readonly string[]): void {
  assert.deepEqual(
    body.identifiers.map(({ value }: { readonly value: string }) => value),
    expected,
  );
}

async function meetHang({ client, ca }: Session, orders: number): Promise<void> {
  const gone = new AbortController();
  const identifiers = [{ type: 'dns', value: 'www.example.com' }];
  const call = client.post(client.directory.newOrder, { identifiers }, { signal: gone.signal });
  const ended = call.then(
    () => 'answered',
    (reason) => reason,
  );
  await until(() => ca.calls('newOrder')[0]?.outcome === 'hung', 'it hangs', 5000);
  gone.abort('too long');
  assert.equal(await ended, 'too long');
  assert.equal(ca.books.orders.length, orders);
}

describe('a bad manner of the ACME CA of the tests', () => {
  for (const manner of plainManners) {
    const [on, meet] = rows[manner];
    it(`${manner} happens at ${on}`, async () => {
      const session = await createSession();
      const rule = session.ca.misbehave({ on, how: manner });
      assert.equal(rule.met, 0);
      await meet(session);
      assert.equal(rule.met, 1);
      assert.deepEqual(session.ca.unmet(), []);
      assert.deepEqual(session.ca.books.bugs, []);
      const isInBooks = session.ca.calls().some(({ manners }) => manners.includes(manner));
      assert.equal(isInBooks, on !== 'validate' && on !== 'issue');
    });
  }
});
