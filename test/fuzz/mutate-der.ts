/**
 * Changes that keep DER readable: elements are lost, doubled, exchanged, retagged or given other contents, and all lengths
 * around them still fit. What only damaged bytes reach, `mutateBytes` reaches.
 */
import { maxBytes, mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';

interface Element {
  tag: number;
  /** Undefined where the contents are elements. */
  content: Buffer | undefined;
  children: Element[];
}

const tags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31, 0x80, 0x82, 0x87, 0xa0,
  0xa3,
];
const contents = [
  '',
  '00',
  '80',
  'ff',
  '0000',
  '00ff',
  '7fffffffffffffff',
  '8000000000000000',
  '2a',
  '2a864886f70d',
  '80808080',
  'c3a9',
  'd800',
  '30',
  '3000',
  '3080',
  '0203010001',
].map((hex) => Buffer.from(hex, 'hex'));
const deepest = 24;

export function mutateDer(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const root = elementsIn(bytes, 0);
  if (root === undefined || random.oneIn(4)) return mutateBytes(bytes, others, random);
  const list: Element = { tag: 0, content: undefined, children: root };
  const changes = 1 + random.below(3);
  for (let index = 0; index < changes; index++) changeOnce(list, others, random);
  const encoded = Buffer.concat(list.children.map((child) => encode(child)));
  const whole = random.oneIn(8) ? mutateBytes(encoded, others, random) : encoded;
  return whole.subarray(0, maxBytes);
}

function changeOnce(root: Element, others: readonly Buffer[], random: Random): void {
  const parents = [...parentsIn(root)];
  const parent = random.pick(parents);
  const at = random.below(parent.children.length);
  const child = parent.children[at];
  if (child === undefined) return;
  switch (random.below(9)) {
    case 0:
      parent.children.splice(at, 1);
      break;
    case 1:
      parent.children.splice(at, 0, copyOf(child));
      break;
    case 2: {
      const donor = elementsIn(random.pick(others), 0) ?? [];
      const all = [...parentsIn({ tag: 0, content: undefined, children: donor })].flatMap(({ children }) => children);
      if (all.length > 0) parent.children[at] = copyOf(random.pick(all));
      break;
    }
    case 3:
      child.tag = random.pick(tags);
      break;
    case 4:
      [child.content, child.children] = [random.pick(contents), []];
      break;
    case 5:
      parent.children[at] = { tag: random.pick([0x30, 0x31, 0xa0, 0xa3, 0x04]), content: undefined, children: [child] };
      break;
    case 6:
      parent.children.reverse();
      break;
    case 7: {
      const times = random.oneIn(20) ? random.below(2000) : random.below(4);
      parent.children.splice(at, 0, ...Array.from({ length: times }, () => child));
      break;
    }
    default:
      if (child.content !== undefined)
        child.content = mutateBytes(child.content, [child.content, ...contents.slice(1)], random);
      else child.children = [];
  }
}

function* parentsIn(element: Element): Generator<Element> {
  if (element.content !== undefined) return;
  yield element;
  for (const child of element.children) yield* parentsIn(child);
}

function copyOf({ tag, content, children }: Element): Element {
  return { tag, content, children: children.map(copyOf) };
}

/** The elements that these bytes are made of; undefined where they are not. Octet and bit strings may hold elements too. */
function elementsIn(bytes: Buffer, depth: number): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = headerAt(bytes, at);
    if (header === undefined) return undefined;
    const content = bytes.subarray(header.start, header.end);
    const mayHold = (header.tag & 0x20) !== 0 || header.tag === 0x04;
    const children = mayHold && depth < deepest && content.length > 0 ? elementsIn(content, depth + 1) : undefined;
    elements.push({ tag: header.tag, content: children === undefined ? content : undefined, children: children ?? [] });
    at = header.end;
  }
  return elements;
}

function headerAt(bytes: Buffer, at: number): { tag: number; start: number; end: number } | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3 || first === 0x80 || at + 2 + lengthBytes > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  return start + length > bytes.length ? undefined : { tag, start, end: start + length };
}

function encode({ tag, content, children }: Element): Buffer {
  const body = content ?? Buffer.concat(children.map(encode));
  const length = body.length;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), body]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), body]);
  if (length < 0x10000) return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), body]);
  return Buffer.concat([Buffer.of(tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff), body]);
}
