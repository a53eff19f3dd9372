import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RootCertificate } from '../../src/cli/local.ts';
import { createSession } from '../dialects/native/session.ts';
import { run } from './harness.ts';

async function begin() {
  const { fetch, baseUrl, operatorToken } = await createSession();
  return { fetch, connection: { url: baseUrl, token: operatorToken } };
}

test('root show has whole fingerprints and the ways elsewhere, in 80 columns but for what is copied', async () => {
  const { stdout, exitCode } = await run('root show', { ...(await begin()), columns: 80, isTty: true });
  assert.equal(exitCode, 0);
  assert.equal(
    stdout.match(/SHA-256 {2}([0-9A-F]{2}:){15}[0-9A-F]{2}\n {11}([0-9A-F]{2}:){15}[0-9A-F]{2}\n/g)?.length,
    2,
  );
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80 || line.startsWith('    sudo '), line);
  for (const where of ['macOS', 'Windows', 'Firefox', 'Java', 'Node.js']) assert.ok(stdout.includes(`  ${where}\n`));
});

test('root install hands in the roots alone, and says what it did, in both languages', async () => {
  const world = await begin();
  const handed: RootCertificate[] = [];
  let changed: readonly string[] = ['/usr/local/share/ca-certificates/certmux-1.crt'];
  const local = {
    installRoots: async (roots: readonly RootCertificate[]) => {
      handed.push(...roots);
      return { store: 'Debian', changed, files: changed };
    },
  };
  assert.match((await run('root install', { ...world, local })).stdout, /^This system \(Debian\) trusts .* now\.\n/);
  assert.equal(handed.length, 2);
  for (const { pem, sha256 } of handed) {
    assert.match(pem, /^-----BEGIN CERTIFICATE-----\n/);
    assert.match(sha256, /^[0-9a-f]{64}$/);
  }
  const late = { ...world, local, now: '2046-06-02T00:00:00Z', language: 'zh' } as const;
  const ended = await run('root install', late);
  assert.deepEqual([ended.exitCode, handed.length], [2, 2], 'roots that have ended are not handed in');
  assert.match(ended.stderr, /^未包含根证书 O=Example, CN=Example Root CA E1：已于 2046-06-01 到期。\n/);
  changed = [];
  assert.match((await run('root install', { ...world, local })).stdout, /already; nothing was changed/);
  assert.match((await run('root install', { ...world, local, language: 'zh' })).stdout, /^本系统（Debian）已信任/);
});

test('root uninstall needs no server, and takes a fingerprint', async () => {
  const asked: (string | undefined)[] = [];
  const uninstallRoots = async (sha256: string | undefined) => {
    asked.push(sha256);
    return { store: 'Debian', changed: sha256 === undefined ? [] : ['/x/certmux-1.crt'], files: [] };
  };
  const world = { local: { uninstallRoots } };
  assert.match((await run('root uninstall', world)).stdout, /nothing was changed/);
  assert.match((await run('root uninstall --fingerprint 3f1c', world)).stdout, /no longer:\n\/x\/certmux-1\.crt\n$/);
  assert.deepEqual(asked, [undefined, '3f1c']);
});
