/** The mail server of the configuration, with the files it names. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { mailerOptions } from '../../src/boot/mailer-options.ts';
import { parseConfig } from '../../src/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-mail-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (mail: object) =>
  mailerOptions(parseConfig(JSON.stringify({ mail: { host: 'h.example', from: 'a@b.example', ...mail } }), 'test'));

test('without the section there is no mail', async () => {
  assert.equal(await mailerOptions(parseConfig('', 'test')), undefined);
});

test('the password comes from the file, without its last line end', async () => {
  const passwordFile = file('password', ' two words \r\n');
  const caFile = file('ca.pem', 'PEM');
  assert.deepEqual(await read({ user: 'u', passwordFile, caFile }), {
    host: 'h.example',
    port: 587,
    tls: 'starttls',
    from: 'a@b.example',
    timeoutMs: 20_000,
    login: { user: 'u', password: ' two words ' },
    ca: 'PEM',
  });
  assert.deepEqual((await read({ user: 'u', password: 'p' }))?.login, { user: 'u', password: 'p' });
  assert.equal((await read({}))?.login, undefined);
});

test('a file that is missing or empty stops the start', async () => {
  const passwordFile = join(folder, 'none');
  await assert.rejects(read({ user: 'u', passwordFile }), /mail\.passwordFile .*none does not exist/);
  await assert.rejects(read({ user: 'u', passwordFile: file('empty', '\n') }), /mail\.passwordFile .*empty is empty/);
  await assert.rejects(read({ caFile: passwordFile }), /mail\.caFile .*none does not exist/);
});
