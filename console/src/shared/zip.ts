/** Files in one, as ZIP (APPNOTE 6.3.10) without compression: certificates are too small to gain by it. */

export interface ZipFile {
  readonly name: string;
  readonly content: string;
}

const headSize = 30;
const entrySize = 46;
const endSize = 22;
/** Version 2.0, names in UTF-8 (bit 11), stored, and no time: 1980-01-01. */
const [version, flags, method, time, date] = [20, 0x0800, 0, 0, 0x0021];

export function zipOf(files: readonly ZipFile[]): Blob {
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  const entries: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const [path, bytes] = [encode(name), encode(content)];
    const of = [flags, method, time, date] as const;
    const sum = crc32(bytes);
    const head = block(headSize, 0x04034b50, (put) => {
      for (const value of [version, ...of]) put(2, value);
      for (const value of [sum, bytes.length, bytes.length]) put(4, value);
      for (const value of [path.length, 0]) put(2, value);
    });
    const entry = block(entrySize, 0x02014b50, (put) => {
      for (const value of [version, version, ...of]) put(2, value);
      for (const value of [sum, bytes.length, bytes.length]) put(4, value);
      for (const value of [path.length, 0, 0, 0, 0]) put(2, value);
      for (const value of [0, offset]) put(4, value);
    });
    bodies.push(head, path, bytes);
    entries.push(entry, path);
    offset += head.length + path.length + bytes.length;
  }
  const size = entries.reduce((sum, { length }) => sum + length, 0);
  const end = block(endSize, 0x06054b50, (put) => {
    for (const value of [0, 0, files.length, files.length]) put(2, value);
    for (const value of [size, offset]) put(4, value);
    put(2, 0);
  });
  return new Blob([...bodies, ...entries, end], { type: 'application/zip' });
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** A record of fixed length: its signature, and what is put after it, least byte first. */
function block(length: number, signature: number, fill: (put: (size: 2 | 4, value: number) => void) => void) {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (size: 2 | 4, value: number) => {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  };
  put(4, signature);
  fill(put);
  return bytes;
}

/** CRC-32 of ISO-HDLC, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return (sum ^ 0xffffffff) >>> 0;
}
