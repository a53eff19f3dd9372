/** What every engine must do with authorities: their keys, their former certificates, requests for others, and when what they signed ends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { at, bytes, id, insertOrder, insertWorld, later, newAuthority, newCertificate } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

export function authoritySuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`authorities on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);
    const read = () => opened.database.read.authorities;

    it('finds the last end among what an authority has signed, here and before it came here', async () => {
      const [root, authority] = [newAuthority(), newAuthority({ importedAt: at })];
      await write(async (tx) => {
        for (const one of [root, authority]) await tx.authorities.insert(one);
      });
      assert.equal(await read().lastEndUnder(authority.id), undefined);
      await write(async (tx) => {
        const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
        for (const [authorityId, seconds] of [
          [authority.id, 500],
          [authority.id, 900],
          [authority.id, 700],
          [root.id, 5000],
        ] as const)
          await tx.certificates.insert(newCertificate(issuance, { authorityId, notAfter: later(seconds) }));
      });
      assert.deepEqual(await read().lastEndUnder(authority.id), later(900));
      const known = { authorityId: authority.id, certificate: null, revokedAt: null, revocationReason: null };
      await write((tx) => tx.importedSerials.put([{ ...known, serial: '1a', notAfter: later(800) }]));
      assert.deepEqual(await read().lastEndUnder(authority.id), later(900));
      await write((tx) => tx.importedSerials.put([{ ...known, serial: '1b', notAfter: later(1000) }]));
      assert.deepEqual(await read().lastEndUnder(authority.id), later(1000));
    });

    it('keeps what changes, and the key apart from it', async () => {
      const authority = newAuthority();
      await write((tx) => tx.authorities.insert(authority));
      const changed = {
        ...authority,
        retiredAt: later(1),
        revokedAt: later(2),
        revocationReason: 'superseded',
      } as const;
      await write((tx) => tx.authorities.change(changed));
      assert.deepEqual(await read().get(authority.id), changed);
      const sealed = bytes(48);
      await write((tx) => tx.authorities.insertKey(authority.id, sealed, at));
      assert.deepEqual(Buffer.from((await read().sealedKey(authority.id)) ?? []), Buffer.from(sealed));
      await assert.rejects(
        write((tx) => tx.authorities.insertKey(authority.id, sealed, at)),
        'a key is never written over another',
      );
      await write((tx) => tx.authorities.removeKey(authority.id));
      assert.equal(await read().sealedKey(authority.id), undefined);
    });

    it('has the former certificates of a key, the newest first', async () => {
      const { id: authorityId, ...authority } = newAuthority();
      await write((tx) => tx.authorities.insert({ id: authorityId, ...authority }));
      const rows = [1, 2].map((seconds) => ({ authorityId, replacedAt: later(seconds), certificate: bytes(9) }));
      for (const row of rows) await write((tx) => tx.authorities.insertReplaced(row));
      const found = await read().listReplaced(authorityId);
      assert.deepEqual(
        found.map(({ replacedAt }) => replacedAt),
        [later(2), later(1)],
      );
    });

    it('has the requests that wait, the oldest first, until they are removed', async () => {
      const [first, second] = [2, 1].map((seconds) => ({
        ...({ id: id('authority'), issuerId: 'embedded', keyKind: 'P-256', subject: `CN=${seconds}` } as const),
        ...{ csr: bytes(20), followsId: null, createdAt: later(seconds) },
      }));
      assert.ok(first && second);
      for (const request of [first, second]) await write((tx) => tx.authorities.insertRequest(request));
      const waiting = async () => (await read().listRequests()).map(({ subject }) => subject);
      assert.deepEqual(await waiting(), ['CN=1', 'CN=2']);
      await write((tx) => tx.authorities.removeRequest(second.id));
      assert.deepEqual(await waiting(), ['CN=2']);
    });
  });
}
