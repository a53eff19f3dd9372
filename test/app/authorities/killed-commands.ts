/** What the commands do that change whose key lies where, over a database in a folder, as the server and the command line do it together. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthorityImport } from '../../../src/app/authorities/import-authority.ts';
import { createAuthorities } from '../../../src/app/authorities/index.ts';
import type { AppContext } from '../../../src/app/context.ts';
import { holdsRootKey, keepRootKey, signCaList, signCaRequest } from '../../../src/boot/offline-ca.ts';
import { openDatabase } from '../../../src/db/open.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { keyRemovalText } from '../../../src/domain/ports/authorities.ts';
import type { Database } from '../../../src/domain/ports/stores/index.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createEmbeddedIssuer } from '../../../src/issuers/embedded/index.ts';
import { createSealedKeyStore, keysInDatabase } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { encryptedKeyPem } from '../../../src/pki/encrypted-key.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createAuthorityKeys } from '../../support/cheap-secrets.ts';
import { createMemoryMasterKeys } from '../../support/master-keys.ts';
import { createOldCa } from '../../support/old-ca.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../../support/system.ts';

export type Command = 'import' | 'install' | 'remove';
/** Called after each step that lasts, a transaction or the file of a key: before the next one all is as it is then. */
export type Moment = () => void;

const passphrase = 'correct horse battery';
const operator = { actor: 'usr_operator', requestId: 'request-1', roles: ['operator'] } as unknown as Caller;
const never = new AbortController().signal;
const pathIn = (folder: string, name: string) => join(folder, name);
const readIn = (folder: string, name: string) => readFile(pathIn(folder, name), 'utf8');

async function open(folder: string, command: Command, moment: Moment, seed: number) {
  const clock = createFakeClock();
  const random = createFakeRandomness(seed);
  const log = createFakeLog();
  const opened = await openDatabase({ path: pathIn(folder, 'certmux.db'), clock, random, log });
  const database: Database = {
    ...opened,
    async write(work, options) {
      const result = await opened.write(work, options);
      moment();
      return result;
    },
  };
  const { keySealer } = createMemoryMasterKeys(random);
  const place = keysInDatabase({ database: opened, clock });
  const keyStore = createSealedKeyStore({ place, keySealer, newKey: createAuthorityKeys() });
  const names = { issuerId: 'embedded', organization: 'Example', caaDomains: [], pkiUrl: 'http://ca.example/pki' };
  const root = command === 'remove' ? 'here' : 'outside';
  const issuer = await createEmbeddedIssuer({ ...names, root, keyStore, database: opened, clock, log, random });
  const context = {
    ...{ database, clock, random, log, keySealer, queue: { wake: () => {} } },
    ...{ issuers: new Map([[issuer.id, issuer]]), profiles: new Map(defaultProfiles.map((one) => [one.id, one])) },
  } as unknown as AppContext;
  return { opened, issuer, context, close: () => opened.close() };
}

/** Before the command: the files that it is given, and what the server has. */
export async function prepare(folder: string, command: Command): Promise<void> {
  const server = await open(folder, command, () => {}, 1);
  const { clock, random } = server.context;
  const ca = await createOldCa(clock.now());
  const signing = { keyFile: 'ca.key', key: ca.keyPem, passphrase: undefined, certificate: ca.pem };
  const request = await createAuthorities(server.context).request(operator, { subject: { commonName: 'TLS CA 1' } });
  const csr = encodePem('CERTIFICATE REQUEST', request.csr);
  const to = { csr, days: 3000, pathLength: 0, pkiUrl: undefined, authority: undefined };
  const crlUrl = 'http://lists.example/ca.crl';
  const certificate = await signCaRequest({ ...signing, ...to, crlUrl }, { clock, random });
  const listed = { days: 90, previous: undefined, number: 7, revoked: [certificate], reason: 'superseded' } as const;
  const list = await signCaList({ ...signing, ...listed }, { clock, random });
  const files = { 'ca.key': ca.keyPem, 'ca.pem': ca.pem, 'sub.pem': certificate, 'ca.crl': list.pem };
  for (const [name, text] of Object.entries(files)) await writeFile(pathIn(folder, name), text);
  if (command !== 'install') await createAuthorities(server.context).withdraw(operator, request.id);
  await server.close();
}

export async function runCommand(folder: string, command: Command, moment: Moment, seed: number): Promise<void> {
  const server = await open(folder, command, moment, seed);
  await commands[command](server.context, folder, moment);
  await server.close();
}

const commands: Readonly<Record<Command, (context: AppContext, folder: string, moment: Moment) => Promise<unknown>>> = {
  async import(context, folder) {
    const port = createAuthorityImport(context);
    const serial = { serial: '1A2B', certificate: null, notAfter: new Date('2027-01-01T00:00:00Z'), revoked: null };
    const { upload } = await port.addSerials(operator, null, [serial]);
    const key = await readIn(folder, 'ca.key');
    const [certificates, list] = [[await readIn(folder, 'ca.pem')], await readIn(folder, 'ca.crl')];
    const request = { key, password: null, certificates, list, listNumber: null, upload };
    await port.take(operator, request).catch((thrown: unknown) => {
      // The answer to whoever repeats it: it is done.
      if (!(thrown instanceof CertError && thrown.reason.key === 'importKnown')) throw thrown;
    });
  },

  async install(context, folder) {
    const names = ['ca.pem', 'sub.pem'];
    const files = await Promise.all(names.map(async (name) => ({ name, pem: await readIn(folder, name) })));
    await createAuthorities(context).install(operator, { files });
  },

  async remove(context, folder, moment) {
    const port = createAuthorities(context);
    const root = await rootOf(context.database);
    const file = pathIn(folder, 'root.key');
    const certificate = encodePem('CERTIFICATE', root.certificate);
    if (root.keyPlace === 'outside' && (await holdsRootKey({ file, passphrase, certificate }))) return;
    const pem = encryptedKeyPem(await port.exportKey(operator, root.id, passphrase));
    const { signature } = await keepRootKey({ file, pem, passphrase, toSign: keyRemovalText(root.id) });
    moment();
    await port.removeKey(operator, root.id, Buffer.from(signature, 'base64'));
  },
};

async function rootOf({ read }: Database) {
  const root = (await read.authorities.list()).find(({ role, keyKind }) => role === 'root' && keyKind === 'P-256');
  if (root === undefined) throw new Error('there is no root');
  return root;
}

/** What there is of the authorities, each with a new list where it makes its own; and what is written down of the command. */
export async function stateOf(folder: string, command: Command) {
  const { opened, issuer, close } = await open(folder, command, () => {}, 9);
  const { read } = opened;
  for (const id of issuer.authorityIds()) await issuer.publishCrl(id, never);
  const authorities = await Promise.all(
    (await read.authorities.list()).map(async ({ id, subject, role, keyPlace, retiredAt }) => ({
      ...{ subject, role, keyPlace, isRetired: retiredAt !== null },
      hasKey: (await read.authorities.sealedKey(id)) !== undefined,
      serials: await read.importedSerials.count(id),
      list: (await read.crls.summaryOf(id))?.number,
    })),
  );
  const kinds = ['authority.imported', 'authority.installed', 'authority.keyRemoved'] as const;
  const events = (await read.events.list({ accountId: null, limit: 100, kinds })).map(({ kind }) => kind).toSorted();
  const requests = (await read.authorities.listRequests()).map(({ subject }) => subject);
  const root = command === 'remove' ? await rootOf(opened) : undefined;
  // Opening it takes its time, and where the server has the key nobody asks.
  const removed = root?.keyPlace === 'outside' ? encodePem('CERTIFICATE', root.certificate) : undefined;
  const file = pathIn(folder, 'root.key');
  const isInFile = removed !== undefined && (await holdsRootKey({ file, passphrase, certificate: removed }));
  await close();
  const ordered = authorities.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  return { authorities: ordered, events, requests, isInFile };
}
