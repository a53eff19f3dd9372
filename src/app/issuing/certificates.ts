/** Certificates as an account finds, downloads and has them sent. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Certificates } from '../../domain/ports/certificates.ts';
import { renewalWindowOf } from '../../domain/renewal.ts';
import type { AppContext } from '../context.ts';
import { chainOf } from '../orders/order-view.ts';
import { sendCertificate } from '../outbound/certificate-mail.ts';
import { pageOf } from '../page.ts';
import { accountFilter, dialectScope, findCertificate, isOperator } from '../scope.ts';
import { certificateOf } from './certificate-reference.ts';

export function createCertificates(context: AppContext): Certificates {
  const { read } = context.database;

  return {
    async list(caller, query) {
      const found = await read.certificates.list({ ...query, ...scopeOf(caller), limit: query.limit + 1 });
      return pageOf(found, query.limit, (certificate) => certificate.number);
    },

    findByThumbprint: (caller, thumbprint) => read.certificates.findByThumbprint(scopeOf(caller), thumbprint),

    async get(caller, idOrNumber) {
      const certificate = await findCertificate(read, caller, idOrNumber);
      return { certificate, chain: await chainOf(context.database, certificate) };
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
  const withheld = isOperator(caller) ? {} : { withheld: false as const };
  return { accountId: accountFilter(caller), ...dialectScope(caller), ...withheld };
}
