/**
 * Takes the key of a root out of the server. In two steps, so that it is lost at no point: it is handed out encrypted, and its holder
 * writes it, reads it back and opens it; then they show by a signature of it that they have it, and it is removed here.
 */
import type { Authority } from '../../domain/authority.ts';
import { refuse } from '../../domain/errors.ts';
import { type Authorities, keyRemovalText } from '../../domain/ports/authorities.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { encryptedPkcs8 } from '../../pki/encrypted-key.ts';
import { isSignedBy, signatureAlgorithmFor } from '../../pki/signature.ts';
import type { AppContext } from '../context.ts';
import { findAuthority, keeperOf, recordAuthority } from './keeper.ts';

/** It is all that stands between the file and the key. */
const leastPassphrase = 12;

export function createRootKey(context: AppContext): Pick<Authorities, 'exportKey' | 'removeKey'> {
  const { database, clock, keySealer, random } = context;
  const { read } = database;

  /** @throws {CertError} notFound, wrongState */
  async function findRoot(id: string): Promise<Authority> {
    const authority = await findAuthority(read, keeperOf(context).id, id);
    if (authority.role !== 'root') throw refuse('rootOnly', { authority: authority.subject });
    if (authority.keyPlace === 'outside') throw refuse('authorityKeyOutside', { authority: authority.subject });
    return authority;
  }

  return {
    async exportKey(caller, id, passphrase) {
      const { length } = [...passphrase];
      if (length < leastPassphrase) throw refuse('passphraseTooShort', { length, least: leastPassphrase });
      const authority = await findRoot(id);
      const sealed = await read.authorities.sealedKey(authority.id);
      if (sealed === undefined) throw new Error(`the key of the authority ${authority.id} is missing`);
      // Known before it is handed out, whatever becomes of the answer.
      await database.write((tx) => {
        const data = { subject: authority.subject };
        return recordAuthority(tx, {
          kind: 'authority.keyExported',
          caller,
          subject: authority.id,
          at: clock.now(),
          data,
        });
      });
      const pkcs8 = keySealer.open(sealed, { kind: 'authorityKey', id: authority.id });
      try {
        return await encryptedPkcs8(pkcs8, { passphrase, random });
      } finally {
        pkcs8.fill(0);
      }
    },

    async removeKey(caller, id, signature) {
      const root = await findRoot(id);
      const { publicKey } = parseCertificate(root.certificate);
      const isProved =
        publicKey !== undefined &&
        (await isSignedBy({
          algorithm: signatureAlgorithmFor(publicKey.algorithm),
          publicKey,
          data: Buffer.from(keyRemovalText(root.id)),
          signature,
        }));
      if (!isProved) throw refuse('keyProofWrong', { authority: root.subject });
      const changed = await database.write(async (tx) => {
        const all = await tx.authorities.list();
        const authority = all.find((one) => one.id === root.id) ?? root;
        if (!all.some(({ parentId }) => parentId === root.id))
          throw refuse('nothingBelowRoot', { authority: authority.subject });
        const outside: Authority = { ...authority, keyPlace: 'outside' };
        await tx.authorities.change(outside);
        await tx.authorities.removeKey(root.id);
        const data = { subject: authority.subject };
        await recordAuthority(tx, { kind: 'authority.keyRemoved', caller, subject: root.id, at: clock.now(), data });
        return outside;
      });
      const keeper = keeperOf(context);
      keeper.forgetKey(root.id);
      await keeper.refresh();
      return changed;
    },
  };
}
