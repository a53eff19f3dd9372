/**
 * A compare-and-set that changed nothing must not go unnoticed: the answer of every method of a store that answers a
 * boolean is used (`domain/ports/stores`). TypeScript and the linter let an answer be dropped; this does not.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSource, readSources, type SourceFile } from './support/source.ts';

const source = join(import.meta.dirname, '..', 'src');

/** The methods that answer whether they changed something, by the name of their store: `orders.move`. */
async function answeringMethods(): Promise<ReadonlySet<string>> {
  const ports = await readSources(join(source, 'domain', 'ports', 'stores'));
  const answering = new Map<string, string[]>();
  for (const { code } of ports) {
    for (const [, name = '', body = ''] of code.matchAll(/interface (\w+Store) \{([\s\S]*?)\n\}/g)) {
      const methods = [...body.matchAll(/\n {2}(\w+)\((?:[^()]|\([^()]*\))*\): Promise<boolean>;/g)];
      answering.set(
        name,
        methods.map(([, method = '']) => method),
      );
    }
  }
  const stores = ports.flatMap(({ code }) => [...code.matchAll(/readonly (\w+): (\w+Store);/g)]);
  return new Set(
    stores.flatMap(([, property, type = '']) => (answering.get(type) ?? []).map((method) => `${property}.${method}`)),
  );
}

/** The calls whose answer is dropped: a statement of its own, or the whole of a function whose answer is. */
function droppedIn({ path, code }: SourceFile, methods: ReadonlySet<string>): string[] {
  return [...code.matchAll(/(\w+)\s*\??\.\s*(\w+)\(/g)].flatMap(({ 1: store, 2: method, index }) => {
    if (!methods.has(`${store}.${method}`)) return [];
    const before = code.slice(0, index).replace(/[\w.?!]*$/, '');
    return isDropped(before) || isPassedToNobody(before) ? [`${path}: ${store}.${method}`] : [];
  });
}

/** At the beginning of a statement, also behind `if (…)`, `else` or a loop's head; `void` makes it no better. */
function isDropped(before: string): boolean {
  const text = before.replace(/\b(await|void)\s+$/, '').trimEnd();
  if (text.endsWith(')')) return /\b(if|for|while)(\s+await)?\s*$/.test(text.slice(0, openingOf(text)));
  return text === '' || /[;{}]$/.test(text) || /\b(else|do|void)$/.test(text);
}

/** `await database.write((tx) => tx.orders.move(…));` */
function isPassedToNobody(before: string): boolean {
  const arrow = /\(\s*(async\s*)?(\(\s*\w*\s*\)|\w+)\s*=>\s*(await\s+)?$/.exec(before);
  return arrow !== null && isDropped(before.slice(0, arrow.index).replace(/[\w.?!]*$/, ''));
}

/** Where the bracket that the text ends with was opened. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    if (text[at] === '(' && --depth === 0) return at;
  }
  return 0;
}

test('nobody drops what a compare-and-set answers', async () => {
  const methods = await answeringMethods();
  assert.ok(methods.has('orders.move') && methods.has('certificates.moveToRevoked') && methods.has('deliveries.end'));
  assert.ok(methods.size >= 20, 'the methods were found');
  // Front doors reach no store; some of their ports have methods of the same name.
  const files = (await readSources(source)).filter(({ path }) => !path.startsWith('dialects/'));
  const dropped = files.flatMap((file) => droppedIn(file, methods));
  assert.deepEqual(dropped, []);
});

describe('what is noticed', () => {
  const methods = new Set(['orders.move']);
  const dropped: readonly string[] = [
    'f(); await tx.orders.move(a, b);',
    'if (a) await tx.orders.move(a, b);',
    'if (f(g(a))) { await tx.orders.move(a, b); }',
    'for (const a of b) await tx.orders.move(a, b);',
    'if (a) f(); else await tx.orders.move(a, b);',
    'f(); void tx.orders.move(a, b);',
    'f(); tx.orders.move(a, b);',
    'f(); orders.move(a, b);',
    'f(); await tx.orders\n  .move(a, b);',
    'f(); await database.write((tx) => tx.orders.move(a, b));',
    'f(); await context.database.write(async (tx) => await tx.orders.move(a, b));',
  ];
  for (const text of dropped)
    test(text, () => assert.equal(droppedIn(readSource('app/x.ts', text), methods).length, 1));

  const used: readonly string[] = [
    'if (!(await tx.orders.move(a, b))) return;',
    'const isMoved = await tx.orders.move(a, b);',
    'return tx.orders.move(a, b);',
    'return (await tx.orders.move(a, b)) ? a : b;',
    'const a = b && (await tx.orders.move(a, b));',
    'requireMoved(await tx.orders.move(a, b), c);',
    'const isMoved = await database.write((tx) => tx.orders.move(a, b));',
    'return database.write((tx) => tx.orders.move(a, b));',
    'f(); await tx.orders.get(a);',
    '// await tx.orders.move(a, b);',
  ];
  for (const text of used)
    test(`fine: ${text}`, () => assert.deepEqual(droppedIn(readSource('app/x.ts', text), methods), []));
});
