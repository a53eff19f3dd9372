/** Nonces at front doors in several threads: each is good once, whichever thread made it and whichever gets it back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createAccountKey } from '../support/account-key.ts';
import { startWorld, type World } from '../support/world.ts';

/** So many that the kernel, which spreads them, does not give all of them to one of three threads. */
const connections = Array.from({ length: 24 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
const key = createJwsKey(createAccountKey().pkcs8);

let world: World;
before(async () => {
  world = await startWorld({}, {}, 4);
});
after(async () => {
  for (const agent of connections) agent.destroy();
  await world.close();
});

async function send(agent: Agent, method: string, path: string, body = '') {
  const headers = { 'content-type': 'application/jose+json' };
  const sent = request(world.url + path, { agent, method, headers }).end(body);
  const [reply] = await once(sent, 'response');
  return { nonce: String(reply.headers['replay-nonce']), body: await text(reply) };
}

/** A request of one who has no account, and makes none: what is refused is the nonce, or that. */
async function refusalOf(agent: Agent, nonce: string): Promise<string> {
  const path = '/acme/default/new-account';
  const jws = key.sign({ jwk: key.jwk, nonce, url: world.url + path }, { onlyReturnExisting: true });
  const { body } = await send(agent, 'POST', path, JSON.stringify(jws));
  return JSON.parse(body).type.replace('urn:ietf:params:acme:error:', '');
}

const shifted = (places: number) => [...connections.slice(places), ...connections.slice(0, places)];

it('are good once, of any thread at any other, also where two bring one at the same time', async () => {
  const made = await Promise.all(connections.map((agent) => send(agent, 'HEAD', '/acme/default/new-nonce')));
  const nonces = made.map(({ nonce }) => nonce);
  assert.equal(new Set(nonces).size, connections.length);
  const bringAll = (agents: readonly Agent[]) =>
    Promise.all(agents.map((agent, i) => refusalOf(agent, nonces[i] ?? '')));
  const answers = await Promise.all([bringAll(shifted(1)), bringAll(shifted(12))]);
  for (const [i] of nonces.entries()) {
    assert.deepEqual(answers.map((each) => each[i]).toSorted(), ['accountDoesNotExist', 'badNonce'], `nonce ${i}`);
  }
  assert.deepEqual(new Set(await bringAll(shifted(18))), new Set(['badNonce']));
});
