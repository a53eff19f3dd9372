/** Files with a CSR on the command line: in any encoding, and never with a private key. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createProcessTerminal } from '../../src/boot/process-terminal.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { native } from '../../src/dialects/native/index.ts';
import { fileText } from '../../src/pki/file-text.ts';
import { privateKeyPem, publicKeyOf } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import type { Environment } from '../../src/system/index.ts';
import { createCustomer, createKey, startTestApp, type TestApp } from '../support/app.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import { type CliWorld, run } from './harness.ts';

const key = await createSubscriber('www.example.com');
const keyPem = privateKeyPem(key.privateKeyPkcs8, 'pkcs8');
const { spkiDer } = publicKeyOf(key.privateKeyPkcs8);

describe('a file is read as text', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csr-'));
  });
  after(() => rm(folder, { recursive: true }));

  const files: readonly (readonly [form: string, bytes: Uint8Array, text: string])[] = [
    ['PEM', Buffer.from(key.csrPem), key.csrPem],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${key.csrPem}`, 'utf16le'), `\ufeff${key.csrPem}`],
    ['DER of a CSR', key.csrDer, key.csrPem],
    ['DER of a CSR with a line break behind', Buffer.concat([key.csrDer, Buffer.from('\r\n')]), key.csrPem],
    ['DER of a CSR filled up with zeros', Buffer.concat([key.csrDer, Buffer.alloc(64)]), key.csrPem],
    ['DER that was cut off', key.csrDer.subarray(0, 200), Buffer.from(key.csrDer.subarray(0, 200)).toString('base64')],
    ['DER of a public key', spkiDer, encodePem('PUBLIC KEY', spkiDer)],
    ['DER of a private key', key.privateKeyPkcs8, keyPem],
    ['a text that begins like DER', Buffer.from('0123'), '0123'],
    ['nothing', new Uint8Array(), ''],
  ];
  for (const [form, bytes, text] of files) {
    test(`in ${form}`, async () => {
      const environment = {
        workingDirectory: folder,
        variables: {},
        columns: 80,
        hasColor: false,
      } as unknown as Environment;
      const system = { clock: createFakeClock('2026-06-01T12:00:00Z'), random: createFakeRandomness(7) };
      const terminal = createProcessTerminal(environment, system);
      await writeFile(join(folder, 'a.csr'), bytes);
      assert.equal(await terminal.readFile('a.csr'), text);
      assert.equal(fileText(bytes), text);
      assert.equal(await terminal.readFile('b.csr'), undefined);
    });
  }

  test('and one without an end is not', async () => {
    const environment = { workingDirectory: folder, variables: {} } as unknown as Environment;
    const system = { clock: createFakeClock('2026-06-01T12:00:00Z'), random: createFakeRandomness(7) };
    const terminal = createProcessTerminal(environment, system);
    await assert.rejects(terminal.readFile('/dev/zero'), /zero is larger than 64 MiB/);
    await assert.rejects(terminal.readFile('.'), { code: 'EISDIR', path: folder });
  });
});

describe('an order on the command line', () => {
  let app: TestApp;
  let world: Partial<CliWorld>;
  let sent: string[];

  before(async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 1_000_00, dialect: 'native' });
    const roles = ['requester'] as const;
    const { credential, secret } = await createKey(app, customer.account, { dialect: 'native', roles });
    const server = openFrontDoor(app, native, { publicUrl: 'https://certs.example', language: 'en' });
    sent = [];
    world = {
      fetch: async (request) => {
        sent.push(await request.clone().text());
        return server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
      },
      connection: { url: 'https://certs.example', token: formatToken({ publicId: credential.publicId, secret }) },
      files: new Map([
        ['odd.csr', `To whom it may concern\n${key.csrPem.replaceAll('-----', '–––––')}`],
        ['both.pem', key.csrPem + keyPem],
      ]),
      stdin: Buffer.from(key.csrDer).toString('base64url'),
    };
  });
  after(() => app.close());

  const placed = async () => {
    const [order] = (await app.ports.orders.list(app.operator, { limit: 1 })).items;
    assert.ok(order !== undefined);
    return (await app.ports.orders.get(app.operator, { id: order.order.id })).issuance.csr;
  };

  for (const file of ['odd.csr', '-']) {
    test(`takes --csr ${file}`, async () => {
      const outcome = await run(`order place encryption365:100 --csr ${file}`, world);
      assert.equal(outcome.exitCode, 0, outcome.stderr);
      assert.deepEqual(Buffer.from((await placed()) ?? []), key.csrDer);
    });
  }

  test('sends no private key', async () => {
    sent.length = 0;
    for (const line of [
      'order place encryption365:100 --csr both.pem',
      'key block both.pem',
      'order reissue 1 --csr both.pem',
    ]) {
      const outcome = await run(line, world);
      assert.match(outcome.stderr, /the file "both.pem" is not to be sent: it holds a private key/);
      assert.equal(outcome.exitCode, 2);
    }
    assert.deepEqual(sent, []);
  });

  test('says what the certificate will not have', async () => {
    const outcome = await run('order place encryption365:100 --csr odd.csr --name example.org', world);
    assert.match(
      outcome.stdout,
      /Not in the certificate\n {2}! the name www\.example\.com of the CSR is not part of the order/,
    );
  });
});
