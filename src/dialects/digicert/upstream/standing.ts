/** What CertCentral has validated already: domains and organizations, each until a day (contract 3.4, 3.5, 6.2). */
import { baseName, type Identifier } from '../../../domain/identifier.ts';
import type { StandingAnswer, StandingQuestion } from '../../../domain/ports/upstream.ts';
import { firstText, type Loose, looseFlag, looseList, looseObject } from '../../kit/loose.ts';
import { endOfDay, isWholeDay, parseMoment } from '../wire/wire-time.ts';
import { isLastPage } from './pages.ts';
import type { Requests } from './requests.ts';

const pageSize = 1000;
const mostPages = 20;
/** Of a domain or an organization: validations that a product of this level may rest on. A domain for DV may be validated for more. */
const sufficient = { dv: ['dv', 'ov', 'ev'], ov: ['ov'], ev: ['ev'] } as const;
type Level = keyof typeof sufficient;

export async function standingOf(
  requests: Requests,
  { product, names, organization, container }: StandingQuestion,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<StandingAnswer> {
  const level = await levelOf(requests, product, signal);
  const domains = await allDomains(requests, container, signal);
  const missing = names.flatMap((name) => {
    const words = missingDomain(name, domains, { level, now });
    return words === undefined ? [] : [{ what: name.value, words }];
  });
  if (organization === null) return { missing };
  const what = organization.details.name;
  const words = await missingOrganization(requests, organization.id, { level, now, signal });
  return { missing: words === undefined ? missing : [...missing, { what, words }] };
}

/** As the account's list of products has it (contract 3.5), or by the code: `ssl_ev_…` and `…_dv_…` are no OV (contract 7). */
async function levelOf(requests: Requests, product: string, signal: AbortSignal): Promise<Level> {
  const { products } = await requests.get('/product', { signal });
  const listed = looseList(products)
    .map(looseObject)
    .find((one) => firstText(one, 'name_id') === product);
  const shown = listed && firstText(listed, 'validation_type')?.toLowerCase();
  if (shown === 'dv' || shown === 'ov' || shown === 'ev') return shown;
  const parts = product.split('_');
  if (parts.includes('ev')) return 'ev';
  return parts.includes('dv') ? 'dv' : 'ov';
}

interface Needed {
  readonly level: Level;
  readonly now: Date;
}

async function allDomains(
  requests: Requests,
  container: string | null,
  signal: AbortSignal,
): Promise<readonly Loose[]> {
  const found: Loose[] = [];
  for (let page = 0; page < mostPages; page++) {
    const query = {
      include_validation: 'true',
      ...(container === null ? {} : { container_id: container }),
      limit: pageSize,
      offset: found.length,
    };
    const reply = await requests.get('/domain', { query, signal });
    const domains = looseList(reply.domains).map(looseObject);
    found.push(...domains);
    if (isLastPage(reply, { offset: found.length, count: domains.length, pageSize })) break;
  }
  return found;
}

/** The name itself, or one of its parents: a domain is validated with all that is below it. */
function missingDomain(name: Identifier, domains: readonly Loose[], needed: Needed): string | undefined {
  const base = baseName(name);
  const covering = domains.filter((domain) => {
    const own = firstText(domain, 'name')?.toLowerCase();
    return own !== undefined && (base === own || base.endsWith(`.${own}`));
  });
  if (covering.length === 0) return 'neither it nor a domain above it is among the domains of the account';
  const flaws = covering.map((domain) => flawOfDomain(domain, needed));
  return flaws.includes(undefined) ? undefined : flaws.find((flaw) => flaw !== undefined);
}

function flawOfDomain(domain: Loose, needed: Needed): string | undefined {
  const name = firstText(domain, 'name') ?? '';
  // A boolean, or a text (contract 1).
  if (domain.is_active != null && !looseFlag(domain.is_active)) return `the domain ${name} is not active`;
  const expiration = looseObject(domain.dcv_expiration);
  const { level, now } = needed;
  // By level, where it has one of its own.
  const ofLevel = expiration[level] === undefined ? Object.values(expiration) : [expiration[level]];
  const ends = [...ofLevel, domain.dcv_expiration_datetime].flatMap((end) => endOf(firstText({ end }, 'end')) ?? []);
  const flaw = flawOfValidations(domain, needed);
  // A domain that was added for DV alone has no validations, and shows by their end that its proofs were found.
  const isProvedAlone = ends.some((end) => end > now) && !looseFlag(domain.is_pending_validation);
  if (flaw !== undefined && !(flaw === noValidation(level) && isProvedAlone)) return `the domain ${name} ${flaw}`;
  const isOver = ends.length > 0 && ends.every((end) => end <= now);
  return isOver ? `the domain ${name} must be validated again` : undefined;
}

const noValidation = (level: Level) =>
  level === 'dv' ? 'has no validation for TLS certificates' : `has no validation ${level}, which the product needs`;

async function missingOrganization(
  requests: Requests,
  id: string | null,
  { signal, ...needed }: Needed & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  if (id === null) return 'the configuration names no id of it at this vendor';
  const reply = await requests.getIfAny(`/organization/${encodeURIComponent(id)}/validation`, { signal });
  if (reply === undefined) return `the account has no organization ${id}`;
  const flaw = flawOfValidations(reply, needed);
  return flaw === undefined ? undefined : `organization ${id} ${flaw}`;
}

/** Of `validations` that the level may rest on: one that is active, and not over, is enough. */
function flawOfValidations(shown: Loose, { level, now }: Needed): string | undefined {
  const validations = looseList(shown.validations)
    .map(looseObject)
    .filter((validation) => sufficient[level].some((type) => type === firstText(validation, 'type')?.toLowerCase()));
  if (validations.length === 0) return noValidation(level);
  const flaws = validations.map((validation) => {
    const type = firstText(validation, 'type') ?? '';
    const status = firstText(validation, 'status') ?? 'no status';
    const control = firstText(validation, 'dcv_status');
    const end = endOf(firstText(validation, 'validated_until'));
    if (!['active', 'approved'].includes(status.toLowerCase())) return `has a validation ${type} that is ${status}`;
    if (control !== undefined && control.toLowerCase() !== 'complete')
      return `has a validation ${type} whose DCV is ${control}`;
    return end !== undefined && end <= now ? `has a validation ${type} that ended on ${end.toISOString()}` : undefined;
  });
  return flaws.includes(undefined) ? undefined : flaws.find((flaw) => flaw !== undefined);
}

function endOf(text: string | undefined): Date | undefined {
  const at = text === undefined ? undefined : parseMoment(text);
  return at !== undefined && text !== undefined && isWholeDay(text) ? endOfDay(at) : at;
}
