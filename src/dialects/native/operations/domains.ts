/** Domains that an account keeps: proved once, before any order. */
import { parseIdentifier } from '../../../domain/identifier.ts';
import type { Language } from '../../../domain/language.ts';
import { isNewestProved, type ManagedDomainView } from '../../../domain/managed-domain.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { requireEmailFor } from '../certification.ts';
import { nameToWire } from '../order-to-wire.ts';
import { countedPage, countedQueryOf, pageToWire } from '../paging.ts';
import { newProofReference } from '../proofs.ts';
import { domainsApi } from '../schema/domains.ts';
import type { WireDomain } from '../schema.ts';
import { actingCaller, type Client, handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';
import { withPage } from './object-page.ts';

type Line = Readonly<Record<Language, string>>;

/** Whether it is proved, and what is left. */
function summaryOf(view: ManagedDomainView): Line {
  const { proof, authorization } = view;
  const until = proof?.validUntil?.toISOString().slice(0, 10);
  if (until !== undefined && isNewestProved(view))
    return { en: `proved until ${until}`, zh: `已验证，有效期至 ${until}` };
  if (until !== undefined) {
    return {
      en: `proved until ${until}; a new proof is waited for`,
      zh: `已验证，有效期至 ${until}；正在等待新的验证`,
    };
  }
  if (authorization.state === 'pending') {
    return { en: 'not proved yet: place one of its proofs', zh: '尚未验证：请任选一种验证方式完成验证' };
  }
  return { en: 'not proved any more: get new proofs for it', zh: '验证已失效：请重新生成验证信息' };
}

function domainToWire(view: ManagedDomainView, language: Language): WireDomain {
  const { domain, authorization, proof } = view;
  return {
    id: domain.id,
    number: domain.number,
    accountId: domain.accountId,
    name: domain.name.value,
    state: domain.state,
    summary: summaryOf(view)[language],
    provedUntil: optionalTimeToWire(proof?.validUntil ?? null),
    validation: { authorizationId: authorization.id, ...nameToWire(domain.name, authorization, language) },
    organizationId: domain.organizationId,
    containerId: domain.containerId,
    createdAt: timeToWire(domain.createdAt),
  };
}

type Act = (session: Client, domain: ReturnType<typeof referenceFromWire>) => Promise<ManagedDomainView>;

async function acted(session: Client, domain: string, act: Act): Promise<WireDomain> {
  return domainToWire(await act(session, referenceFromWire(domain)), session.language);
}

export const domainOperations = [
  handled(domainsApi.list, async (input, { caller, services, language }) => {
    const { name, state, account } = input;
    const query = {
      ...countedQueryOf(input),
      ...withDefined({ state, account }),
      ...(name === undefined ? {} : { text: { value: name, isExact: false } }),
    };
    const found = await services.managedDomains.list(caller, query);
    const page = countedPage(found, input, ({ domain: { number } }) => number);
    return pageToWire(page, (view) => domainToWire(view, language));
  }),

  handled(domainsApi.add, async (input, session) => {
    const { services, language } = session;
    const { organization, container } = input;
    const caller = await actingCaller(session, input.account);
    const added = await services.managedDomains.add(caller, {
      name: parseIdentifier(input.name, 'name'),
      organization: organization === undefined ? null : referenceFromWire(organization),
      container: container === undefined ? null : referenceFromWire(container),
      requestedLevels: [],
      proofReference: newProofReference(services.random),
      preferredMethod: input.method ?? 'dnsTxt',
    });
    return domainToWire(added, language);
  }),

  handled(domainsApi.show, (input, session) =>
    withPage(session, { noun: 'managedDomain', reference: input.domain }, () =>
      acted(session, input.domain, ({ caller, services }, domain) => services.managedDomains.get(caller, domain)),
    ),
  ),

  handled(domainsApi.check, (input, session) =>
    acted(session, input.domain, ({ caller, services }, domain) => services.managedDomains.check(caller, domain)),
  ),

  handled(domainsApi.chooseMethod, (input, session) =>
    acted(session, input.domain, ({ caller, services }, domain) => {
      const { method, address } = input;
      requireEmailFor(address, method);
      const choice = method === 'email' && address !== undefined ? { method, address } : method;
      return services.managedDomains.chooseMethod(caller, domain, choice);
    }),
  ),

  handled(domainsApi.renew, (input, session) =>
    acted(session, input.domain, async ({ caller, services }, domain) => {
      const { authorization } = await services.managedDomains.get(caller, domain);
      return services.managedDomains.renewProofs(caller, domain, {
        proofReference: newProofReference(services.random),
        preferredMethod: input.method ?? authorization.preferredMethod,
      });
    }),
  ),

  handled(domainsApi.activate, (input, session) =>
    acted(session, input.domain, ({ caller, services }, domain) =>
      services.managedDomains.setState(caller, domain, 'active'),
    ),
  ),

  handled(domainsApi.deactivate, (input, session) =>
    acted(session, input.domain, ({ caller, services }, domain) =>
      services.managedDomains.setState(caller, domain, 'inactive'),
    ),
  ),

  handled(domainsApi.remove, async ({ domain }, { caller, services }) => {
    await services.managedDomains.remove(caller, referenceFromWire(domain));
    return { removed: true as const };
  }),
];
