/** Lists as CSV: every field of the API, every page, and nothing that a spreadsheet would run. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csvRow } from '../../src/domain/csv.ts';
import { fieldsOfItems } from '../../src/dialects/native/schema/fields.ts';
import { api } from '../../src/dialects/native/schema.ts';
import { createSession, placeOrder, seedCsr } from '../dialects/native/session.ts';
import { run } from './harness.ts';

describe('a cell', () => {
  const rows: readonly (readonly [value: unknown, cell: string])[] = [
    ['example.com', 'example.com'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1 555', "'+1 555"],
    ['-20.00 CNY', "'-20.00 CNY"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['＝1+1', "'＝1+1"], // full-width, a formula where Chinese is written
    ['＠SUM(1)', "'＠SUM(1)"],
    ['\u001b[2Jred\u009b', '\\u{1b}[2Jred\\u{9b}'], // what clears a terminal
    ['a\u202egnp.exe', 'a\\u{202e}gnp.exe'], // what turns the line around
    ['\u0000=1', '\\u{0}=1'],
    [-2000, '-2000'], // a number, which is no formula
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    [['a.example', 'b.example'], 'a.example; b.example'],
    [['=1', 'b'], "'=1; b"],
    [[{ a: 1 }], '"[{""a"":1}]"'],
  ];
  for (const [value, cell] of rows)
    test(JSON.stringify(value) ?? 'undefined', () => assert.equal(csvRow(['x'], { x: value }), `${cell}\r\n`));
});

test('every list of the API has fields, each name once', () => {
  for (const endpoint of Object.values(api).flatMap((noun) => Object.values(noun))) {
    if (!/\.(list|history|months|ledger|deliveries|stopped|failed|orders|blocked|certificates)$/.test(endpoint.id))
      continue;
    const fields = fieldsOfItems(endpoint);
    assert.ok(fields.length > 2, endpoint.id);
    assert.equal(new Set(fields).size, fields.length, endpoint.id);
  }
});

describe('a list', async () => {
  const session = await createSession();
  const world = { fetch: session.fetch, connection: { url: session.baseUrl, token: session.token } };
  const names = Array.from({ length: 205 }, (_, index) => `host${index}.example`);
  for (const name of names) await placeOrder(session, [name]);

  test('has every page, whatever the limit, with ISO dates and the names of the API', async () => {
    const { exitCode, stdout, stderr } = await run('order list --csv --limit 3', world);
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, '');
    const [header = '', ...lines] = stdout.split('\r\n').slice(0, -1);
    assert.equal(lines.length, names.length);
    const fields = header.split(',');
    assert.deepEqual(fields, fieldsOfItems(api.orders.list));
    for (const field of ['number', 'accountName', 'names', 'total.minor', 'total.currency', 'createdAt'])
      assert.ok(fields.includes(field), field);
    const seen = lines.map((line) => line.split(',')[fields.indexOf('names')]);
    assert.deepEqual(new Set(seen), new Set(names));
    assert.match(lines[0] ?? '', /,2026-06-01T12:00:00\.000Z/);
  });

  test('goes on at a cursor', async () => {
    const { nextCursor } = await session.client.orders.list({ limit: 200 });
    const { stdout } = await run(`order list --csv --cursor ${nextCursor}`, world);
    assert.equal(stdout.split('\r\n').length - 1, 1 + 5);
  });

  test('that is empty has its header', async () => {
    const { stdout, stderr } = await run('approval list --csv', world);
    assert.equal(stdout, `${fieldsOfItems(api.approvals.list).join(',')}\r\n`);
    assert.equal(stderr, '');
  });

  test('is no JSON as well, and a refusal prints nothing', async () => {
    assert.notEqual((await run('order list --csv --json', world)).exitCode, 0);
    const { exitCode, stdout } = await run('order list --csv --cursor nonsense', world);
    assert.notEqual(exitCode, 0);
    assert.equal(stdout, '');
  });

  test("keeps a stranger's text from being a formula", async () => {
    await session.client.orders.place({
      productCode: 'encryption365:100',
      csr: seedCsr,
      names: ['trustocean.com'],
      reference: '=cmd|x',
    });
    const { stdout } = await run('order list --csv --name trustocean.com', world);
    assert.match(stdout, /,'=cmd\|x,/);
  });

  test('has nothing that a terminal obeys, in JSON neither, which means the same', async () => {
    const reference = '\u009b2Jred\u202egnp';
    const wanted = { productCode: 'encryption365:100', csr: seedCsr, names: ['controls.example'], reference };
    await session.client.orders.place(wanted);
    const line = 'order list --name controls.example';
    for (const format of ['--csv', '--json']) {
      const { stdout } = await run(`${line} ${format}`, world);
      assert.match(stdout, /2Jred/);
      assert.doesNotMatch(stdout, /[\u0080-\u009f\u202e]/);
    }
    const { stdout } = await run(`${line} --json`, world);
    assert.equal((JSON.parse(stdout) as { items: { reference: string }[] }).items[0]?.reference, reference);
  });
});
