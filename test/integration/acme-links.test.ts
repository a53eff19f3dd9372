/** Links of replies as they arrive at a socket: clients that grep read one from one line. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { it } from 'node:test';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from '../support/account-key.ts';
import { startWorld } from '../support/world.ts';

const fetchRequest = (request: Request) => fetch(request);

/** The head of the reply, line by line. */
async function headOf(url: string, body: string): Promise<readonly string[]> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    'Content-Type: application/jose+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  const reply = await textOf(socket);
  return reply.slice(0, reply.indexOf('\r\n\r\n')).split('\r\n');
}

it('each Link of a reply is a line of its own', async () => {
  const world = await startWorld();
  try {
    const operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: fetchRequest });
    const account = await operator.accounts.create({ name: 'links', currency: 'CNY', approval: 'automatic' });
    const made = await operator.acmeKeys.create({
      account: account.id,
      name: 'links',
      productCode: 'encryption365:100',
    });
    const { directoryUrl } = made;
    const externalKey = { keyId: made.key.keyId, hmacKey: Buffer.from(made.hmacKey, 'base64url') };
    const key = createJwsKey(createAccountKey().pkcs8);
    const client = createAcmeClient({ directoryUrl, fetch: fetchRequest, clock: createClock(), key });
    const { url: kid } = await client.register({ externalKey });
    const { shown } = await client.placeOrder({ names: ['www.example.com'] });
    const [authorization = ''] = shown.authorizations;
    const [challenge] = (await client.authorization(authorization)).shown.challenges;
    const url = challenge?.url ?? assert.fail('no challenge');
    const fresh = await fetch(directoryUrl.replace(/directory$/, 'new-nonce'));
    const nonce = fresh.headers.get('replay-nonce') ?? assert.fail('no nonce');
    const lines = await headOf(url, JSON.stringify(key.sign({ kid, nonce, url }, undefined)));
    assert.equal(lines[0], 'HTTP/1.1 200 OK');
    assert.deepEqual(
      lines
        .filter((line) => /^link:/i.test(line))
        .map((line) => line.slice('link: '.length))
        .toSorted(),
      [`<${directoryUrl}>;rel="index"`, `<${authorization}>;rel="up"`].toSorted(),
    );
    // uacme: greedy; acme.sh and dehydrated: the first of a line that has the relation.
    const up = lines.find((line) => line.includes('rel="up"')) ?? '';
    assert.equal(/<(.*)>;\s*rel="up"/.exec(up)?.[1], authorization);
    assert.equal(/<([^>]*)>/.exec(up)?.[1], authorization);
  } finally {
    await world.close();
  }
});
