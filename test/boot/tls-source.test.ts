/** The certificate of the https listeners, from files: read again, and never replaced by one that does not work. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { AppContext } from '../../src/app/index.ts';
import { createTlsSource, type TlsSource } from '../../src/boot/tls-source.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { TlsMaterial } from '../../src/http/listen.ts';
import { selfSigned } from '../support/self-signed.ts';
import { createFakeClock, createFakeLog, until } from '../support/system.ts';

const hourMs = 3_600_000;

let folder: string;
let first: TlsMaterial;
let second: TlsMaterial;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-tls-'));
  const make = async (name: string) => {
    const { cert, key } = await selfSigned(name);
    return { certificate: cert, key };
  };
  [first, second] = await Promise.all([make('first.example'), make('second.example')]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const certificateFile = () => join(folder, 'fullchain.pem');
const keyFile = () => join(folder, 'privkey.pem');
function put({ certificate, key }: TlsMaterial): void {
  writeFileSync(certificateFile(), certificate);
  writeFileSync(keyFile(), key);
}

beforeEach(() => put(first));

function createScene() {
  const clock = createFakeClock();
  const log = createFakeLog();
  const text = `listen: ["https://127.0.0.1:443"]\ntls: { certificateFile: ${certificateFile()}, keyFile: ${keyFile()} }`;
  // Of files, only clock and log are asked for.
  const context = { clock, log } as unknown as AppContext;
  const options = { config: parseConfig(text, 'test'), context } as unknown as Parameters<typeof createTlsSource>[0];
  const start = async (): Promise<TlsSource> => {
    const source = await createTlsSource(options);
    assert.ok(source !== undefined);
    return source;
  };
  return { clock, log, start };
}

test('Without https there is none.', async () => {
  const options = { config: parseConfig('', 'test') } as unknown as Parameters<typeof createTlsSource>[0];
  assert.equal(await createTlsSource(options), undefined);
});

test('New files are found within the hour, and at once when asked.', async () => {
  const { clock, log, start } = createScene();
  const source = await start();
  assert.deepEqual(source.material(), first);
  const used: TlsMaterial[] = [];
  source.onRenewal((material) => used.push(material));
  await source.refresh();
  assert.deepEqual(used, [], 'nothing new, nothing done');
  put(second);
  await clock.advance(hourMs);
  await until(() => used.length === 1, 'the files were read again');
  assert.deepEqual(used, [second]);
  assert.deepEqual(source.material(), second);
  put(first);
  await source.refresh();
  assert.deepEqual(used, [second, first]);
  assert.deepEqual(
    log.lines.map(({ level, message }) => [level, message]),
    Array(2).fill(['info', 'the server certificate was renewed']),
  );
  await source.stop();
  assert.equal(clock.sleeping, 0);
});

describe('the old certificate serves on, and the next look tries again, when', () => {
  const rows: readonly (readonly [why: string, spoil: () => void, problem: () => RegExp])[] = [
    [
      'the key is still the old one',
      () => writeFileSync(certificateFile(), second.certificate),
      () => /privkey\.pem does not belong to the certificate in .*fullchain\.pem$/,
    ],
    ['a file is gone', () => rmSync(keyFile()), () => /tls\.keyFile .*privkey\.pem does not exist/],
    [
      'a file is half written',
      () => writeFileSync(certificateFile(), second.certificate.slice(0, 200)),
      () => /tls\.certificateFile .* is not a certificate in PEM/,
    ],
    ['a file is empty', () => writeFileSync(keyFile(), ''), () => /tls\.keyFile .* is not a private key in PEM/],
  ];
  for (const [why, spoil, problem] of rows) {
    test(why, async () => {
      const { log, start } = createScene();
      const source = await start();
      const used: TlsMaterial[] = [];
      source.onRenewal((material) => used.push(material));
      spoil();
      await source.refresh();
      assert.deepEqual(used, []);
      assert.deepEqual(source.material(), first);
      assert.equal(log.lines[0]?.level, 'error');
      assert.match(String(log.lines[0]?.fields.err), problem());
      put(second);
      await source.refresh();
      assert.deepEqual(used, [second]);
      await source.stop();
    });
  }

  test('a listener refuses it', async () => {
    const { start } = createScene();
    const source = await start();
    let refusals = 1;
    const used: TlsMaterial[] = [];
    source.onRenewal((material) => {
      if (refusals-- > 0) throw new Error('no');
      used.push(material);
    });
    put(second);
    await source.refresh();
    assert.deepEqual(source.material(), first);
    await source.refresh();
    assert.deepEqual(used, [second]);
    await source.stop();
  });
});

test('A start with files that do not fit fails and says which.', async () => {
  writeFileSync(keyFile(), second.key);
  await assert.rejects(createScene().start(), {
    message: `tls.keyFile ${keyFile()} does not belong to the certificate in ${certificateFile()}`,
  });
  rmSync(certificateFile());
  await assert.rejects(createScene().start(), {
    code: 'invalidField',
    message: `tls.certificateFile ${certificateFile()} does not exist; check the path`,
  });
});
