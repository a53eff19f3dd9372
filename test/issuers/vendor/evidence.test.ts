/** What is kept of the exchanges with a vendor: what acts and what goes wrong, also with HTTP 200; never a secret, however hostile the reply. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { racent } from '../../../src/dialects/racent/index.ts';
import type { Purchase, Upstream, VendorAnswer } from '../../../src/domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../src/domain/upstream-failure.ts';
import { UpstreamFault } from '../../../src/domain/upstream-fault.ts';
import type { NotedExchange } from '../../../src/issuers/evidence.ts';
import { createExchangeLog } from '../../../src/issuers/vendor/evidence.ts';
import { createRedaction } from '../../../src/issuers/vendor/redaction.ts';
import { createFakeClock } from '../../support/system.ts';

const token = 'S3cret+tok/en=';
const { signal } = new AbortController();
const manners = racent.upstream?.manners;
assert.ok(manners !== undefined);

/** A client half that sends its token in the body and in the URL, and takes the reply as `reply` says. */
function scene(reply: (request: Request) => Response | Promise<Response>) {
  const noted: NotedExchange[] = [];
  const log = createExchangeLog({
    fetch: async (request) => reply(request),
    clock: createFakeClock(),
    evidence: { note: (exchange) => void noted.push(exchange), recorded: (_, work) => work() },
    redact: createRedaction({ secrets: { api_token: token } }),
  });
  async function call(path: string): Promise<VendorAnswer> {
    const url = `https://vendor.example${path}?api_token=${encodeURIComponent(token)}`;
    const body = JSON.stringify({ api_token: token, productCode: 'dv' });
    const answer = await log.fetch(new Request(url, { method: 'POST', body }));
    const { code, msg } = (await answer.json()) as { code: number; msg: string };
    if (code !== 1) throw new UpstreamFailure('refused', msg);
    const reference = { order: '1', certificate: null };
    const unissued = { proofs: [], proofsUntil: null, certificate: null, price: null, coverageUntil: null };
    return { ...unissued, reference, state: 'processing', words: msg };
  }
  const made: Upstream = {
    manners: manners as Upstream['manners'],
    place: () => call('/place'),
    state: () => call('/collect'),
    products: async () => {
      await call('/products');
      return [];
    },
    cancel: async () => {
      await call('/cancel');
      return 'cancelled';
    },
  };
  return { upstream: log.watch(made), noted, paths: () => noted.map(({ url }) => new URL(url).pathname) };
}

const purchase = {} as Purchase;
const reference = { order: '1', certificate: null };
const fine = () => Response.json({ code: 1, msg: 'ok' });

describe('of exchanges with a vendor', () => {
  test('those that act are kept, and those that read are not', async () => {
    const { upstream, paths } = scene(fine);
    await upstream.place(purchase, signal);
    await upstream.state(reference, purchase, signal);
    await upstream.products(signal);
    await upstream.cancel?.(reference, 'new', signal);
    assert.deepEqual(paths(), ['/place', '/cancel']);
  });

  test('reads are kept that went wrong: by their status, by the vendor’s words with 200, and without a reply', async () => {
    const replies: (() => Response)[] = [
      () => Response.json({ code: -1, msg: 'balance' }),
      () => new Response('<html>502</html>', { status: 502 }),
      () => {
        throw new UpstreamFault('closed the connection', { isSent: true });
      },
      fine,
    ];
    const { upstream, noted } = scene(() => (replies.shift() ?? fine)());
    for (let count = 0; count < 3; count++) await assert.rejects(upstream.state(reference, purchase, signal));
    await upstream.state(reference, purchase, signal);
    assert.deepEqual(
      noted.map(({ status, answer }) => [status, answer]),
      [
        [200, '{"code":-1,"msg":"balance"}'],
        [502, '<html>502</html>'],
        [null, 'closed the connection'],
      ],
    );
  });

  test('what was asked and answered is there, without the token in URL and body', async () => {
    const { upstream, noted } = scene(fine);
    await upstream.place(purchase, signal);
    assert.deepEqual(noted[0] && [noted[0].method, noted[0].url, noted[0].asked, noted[0].answer], [
      'POST',
      'https://vendor.example/place?api_token=…',
      '{"api_token":"…","productCode":"dv"}',
      '{"code":1,"msg":"ok"}',
    ]);
  });

  describe('a reply in GBK is kept as text that the operator can read', () => {
    // {"code":-1,"msg":"余额不足 S3cret+tok/en="}
    const gbk = Buffer.concat([
      Buffer.from('{"code":-1,"msg":"'),
      Buffer.from('d3e0b6eeb2bbd7e3', 'hex'),
      Buffer.from(` ${token}"}`),
    ]);
    const rows: readonly (readonly [title: string, contentType: string | undefined])[] = [
      ['that says so', 'application/json; charset=GBK'],
      ['that says nothing', undefined],
      ['that says something else', 'application/json; charset=utf-8'],
    ];
    for (const [title, contentType] of rows) {
      test(`${title}, without the token`, async () => {
        const headers = contentType === undefined ? {} : { 'content-type': contentType };
        const { upstream, noted } = scene(() => new Response(gbk, { status: 500, headers }));
        await assert.rejects(upstream.place(purchase, signal));
        assert.deepEqual(
          noted.map(({ answer }) => answer),
          ['{"code":-1,"msg":"余额不足 …"}'],
        );
      });
    }

    test('and one that is no text at all is kept all the same', async () => {
      const { upstream, noted } = scene(() => new Response(Buffer.from('ff00fe80', 'hex'), { status: 500 }));
      await assert.rejects(upstream.place(purchase, signal));
      assert.match(noted[0]?.answer ?? '', /\ufffd/);
    });
  });

  test('a reply that repeats the token tells nobody, in whatever form and wherever it is cut', async () => {
    const echoes = [
      JSON.stringify({ code: -1, msg: `no such token ${token}` }),
      JSON.stringify({ code: -1, msg: `GET /?api_token=${encodeURIComponent(token)}` }),
      `{"code":-1,"msg":"${token.replaceAll('/', '\\/')}"}`,
      `{"code":-1,"msg":"${'x'.repeat(4_090 - 20)}${token}"}`,
    ];
    for (const echo of echoes) {
      const { upstream, noted } = scene(() => new Response(echo));
      await assert.rejects(upstream.place(purchase, signal));
      assert.equal(noted.length, 1);
      assert.doesNotMatch(JSON.stringify(noted), /S3cret/i, echo);
      assert.ok((noted[0]?.answer.length ?? 0) <= 4_097);
    }
  });

  test('a private key in a reply is not kept, and the client half still gets it', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIBkey\n-----END PRIVATE KEY-----\n';
    const { upstream, noted } = scene(() => Response.json({ code: 1, msg: key, jks: 'MIIBkey' }));
    const { words } = await upstream.place(purchase, signal);
    assert.equal(words, key);
    assert.doesNotMatch(JSON.stringify(noted), /MIIBkey/);
  });
});
