import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { crc32, inflateRawSync } from 'node:zlib';
import { createZip } from '../../../src/dialects/kit/zip.ts';

const at = new Date('2026-11-21T08:30:17.900Z');
const files = [
  { name: 'nginx/www.example.com.pem', content: '-----BEGIN CERTIFICATE-----\n'.repeat(50) },
  { name: '说明.txt', content: '把证书放到 nginx 的 conf 目录' },
  { name: 'iis/www.example.com.pfx', content: Uint8Array.from({ length: 300 }, (_, i) => (i * 89) % 251) },
  { name: 'empty', content: '' },
];

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  /** Of the central directory and of the file's own header, in the two numbers of MS-DOS. */
  readonly times: readonly [directory: string, header: string];
}

/** Reads an archive by its central directory (PKWARE APPNOTE 4.3), with Node's own inflate. */
function readZip(bytes: Uint8Array): Entry[] {
  const zip = Buffer.from(bytes);
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    assert.equal(zip.readUInt32LE(at), 0x02014b50);
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameSize);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    const isUtf8 = (zip.readUInt16LE(at + 8) & 0x800) !== 0 || /^[\x00-\x7f]*$/.test(name);
    assert.ok(isUtf8, `the name ${name} is marked as UTF-8`);
    const header = zip.readUInt32LE(at + 42);
    assert.equal(zip.readUInt32LE(header), 0x04034b50);
    const dataAt = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const data = zip.subarray(dataAt, dataAt + zip.readUInt32LE(at + 20));
    const content = zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    assert.equal(content.length, zip.readUInt32LE(at + 24));
    assert.equal(crc32(content), zip.readUInt32LE(at + 16));
    const times = [dosTime(zip, at + 12), dosTime(zip, header + 10)] as const;
    at += 46 + nameSize + extraSize + noteSize;
    return { name, content: Buffer.from(content), times };
  });
}

function dosTime(zip: Buffer, offset: number): string {
  const [time, date] = [zip.readUInt16LE(offset), zip.readUInt16LE(offset + 2)];
  const day = [1980 + (date >> 9), (date >> 5) & 15, date & 31].join('-');
  return `${day} ${[time >> 11, (time >> 5) & 63, (time & 31) * 2].join(':')}`;
}

test('Every file is in the archive, in order, byte for byte, with its time in UTC.', () => {
  const entries = readZip(createZip(files, at));
  const expected = files.map(({ name, content }) => ({
    name,
    content: Buffer.from(content as string),
    times: ['2026-11-21 8:30:16', '2026-11-21 8:30:16'],
  }));
  assert.deepEqual(entries, expected);
});

test('The same files at the same time are the same bytes, wherever the server stands.', () => {
  const script = `
    import { createZip } from ${JSON.stringify(new URL('../../../src/dialects/kit/zip.ts', import.meta.url).href)};
    const zip = createZip([{ name: 'a.txt', content: 'a' }], new Date(${at.getTime()}));
    process.stdout.write(Buffer.from(zip).toString('hex'));`;
  const [here, there] = ['UTC', 'Asia/Shanghai'].map((zone) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TZ: zone },
      encoding: 'utf8',
    }),
  );
  assert.equal(here, there);
  assert.equal(here, Buffer.from(createZip([{ name: 'a.txt', content: 'a' }], at)).toString('hex'));
});

const refused: readonly [name: string, why: RegExp][] = [
  ['../etc/passwd', /is not a name/],
  ['/etc/passwd', /is not a name/],
  ['a//b', /is not a name/],
  ['a/./b', /is not a name/],
  ['a\\..\\b', /is not a name/], // Windows takes both slashes
  ['C:x', /is not a name/],
  ['a\0.txt', /is not a name/],
  ['', /is not a name/],
  ['*.example.com.pem', /is not a name/], // Windows has no such file
  ['7', /cannot keep its place/],
  ['empty', /is in the zip twice/],
];

for (const [name, why] of refused) {
  test(`A file called ${JSON.stringify(name)} is refused: ${why.source}.`, () => {
    assert.throws(() => createZip([...files, { name, content: '' }], at), why);
  });
}
