/** The key derivation of PKCS #12 (RFC 7292 Appendix B.2), and encryption under its keys as Windows before Server 2019 reads it. */
import { createCipheriv, hash } from 'node:crypto';
import type { Randomness } from '../domain/ports/system.ts';
import { octetString, oid, sequence, smallInteger, utf16 } from './der-writer.ts';
import { oids } from './oid.ts';
import type { Encrypted } from './pbes2.ts';

/** Purpose of a derived key (B.3). */
const purposes = { cipherKey: 1, iv: 2, mac: 3 } as const;

export interface DerivedKey {
  readonly hashName: keyof typeof blockSizes;
  readonly purpose: keyof typeof purposes;
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly lengthBytes: number;
}

/** B.2: v, in bytes. */
const blockSizes = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;

/** The password counts its two final zero octets (B.1). */
export function pkcs12Key({ hashName, purpose, password, salt, iterations, lengthBytes }: DerivedKey): Buffer {
  const blockBytes = blockSizes[hashName];
  const diversifier = Buffer.alloc(blockBytes, purposes[purpose]);
  const terminated = Buffer.concat([utf16(password), Buffer.alloc(2)]);
  const input = Buffer.concat([fillBlocks(salt, blockBytes), fillBlocks(terminated, blockBytes)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < lengthBytes; ) {
    let part = hash(hashName, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round += 1) part = hash(hashName, part, 'buffer');
    parts.push(part);
    made += part.length;
    if (made < lengthBytes) addToEachBlock(input, part, blockBytes);
  }
  return Buffer.concat(parts).subarray(0, lengthBytes);
}

/** The bytes repeated until they fill whole blocks, the last copy cut off (B.2, steps 2 and 3). */
function fillBlocks(bytes: Uint8Array, blockBytes: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
}

/** Prepares the next part: every block becomes itself plus the last part, repeated to a block, plus one (B.2, step 6.C). */
function addToEachBlock(input: Buffer, part: Uint8Array, blockBytes: number): void {
  const added = fillBlocks(part, blockBytes).subarray(0, blockBytes);
  for (let start = 0; start < input.length; start += blockBytes) {
    let carry = 1;
    for (let at = blockBytes - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (added[at] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

const saltBytes = 8;
const keyBytes = 24;
const ivBytes = 8;

/** pbeWithSHAAnd3-KeyTripleDES-CBC (Appendix C). Weak by today's measure: only for readers that know nothing else. */
export function encryptOldForm(
  content: Uint8Array,
  options: { readonly password: string; readonly iterations: number; readonly random: Randomness },
): Encrypted {
  const { password, iterations, random } = options;
  const salt = random.bytes(saltBytes);
  const derive = (purpose: DerivedKey['purpose'], lengthBytes: number) =>
    pkcs12Key({ hashName: 'sha1', purpose, password, salt, iterations, lengthBytes });
  const key = derive('cipherKey', keyBytes);
  const cipher = createCipheriv('des-ede3-cbc', key, derive('iv', ivBytes));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  key.fill(0);
  const parameters = sequence([octetString([salt]), smallInteger(iterations)]);
  return { algorithm: sequence([oid(oids.pbeWithSha1And3Des), parameters]), ciphertext };
}
