/** Texts that columns keep in a shorter form: what was written is read back, and found, whatever it was. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { anyIdForm, idForm, lastId, type TextForm } from '../../src/db/id-bytes.ts';
import { codecs } from '../../src/db/tables.ts';
import { isId, newId, newNumberedId } from '../../src/domain/ids.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

const system = { clock: createFakeClock(), random: createFakeRandomness() };
const order = newNumberedId('order', 10_000_001, system);
const account = newId('account', system);
const utf8 = fc.string({ unit: 'grapheme' });

function assertKept(form: TextForm, text: string, length?: number): void {
  const bytes = form.toBytes(text);
  assert.equal(form.toText(bytes), text);
  if (length !== undefined) assert.equal(bytes.length, length, text);
}

describe('an id in a column', () => {
  const ids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => idForm('order').toText(withTime(bytes)));

  it('is 16 bytes, and 17 where ids of several nouns are', () => {
    fc.assert(
      fc.property(ids, (id) => {
        assert.ok(isId('order', id));
        assertKept(idForm('order'), id, 16);
        assertKept(anyIdForm, id, 17);
      }),
    );
    for (const id of [order, lastId('order')]) assertKept(idForm('order'), id, 16);
  });
  it('stands in the order of the texts', () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const { toBytes } = idForm('order');
        assert.equal(Math.sign(Buffer.compare(toBytes(one), toBytes(other))), one < other ? -1 : one > other ? 1 : 0);
        assert.ok(Buffer.compare(toBytes(one), toBytes(lastId('order'))) <= 0);
      }),
    );
  });
  it('is never that of another noun, nor of another text', () => {
    const texts = [
      account,
      order.toUpperCase(),
      `${order} `,
      ` ${order}`,
      order.slice(0, -1),
      order.replace('ord_', 'acc_'),
      order.replace('_', '-'),
      // The last character holds two bits that are no part of an id.
      `${order.slice(0, -1)}1`,
      `ord_${'0'.repeat(26)}`,
      `ord_${'u'.repeat(26)}`,
      `ord_${'\u{7f}'.repeat(26)}`,
      `ord_${'é'.repeat(26)}`,
      'system',
      '',
      '\u{feff}system',
      'crd_operator',
    ];
    for (const form of [idForm('order'), anyIdForm]) {
      const kept = [order, ...texts].map((text) => Buffer.from(form.toBytes(text)).toString('hex'));
      assert.equal(new Set(kept).size, kept.length);
      for (const text of texts) assertKept(form, text);
    }
  });
  it('is read back whatever it is', () => {
    fc.assert(
      fc.property(utf8, (text) => {
        assertKept(idForm('order'), text);
        assertKept(anyIdForm, text);
      }),
    );
  });
});

/** No id begins with a zero: its first six bytes are the time. */
function withTime(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0 ? new Uint8Array([1, ...bytes.subarray(1)]) : bytes;
}

test('in raw SQL a value that meets a column with a form is given that form', () => {
  const names = [...new Set(codecs.flatMap(({ definitions }) => definitions.filter(({ form }) => form !== undefined)))];
  const columns = [...new Set(names.map(({ name }) => name))].join('|');
  const bare = new RegExp(
    `\\b(?:${columns})\\s*(?:=|<>|!=|<=?|>=?|(?:not )?in \\()\\s*\\$\\{(?!asId|inForm|sql|bound|placersOfEmail|ownersOfEmail|credentialsOf)`,
    'g',
  );
  const folder = join(import.meta.dirname, '..', '..', 'src', 'db', 'stores');
  const found = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(bare)].map(([text]) => `${file}: ${text}`),
  );
  assert.deepEqual(found, []);
});
