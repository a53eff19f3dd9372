/** `ca plan|roll|revoke|import|revoke-serial|root export` over the native server: what they say, and what they have done. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdsRootKey, keepRootKey } from '../../src/boot/offline-ca.ts';
import type { IssuedPart } from '../../src/cli/local.ts';
import type { WireAuthority } from '../../src/dialects/native/schema.ts';
import { createSession } from '../dialects/native/session.ts';
import { createOldCa } from '../support/old-ca.ts';
import { startWorld } from '../support/world.ts';
import { type CliWorld, run } from './harness.ts';

async function begin() {
  const session = await createSession();
  const { fetch, baseUrl, operatorToken, operator } = session;
  const world: Partial<CliWorld> = { fetch, connection: { url: baseUrl, token: operatorToken } };
  const authorities = async () => (await operator.authorities.list({})).items;
  const named = async (cn: string) => {
    const found = (await authorities()).find(({ subject }) => subject === `O=Example, CN=${cn}`);
    assert.ok(found, `there is ${cn}`);
    return found;
  };
  return { session, world, authorities, named };
}

async function succeed(line: string | readonly string[], world: Partial<CliWorld>) {
  const outcome = await run(line, world);
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  return outcome;
}

describe('certmux ca', () => {
  test('plan shows what becomes of each authority, and what is to come, as a table and as CSV', async () => {
    const { world } = await begin();
    const { stdout } = await succeed('ca plan', world);
    assert.match(stdout, /^ROLE +SUBJECT +STAGE +MADE/);
    assert.match(stdout, /\nintermediate +O=Example, CN=Example TLS CA E1 +signing +2026-06-01 +2026-06-01/);
    assert.match(stdout, /\nintermediate +the next P-256 +coming /);
    assert.match(stdout, /\nintermediate +the next RSA +coming /);
    const lines = (await succeed('ca plan --csv', world)).stdout.trimEnd().split('\r\n');
    assert.equal(lines.length, 9, 'four there are, four that come, and the head');
  });

  test('roll makes a successor, and says where to see what follows', async () => {
    const { world, named } = await begin();
    const { id } = await named('Example TLS CA E1');
    const { stdout } = await succeed(['ca', 'roll', id, '--publish-days', '0'], world);
    const made = await named('Example TLS CA E2');
    assert.equal(
      stdout,
      `Made ${made.subject} (${made.id}).\nWhen it signs, and what becomes of the former one: certmux ca plan\n`,
    );
    assert.notEqual((await named('Example TLS CA E1')).retiredAt, null);
    const wrong = await run(['ca', 'roll', made.id, '--publish-days', 'soon'], world);
    assert.deepEqual([wrong.exitCode, /must be a number from 0 to 3650/.test(wrong.stderr)], [2, true]);
    assert.equal((await run(['ca', 'roll', id], world)).exitCode, 6, 'a retired one is not followed again');
    assert.equal((await run('ca roll ca_none', world)).exitCode, 3);
  });

  test('revoke wants the subject as well, and says how much hangs on it', async () => {
    const { world, named, authorities } = await begin();
    const { id, subject } = await named('Example TLS CA E1');
    const line = ['ca', 'revoke', id, '--reason', 'keyCompromise', '--subject'];
    const before = await authorities();
    const other = await run([...line, 'O=Example, CN=Example TLS CA R1'], world);
    assert.deepEqual([other.exitCode, /the subject of ca_\S+ is another one/.test(other.stderr)], [2, true]);
    assert.equal((await run(['ca', 'revoke', id, '--subject', subject], world)).exitCode, 2, 'it wants a reason');
    assert.deepEqual(await authorities(), before, 'nothing was changed');
    const { stdout } = await succeed([...line, subject], world);
    assert.match(stdout, /^Revoked O=Example, CN=Example TLS CA E1: the list of its root names it\.\nIt has issued 0 /);
    assert.notEqual((await named('Example TLS CA E1')).revokedAt, null);
    const root = await named('Example Root CA E1');
    const ofRoot = ['ca', 'revoke', root.id, '--reason', 'superseded', '--subject', root.subject];
    assert.match((await run(ofRoot, world)).stderr, /cannot be revoked here/);
    // The way on that the runbook names.
    await succeed(['ca', 'roll', id], world);
    assert.equal((await named('Example TLS CA E2')).retiredAt, null);
  });

  test('import checks first, then takes over; revoke-serial revokes what it had issued', async () => {
    const { session, world, authorities } = await begin();
    const { keyPem, pem } = await createOldCa(session.app.clock.now());
    const part: IssuedPart = {
      serials: [
        { serial: '1A2B', notAfter: '2027-05-31T12:00:00Z', certificate: null, revokedAt: null, reason: 'unspecified' },
      ],
      others: 2,
    };
    const readIssued = async function* () {
      yield part;
    };
    const files = new Map([
      ['ca.key', keyPem],
      ['ca.pem', pem],
    ]);
    const line = 'ca import ca.key --certificate ca.pem --index index.txt --list-number 7';
    const before = await authorities();
    const dry = await succeed(`${line} --dry-run`, { ...world, files, local: { readIssued } });
    assert.match(
      dry.stdout,
      /^Would take over O=Example, CN=Old Root CA:\n {2}role {5}root, P-256, until 2036-05-29\n/,
    );
    assert.match(
      dry.stdout,
      /the next has the number 8\n {2}serials {2}1 read, 0 of them revoked; 2 certificates of others/,
    );
    assert.match(dry.stdout, /Nothing was changed\.\n$/);
    assert.deepEqual(await authorities(), before);
    const missing = await run('ca import ca.key', { ...world, files });
    assert.match(missing.stderr, /no certificate of the CA's own key was given/);

    const taken = await succeed(line, { ...world, files, local: { readIssued } });
    const [, id = ''] = /^Took over O=Example, CN=Old Root CA as (ca_\S+):/.exec(taken.stdout) ?? [];
    assert.match(taken.stdout, /\n {2}serials {2}1, 0 of them revoked\n/);
    assert.ok((await authorities()).some((one) => one.id === id && one.importedAt !== null));
    assert.match((await run(line, { ...world, files, local: { readIssued } })).stderr, /is here already/);

    const revoking = ['ca', 'revoke-serial', id, '1A:2B', '--reason', 'keyCompromise'];
    const { stdout } = await succeed(revoking, world);
    assert.equal(stdout, 'Revoked the serial number 1a2b (keyCompromise); the next list has it.\n');
    assert.match((await run(revoking, world)).stderr, /was revoked on .* already/);
    assert.match((await run(['ca', 'revoke-serial', id, 'FF'], world)).stderr, /has issued no certificate/);
  });

  test('root export ends well where an answer was lost: the file that is there is the one', async () => {
    await using server = await startServer();
    const { url, token, folder } = server;
    const world = { fetch, connection: { url, token }, files: new Map([['pass', 'correct horse battery\n']]) };
    const file = join(folder, 'root.key');
    const local = { keepRootKey, holdsRootKey };
    const rootIn = async () => {
      const { items } = JSON.parse((await succeed('ca show --json', world)).stdout);
      return items.find((one: WireAuthority) => one.subject.endsWith('Root CA E1')) as WireAuthority;
    };
    const { id, subject } = await rootIn();
    const line = ['ca', 'root', 'export', id, '--passphrase-file', 'pass', '--output', file];
    // Without --remove first, as it may be tried.
    assert.match(
      (await succeed(line, { ...world, local })).stdout,
      /^Wrote the key to .* The server has it as well\.\n/,
    );
    assert.match((await succeed(line, { ...world, local })).stdout, /root\.key holds the key already\./);
    const before = await readFile(file, 'utf8');
    const removing = [...line, '--remove'];
    const losing = async (request: Request) => {
      const response = await fetch(request);
      if (request.url.endsWith('/key-removal')) throw new TypeError('the connection was lost');
      return response;
    };
    assert.notEqual((await run(removing, { ...world, fetch: losing, local })).exitCode, 0);
    assert.equal((await rootIn()).keyPlace, 'outside', 'it was removed all the same');
    const again = await succeed(removing, { ...world, local });
    assert.ok(
      again.stdout.startsWith(`The key of ${subject} is in ${file}, and the server has it no more.`),
      again.stdout,
    );
    assert.equal(await readFile(file, 'utf8'), before);
    const elsewhere = await run([...line.slice(0, -1), join(folder, 'other.key'), '--remove'], { ...world, local });
    assert.match(elsewhere.stderr, /is not on this server/);
  });
});

/** Whose keys lie where they do in earnest. */
async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-cli-ca-'));
  const { url, operatorToken: token, close } = await startWorld();
  return {
    url,
    token,
    folder,
    async [Symbol.asyncDispose]() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
