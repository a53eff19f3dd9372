/** Serial numbers of certificates (RFC 5280 §4.1.2.2: unique for each issuer). */
import type { Authority } from '../../domain/authority.ts';
import type { UsedSerials } from '../../domain/ports/issuer.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import { serialFrom } from '../../pki/leaf-template.ts';

/**
 * Lower-case hex. Random, so it is none of ours; of an authority that came from another CA it is looked up whether that CA had drawn it.
 * The table of certificates has the last word.
 */
export async function newSerial(
  { random, stores }: { readonly random: Randomness; readonly stores: UsedSerials },
  { id, importedAt }: Pick<Authority, 'id' | 'importedAt'>,
): Promise<string> {
  for (;;) {
    const serial = serialFrom(random.bytes(16)).toString('hex');
    if (importedAt === null || !(await stores.importedSerials.has(id, serial))) return serial;
  }
}
