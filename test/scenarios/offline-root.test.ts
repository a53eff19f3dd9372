/**
 * The key of a root leaves the server: nothing is lost on the way, certificates go on being issued, and what needs the key is done with the
 * file. At each step `openssl verify -crl_check_all` and a TLS client agree.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdsRootKey, keepRootKey, signCaList, signCaRequest } from '../../src/boot/offline-ca.ts';
import { createClock, createRandomness } from '../../src/system/index.ts';
import { startOutsideCa } from '../support/outside-ca.ts';
import { clientOf, customerOf, handshake, issued, place, subjectsOf, verify } from '../support/outside-scene.ts';
import { until } from '../support/system.ts';
import { startWorld } from '../support/world.ts';

const passphrase = 'correct horse battery';

describe('A root whose key leaves the server', () => {
  test('from the export to a successor that the file has signed', async () => {
    await using cleanup = new AsyncDisposableStack();
    // Only its folder and its openssl are used.
    const tools = await startOutsideCa();
    cleanup.defer(() => tools.remove());
    const world = await startWorld();
    cleanup.defer(() => world.close());
    const operator = clientOf(world, world.operatorToken);
    const customer = await customerOf(world, operator);
    const offline = { clock: createClock(), random: createRandomness() };
    const authorities = async () => (await operator.authorities.list({})).items;
    const root = (await authorities()).find(({ role, keyKind }) => role === 'root' && keyKind === 'P-256');
    const intermediate = (await authorities()).find(({ parentId }) => parentId === root?.id);
    assert.ok(root !== undefined && intermediate !== undefined);
    await writeFile(join(tools.folder, 'ca.pem'), root.pem);
    const first = await place(world, customer, 'www.customer.example');
    const leaf = await issued(customer, first.order);
    await until(async () => (await authorities()).every(({ crl }) => crl !== null), 'all lists are made');
    await verify(tools, world, leaf);

    // What is refused, and leaves all as it is.
    const { id: authority } = root;
    await assert.rejects(operator.authorities.exportKey({ authority, passphrase: 'short' }), /at least 12/);
    await assert.rejects(operator.authorities.exportKey({ authority: intermediate.id, passphrase }), /is not a root/);
    await assert.rejects(
      operator.authorities.removeKey({ authority, signature: 'AAAA' }),
      /was not made by the key of/,
    );

    // Exported, kept, shown to be the key, and removed.
    const { key, toSign } = await operator.authorities.exportKey({ authority, passphrase });
    const keyFile = join(tools.folder, 'root.key');
    await assert.rejects(
      keepRootKey({ file: join(tools.folder, 'other.key'), pem: key, passphrase: 'another passphrase', toSign }),
      /cannot be opened/,
    );
    const { signature } = await keepRootKey({ file: keyFile, pem: key, passphrase, toSign });
    // An answer that was lost: the file is there, and is the one. Another passphrase does not open it.
    assert.equal((await keepRootKey({ file: keyFile, pem: key, passphrase, toSign })).isNew, false);
    const other = await operator.authorities.exportKey({ authority, passphrase: 'another passphrase' });
    const kept = await readFile(keyFile, 'utf8');
    await assert.rejects(
      keepRootKey({ file: keyFile, pem: other.key, passphrase: 'another passphrase', toSign }),
      /is there already and does not hold this key/,
    );
    assert.equal(await readFile(keyFile, 'utf8'), kept);
    assert.match(await tools.openssl('pkey', '-in', keyFile, '-passin', `pass:${passphrase}`, '-pubout'), /PUBLIC KEY/);
    const removed = await operator.authorities.removeKey({ authority, signature });
    assert.equal(removed.keyPlace, 'outside');
    assert.ok(await holdsRootKey({ file: keyFile, passphrase, certificate: root.pem }));
    assert.ok(!(await holdsRootKey({ file: keyFile, passphrase: 'another passphrase', certificate: root.pem })));
    assert.ok(!(await holdsRootKey({ file: keyFile, passphrase, certificate: intermediate.pem })));
    await assert.rejects(operator.authorities.removeKey({ authority, signature }), /is not on this server/);
    await assert.rejects(operator.authorities.publishCrl({ authority }), /is not on this server/);

    // Certificates are issued as before, and the last list is still served.
    const second = await place(world, customer, 'shop.customer.example');
    await verify(tools, world, await issued(customer, second.order));

    // A list from the file: its number goes on.
    const signing = { keyFile, key: await readFile(keyFile, 'utf8'), passphrase, certificate: root.pem };
    const served = Buffer.from(await (await fetch(`${world.url}/pki/${authority}.crl`)).arrayBuffer()).toString(
      'base64',
    );
    const listed = {
      ...signing,
      days: 90,
      previous: served,
      number: undefined,
      revoked: [],
      reason: 'unspecified' as const,
    };
    const list = await signCaList(listed, offline);
    await operator.authorities.uploadList({ authority, list: list.pem });
    await assert.rejects(operator.authorities.uploadList({ authority, list: served }), /numbers only grow/);
    assert.equal((await authorities()).find(({ id }) => id === authority)?.crl?.number, list.number);
    await verify(tools, world, leaf);

    // A successor: requested here, signed by the file, installed, and the former one revoked by the next list.
    const request = await operator.authorities.request({ renews: intermediate.id, commonName: 'Example TLS CA E2' });
    const wanted = { csr: request.csr, days: 3650, pathLength: 0, pkiUrl: `${world.url}/pki`, authority };
    await assert.rejects(signCaRequest({ ...signing, ...wanted, passphrase: 'wrong' }, offline), /cannot be opened/);
    const signed = await signCaRequest({ ...signing, ...wanted }, offline);
    await operator.authorities.install({ files: [{ name: 'e2.pem', pem: signed }] });
    const third = await place(world, customer, 'api.customer.example');
    const later = await issued(customer, third.order);
    assert.match(await subjectsOf(tools, later.chain), /Example TLS CA E2/);
    const successorHasList = async () => (await authorities()).find(({ id }) => id === request.id)?.crl != null;
    await until(successorHasList, 'the successor has its list');
    await verify(tools, world, later);
    await handshake({ ...later, key: third.key }, root.pem);
    const revoking = { ...listed, previous: list.pem, revoked: [intermediate.pem], reason: 'superseded' as const };
    const last = await signCaList(revoking, offline);
    assert.deepEqual((await operator.authorities.uploadList({ authority, list: last.pem })).revoked, [
      intermediate.subject,
    ]);
    const former = (await authorities()).find(({ id }) => id === intermediate.id);
    assert.equal(Date.parse(former?.revokedAt ?? '') <= Date.now(), true, 'it says since when it is revoked');
    await assert.rejects(verify(tools, world, leaf), /certificate revoked/);
    await verify(tools, world, later);

    // The key comes back, and its lists go on from the last one of the file, which is here.
    const back = await operator.authorityImport.take({
      key: signing.key,
      password: passphrase,
      certificates: [root.pem],
    });
    assert.deepEqual([back.authority?.id, back.authority?.keyPlace], [authority, 'here']);
    const listOfRoot = async () => (await authorities()).find(({ id }) => id === authority)?.crl;
    await until(async () => (await listOfRoot())?.number === last.number + 1, 'the next list is made here');
    assert.equal((await listOfRoot())?.entries, 1, 'the revoked intermediate stays in it');
    await assert.rejects(verify(tools, world, leaf), /certificate revoked/);
    await verify(tools, world, later);
  });
});
