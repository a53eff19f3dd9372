/** Certificates as an account finds, downloads and has them sent. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Certificates } from '../../domain/ports/certificates.ts';
import type { FilteredCertificate, FilteredCertificatesQuery } from '../../domain/ports/stores/certificates.ts';
import { renewalWindowOf } from '../../domain/renewal.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { lookUpFilter, requireFindable } from '../list-filters.ts';
import { chainOf } from '../orders/order-view.ts';
import { sendCertificate } from '../outbound/certificate-mail.ts';
import { pageOf } from '../page.ts';
import { accountFilter, dialectScope, findCertificate, isWithin, seesAllAccounts } from '../scope.ts';
import { certificateOf } from './certificate-reference.ts';
import { surroundingsOf } from './certificate-surroundings.ts';

export function createCertificates(context: AppContext): Certificates {
  const { read } = context.database;

  /** Those that the filter leaves, one more than the page. */
  async function listFound(query: FilteredCertificatesQuery): Promise<readonly FilteredCertificate[]> {
    const { accountId, dialect, withheld, name, serial, before, limit, now: _, ...rest } = query;
    if (Object.keys(rest).length > 0) return read.certificates.listFiltered(query);
    // These have indexes in the order of the numbers, however many certificates there are.
    const list = { accountId, limit, ...withDefined({ dialect, withheld, name, serial, before: before?.number }) };
    const certificates = await read.certificates.list(list);
    return certificates.map((certificate) => ({
      certificate,
      place: { at: certificate.createdAt, number: certificate.number },
    }));
  }

  return {
    async list(caller, { account, productCode, withTotal, limit, before, ...rest }) {
      const named = withDefined({ account, productCode, issuerId: rest.issuerId });
      const found = await lookUpFilter(context, caller, named);
      const filter = { ...rest, ...scopeOf(caller), ...found, now: context.clock.now() };
      const items = await listFound({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      if (items.length === 0) await requireFindable(context, caller, found, named);
      const page = pageOf(items, limit, ({ place }) => place);
      const total = withTotal && (await read.certificates.countFiltered(filter));
      return { ...page, items: page.items.map(({ certificate }) => certificate), ...withDefined({ total }) };
    },

    findByThumbprint: (caller, thumbprint) => read.certificates.findByThumbprint(scopeOf(caller), thumbprint),

    async get(caller, idOrNumber) {
      const certificate = await findCertificate(read, caller, idOrNumber);
      return { certificate, chain: await chainOf(context, certificate) };
    },

    async surroundings(caller, ids) {
      const found = await read.certificates.listByIds(ids);
      return surroundingsOf(
        read,
        found.filter(({ accountId }) => isWithin(caller, accountId)),
      );
    },

    async renewalWindow(reference) {
      const certificate = await certificateOf(read, reference);
      if (certificate === undefined) throw refuse('presentedUnknown', {});
      return renewalWindowOf(certificate, context.clock.now());
    },

    send: (caller, reference, addresses) => sendCertificate(context, caller, reference, addresses),
  };
}

/** The certificates that are the caller's to see. */
function scopeOf(caller: Caller) {
  const withheld = seesAllAccounts(caller) ? {} : { withheld: false as const };
  return { accountId: accountFilter(caller), ...dialectScope(caller), ...withheld };
}
