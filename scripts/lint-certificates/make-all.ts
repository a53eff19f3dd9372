/** Makes all that is judged. */
import type { Authority } from '../../src/domain/authority.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import type { TestApp } from '../../test/support/app.ts';
import { authoritiesOf, certificatePem, openCaApp } from '../authority-kinds.ts';
import { makeHierarchies } from './authorities.ts';
import { newCsrs } from './keys.ts';
import { makeProductLeaves, makeProfileLeaves, makeServerCertificate } from './leaves.ts';
import { makeLists } from './lists.ts';
import type { Made, Put } from './made.ts';
import { findingsOfCa } from './own-lint.ts';
import type { Look } from './products.ts';

export interface All {
  readonly made: readonly Made[];
  readonly looks: readonly Look[];
  /** Of the authorities that sign certificates of subscribers, what they are. */
  readonly signing: readonly string[];
}

export async function makeAll(): Promise<All> {
  await using cleanup = new AsyncDisposableStack();
  const app = cleanup.use(await openCaApp({ works: false }));
  const made: Made[] = [];
  const put: Put = (one) => made.push(one);
  const hierarchies = await makeHierarchies(app, cleanup);
  putCas(put, await authoritiesOf(app), app);
  const leaves = { app, put, csrs: await newCsrs(), signing: hierarchies.signing };
  const looks = await makeProductLeaves(leaves);
  await makeProfileLeaves(leaves);
  await makeServerCertificate(leaves);
  await makeLists({ app, put, hierarchies });
  return { made, looks, signing: [...hierarchies.signing.keys()] };
}

/** Those that certmux has signed: not those of CAs outside. */
function putCas(put: Put, all: readonly Authority[], { clock }: TestApp): void {
  for (const authority of all) {
    const above = authority.role === 'root' ? authority : all.find(({ id }) => id === authority.parentId);
    if (above === undefined || above.keyPlace === 'outside') continue;
    const own = findingsOfCa(parseCertificate(authority.certificate), {
      issuer: parseCertificate(above.certificate),
      now: clock.now(),
    });
    const pem = certificatePem(authority.certificate);
    put({ title: `${authority.subject}, ${authority.keyKind}`, kind: authority.role, pem, own });
  }
}
