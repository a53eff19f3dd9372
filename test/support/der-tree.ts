/** DER as a tree that tests change one thing of, and write again with the lengths that follow. */
import { element } from '../../src/pki/der-writer.ts';

export interface DerNode {
  tag: number;
  /** Of what is made of elements. */
  children: DerNode[];
  /** Of what is not. */
  bytes: Buffer;
}

const isConstructed = (tag: number) => (tag & 0x20) !== 0;

export function parseTree(der: Uint8Array): DerNode {
  const { node, end } = nodeAt(Buffer.from(der), 0);
  if (end !== der.length) throw new Error('there is more behind the element');
  return node;
}

function nodeAt(der: Buffer, at: number): { node: DerNode; end: number } {
  const tag = der[at] ?? 0;
  const first = der[at + 1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + octets;
  const end = start + (octets === 0 ? first : der.readUIntBE(at + 2, octets));
  const bytes = der.subarray(start, end);
  const children: DerNode[] = [];
  if (isConstructed(tag)) {
    for (let next = start; next < end; ) {
      const child = nodeAt(der, next);
      children.push(child.node);
      next = child.end;
    }
  }
  return { node: { tag, children, bytes }, end };
}

export function encodeTree({ tag, children, bytes }: DerNode): Buffer {
  return element(tag, isConstructed(tag) ? children.map(encodeTree) : [bytes]);
}

export function leafNode(tag: number, bytes: Uint8Array | string): DerNode {
  return { tag, children: [], bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes) };
}

/** The child that a test knows to be there. */
export function childOf({ children }: DerNode, ...path: readonly number[]): DerNode {
  const [first = 0, ...rest] = path;
  const child = children.at(first);
  if (child === undefined) throw new Error(`there is no element ${first}`);
  return rest.length === 0 ? child : childOf(child, ...rest);
}
