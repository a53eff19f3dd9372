/** How many CAs a request for the certificate of a CA wants below it. */
import type { Csr } from './csr.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { encodeOid, oids } from './oid.ts';

const basicConstraints = Buffer.from(encodeOid(oids.basicConstraints));

/** Undefined where it does not say. @throws {CertError} derMalformed */
export function requestedPathLength({ attributes }: Pick<Csr, 'attributes'>): number | undefined {
  const extension = attributes.extensions.find(({ type }) => type.equals(basicConstraints));
  if (extension === undefined) return undefined;
  const fields = new DerReader(extension.value, 'basicConstraints').sequence();
  if (fields.peek() === tag.boolean) fields.boolean();
  return fields.peek() === tag.integer ? fields.smallUnsigned() : undefined;
}
