/**
 * A CA of `openssl ca` is taken over: what it had issued stays valid, what it had revoked stays revoked, its numbers go on, and a client that
 * trusts its root trusts what is issued here. At each step `openssl verify -crl_check_all` and a TLS client agree.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readIssued } from '../../src/boot/issued-files.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { type OutsideCa, startOutsideCa } from '../support/outside-ca.ts';
import {
  clientOf,
  customerOf,
  handshake,
  issued,
  type Leaf,
  place,
  subjectsOf,
  verify,
} from '../support/outside-scene.ts';
import { until } from '../support/system.ts';
import { startWorld } from '../support/world.ts';

const leafExtensions = (name: string) => [
  'basicConstraints = critical,CA:FALSE',
  'keyUsage = critical,digitalSignature',
  'extendedKeyUsage = serverAuth',
  `subjectAltName = DNS:${name}`,
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid:always',
];

describe('Taking over a CA', () => {
  test('from a folder of openssl to certificates of this server', async () => {
    await using cleanup = new AsyncDisposableStack();
    const root = await startOutsideCa({ name: 'Old Root' });
    cleanup.defer(() => root.remove());
    const ca = await issuingCaUnder(root);
    cleanup.defer(() => ca.remove());
    const old = await leafOf(ca, 'old.customer.example');
    const gone = await leafOf(ca, 'gone.customer.example');
    const late = await leafOf(ca, 'late.customer.example');
    await ca.revoke(gone.certificate, 'keyCompromise');
    const lastList = await ca.list();
    const rootList = await root.list();
    const check = (leaf: Leaf, list: string) => verifyWith(root, { leaf, lists: [rootList, list] });
    await check(old, lastList);
    await assert.rejects(check(gone, lastList), /certificate revoked/);
    await handshake(old, root.certificate);

    const world = await startWorld({ authority: { root: 'outside' } });
    cleanup.defer(() => world.close());
    const operator = clientOf(world, world.operatorToken);
    const customer = await customerOf(world, operator);
    const key = await readFile(join(ca.folder, 'ca.key'), 'utf8');
    const parts = { key, certificates: [ca.certificate, root.certificate], list: lastList };

    // What is refused names what fails, and nothing is half done.
    const other = await readFile(join(root.folder, 'ca.key'), 'utf8');
    await assert.rejects(operator.authorityImport.take({ ...parts, key: 'hello' }), /holds no private key/);
    await assert.rejects(
      operator.authorityImport.take({ ...parts, certificates: [root.certificate] }),
      /no certificate of the CA's own key was given/,
    );
    await assert.rejects(
      operator.authorityImport.take({ ...parts, certificates: [ca.certificate] }),
      /is not among the files/,
    );
    await assert.rejects(
      operator.authorityImport.take({ ...parts, list: rootList }),
      /the list is of .*Old Root.*, not of .*Old TLS CA/,
    );
    await assert.rejects(
      operator.authorityImport.take({ key: other, certificates: [old.certificate] }),
      /no certificate of the CA's own key/,
    );
    await assert.rejects(operator.authorityImport.take({ ...parts, upload: 'ca_1' }), /there are no serials under/);
    assert.deepEqual((await operator.authorities.list({})).items, []);

    // A dry run says what would come.
    const dry = await operator.authorityImport.examine(parts);
    assert.deepEqual(
      [dry.authority, dry.role, dry.subject, dry.list?.entries, dry.nextListNumber],
      [null, 'intermediate', 'CN=Old TLS CA', 1, Number(dry.list?.number) + 1],
    );
    assert.deepEqual((await operator.authorities.list({})).items, []);

    // The index and the folder, as the command line reads them.
    const folder = join(ca.folder, 'issued');
    await mkdir(folder);
    for (const [index, { certificate }] of [old, gone, late].entries())
      await writeFile(join(folder, `${index}.pem`), certificate);
    await copyFile(join(root.folder, 'ca.pem'), join(folder, 'root.pem'));
    let upload: string | null = null;
    let others = 0;
    for await (const part of readIssued({ index: join(ca.folder, 'index.txt'), folder, issuer: dry.pem })) {
      others += part.others;
      ({ upload } = await operator.authorityImport.addSerials({ upload, serials: [...part.serials] }));
    }
    assert.equal(others, 1, 'the root in the folder is another CA’s');

    const taken = await operator.authorityImport.take({ ...parts, upload });
    assert.deepEqual([taken.serials, taken.warnings], [{ total: 3, revoked: 1 }, []]);
    const { authority } = taken;
    assert.ok(authority !== null);
    await assert.rejects(operator.authorityImport.take({ ...parts, upload }), /is here already/);

    // Its lists go on.
    const state = async () => (await operator.authorities.list({})).items.find(({ id }) => id === authority.id);
    await until(async () => (await state())?.crl?.number === taken.nextListNumber, 'the next list is made');
    const outside = (await operator.authorities.list({})).items.find(({ role }) => role === 'root');
    await operator.authorities.uploadList({ authority: outside?.id ?? '', list: rootList });
    const listed = async () => {
      const bytes = Buffer.from(await (await fetch(`${world.url}/pki/${authority.id}.crl`)).arrayBuffer());
      await writeFile(join(root.folder, 'ours.crl'), bytes);
      return root.openssl('crl', '-inform', 'DER', '-in', 'ours.crl');
    };
    await check(old, await listed());
    await assert.rejects(check(gone, await listed()), /certificate revoked/);
    await handshake(old, root.certificate);

    // What is ordered now is signed by it.
    const ordered = await place(world, customer, 'new.customer.example');
    const fresh = await issued(customer, ordered.order);
    assert.match(await subjectsOf(root, fresh.chain), /Old TLS CA/);
    await verify(root, world, fresh);
    await handshake({ ...fresh, key: ordered.key }, root.certificate);

    // What it had issued before is revoked here.
    const serial = await serialOf(ca, late.certificate);
    await check(late, await listed());
    const revoked = await operator.authorityImport.revokeSerial({
      authority: authority.id,
      serial,
      reason: 'superseded',
    });
    assert.equal(revoked.reason, 'superseded');
    await until(async () => (await state())?.crl?.entries === 2, 'the list has it');
    await assert.rejects(check(late, await listed()), /certificate revoked/);
    await assert.rejects(
      operator.authorityImport.revokeSerial({ authority: authority.id, serial, reason: 'superseded' }),
      /was revoked on .* already/,
    );
    await assert.rejects(
      operator.authorityImport.revokeSerial({ authority: authority.id, serial: 'abcdef', reason: 'superseded' }),
      /has issued no certificate with the serial number abcdef/,
    );
  });
});

/** An issuing CA of `openssl ca`, under the root. */
async function issuingCaUnder(root: OutsideCa): Promise<OutsideCa> {
  const ca = await startOutsideCa({ name: 'Old TLS CA' });
  await ca.openssl('req', '-new', '-key', 'ca.key', '-subj', '/CN=Old TLS CA', '-out', 'ca.csr');
  const certificate = await root.sign(await readFile(join(ca.folder, 'ca.csr'), 'utf8'));
  await writeFile(join(ca.folder, 'ca.pem'), certificate);
  return { ...ca, certificate };
}

async function leafOf(ca: OutsideCa, name: string): Promise<Leaf & { readonly key: string }> {
  const { csrPem, keyPem } = await makeKeyAndCsr([name]);
  const certificate = await ca.sign(csrPem, { extensions: leafExtensions(name), days: 90 });
  return { certificate, chain: ca.certificate, key: keyPem };
}

async function serialOf(ca: OutsideCa, certificate: string): Promise<string> {
  await writeFile(join(ca.folder, 'serial.pem'), certificate);
  return (await ca.openssl('x509', '-in', 'serial.pem', '-noout', '-serial')).replace('serial=', '').trim();
}

async function verifyWith(
  root: OutsideCa,
  { leaf, lists }: { readonly leaf: Leaf; readonly lists: readonly string[] },
): Promise<void> {
  await writeFile(join(root.folder, 'lists.pem'), lists.join(''));
  await writeFile(join(root.folder, 'chain.pem'), leaf.chain);
  await writeFile(join(root.folder, 'leaf.pem'), leaf.certificate);
  const trust = ['-CAfile', 'ca.pem', '-untrusted', 'chain.pem', '-CRLfile', 'lists.pem'];
  await root.openssl('verify', '-crl_check_all', ...trust, 'leaf.pem');
}
