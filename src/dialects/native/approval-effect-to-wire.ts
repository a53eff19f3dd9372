/** What a request for approval changes, on the wire. */
import type { ApprovalEffect, CertificateTerms } from '../../domain/certificate-terms.ts';
import { type Reason, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { namesInLists } from './schema/shapes.ts';
import type { WireApprovalPage } from './schema.ts';
import { moneyToWire, timeToWire } from './values.ts';

type Effect = Pick<WireApprovalPage, 'before' | 'after' | 'changedNames' | 'price' | 'ends' | 'why'>;

export function effectToWire(effect: ApprovalEffect, language: Language): Effect {
  const { before, after, price, ends, why } = effect;
  return {
    before: before && termsToWire(before),
    after: after && termsToWire(after),
    changedNames: changeOf(before?.names ?? [], after?.names ?? []),
    price: price && moneyToWire(price),
    ends: ends.map(({ names, notAfter, ...rest }) => ({
      ...rest,
      names: names.slice(0, namesInLists),
      nameCount: names.length,
      notAfter: timeToWire(notAfter),
    })),
    why: whyToWire(why, language),
  };
}

export function whyToWire(why: Reason | null, language: Language): string | null {
  return why === null ? null : renderReason(why, language);
}

function termsToWire({ names, validity, ...terms }: CertificateTerms): NonNullable<WireApprovalPage['after']> {
  return {
    certificateNumber: terms.certificateNumber,
    names: [...names],
    key: terms.key,
    validity: validity && { days: validity.days, notAfter: timeToWire(validity.notAfter) },
    organization: terms.organization,
  };
}

function changeOf(before: readonly string[], after: readonly string[]): WireApprovalPage['changedNames'] {
  const [had, has] = [new Set(before), new Set(after)];
  return {
    added: after.filter((name) => !had.has(name)),
    removed: before.filter((name) => !has.has(name)),
    kept: after.filter((name) => had.has(name)),
  };
}
