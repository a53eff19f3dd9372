/** Changes to a JSON value: members are lost, renamed, exchanged, or become something else. */
import { mutateText } from './mutate-text.ts';
import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const keys = ['__proto__', 'constructor', 'toString', '', '0', 'length', 'a.b', '名'];

/** Text that is no JSON is changed as text, and so is one in five that is. */
export function mutateJson(
  bytes: Buffer,
  others: readonly Buffer[],
  random: Random,
  grammar: readonly string[],
): Buffer {
  const value = random.oneIn(5) ? undefined : parsed(bytes);
  if (value === undefined) return mutateText(bytes, others, random, grammar);
  let changed = value;
  const changes = 1 + random.below(3);
  for (let index = 0; index < changes; index++) changed = changedAt(changed, others, random);
  return Buffer.from(JSON.stringify(changed));
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function changedAt(value: Json, others: readonly Buffer[], random: Random): Json {
  const isLeaf = typeof value !== 'object' || value === null;
  if (isLeaf || random.oneIn(4)) return replacement(value, others, random);
  if (Array.isArray(value)) {
    const at = random.below(value.length);
    const item = value[at];
    if (item === undefined || random.oneIn(5)) return [...value, anything(others, random)];
    if (random.oneIn(5)) return value.toSpliced(at, 1);
    if (random.oneIn(40)) return Array.from({ length: random.below(3000) }, () => item);
    return value.with(at, changedAt(item, others, random));
  }
  const members = Object.entries(value);
  const at = random.below(members.length);
  const [key, member] = members[at] ?? [random.pick(keys), anything(others, random)];
  const change = random.below(6);
  if (change === 0) return Object.fromEntries(members.toSpliced(at, 1));
  if (change === 1) return Object.fromEntries(members.toSpliced(at, 1, [random.pick(keys), member]));
  return Object.fromEntries(members.toSpliced(at, 1, [key, changedAt(member, others, random)]));
}

function replacement(value: Json, others: readonly Buffer[], random: Random): Json {
  if (typeof value === 'string' && !random.oneIn(3)) {
    return mutateText(Buffer.from(value), [Buffer.from(value || 'x')], random, []).toString('utf8');
  }
  return anything(others, random);
}

function anything(others: readonly Buffer[], random: Random): Json {
  const values: readonly Json[] = [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    2 ** 31,
    2 ** 53,
    '',
    ' ',
    '0',
    '-1',
    'x'.repeat(300),
    [],
    {},
    [[]],
    [null],
    { '': null },
  ];
  if (random.oneIn(30)) return nested(random.below(60));
  if (random.oneIn(10)) return parsed(random.pick(others)) ?? null;
  return random.pick(values);
}

function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}
