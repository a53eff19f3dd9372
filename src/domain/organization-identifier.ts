/**
 * The identifier of an organization in a register (attribute 2.5.4.97): scheme, country, for a trade register of a state
 * `+` and the state, a dash, and the reference, such as `NTRUS+CA-C0987654` (EV guidelines §7.1.4.2.8 and Appendix H).
 */
import { countryOf } from './country.ts';

export interface OrganizationIdentifier {
  /** NTR: a trade register; VAT: a tax authority; PSD: an authority for payment services. */
  readonly scheme: 'NTR' | 'VAT' | 'PSD';
  readonly country: string;
  readonly state?: string;
  readonly reference: string;
}

const form = /^(NTR|VAT|PSD)([A-Z]{2})(?:\+([A-Z0-9]{1,3}))?-(\S.*)$/u;
/** ETSI TS 119 495 §5.2.1: the authority, 2 to 8 letters, before the number that it gave. */
const paymentServices = /^[A-Z]{2,8}-\S/;

/** Undefined where the text has another form. */
export function parseOrganizationIdentifier(text: string): OrganizationIdentifier | undefined {
  const [, scheme, country = '', state, reference = ''] = form.exec(text) ?? [];
  if (scheme !== 'NTR' && scheme !== 'VAT' && scheme !== 'PSD') return undefined;
  if (!isRegisterCountry(scheme, country)) return undefined;
  // Only trade registers are of a state.
  if (state !== undefined && scheme !== 'NTR') return undefined;
  if (scheme === 'PSD' && !paymentServices.test(reference)) return undefined;
  return { scheme, country, ...(state === undefined ? {} : { state }), reference };
}

/** XG: a register of the whole world. Tax authorities have EL for Greece and XI for Northern Ireland (ETSI EN 319 412-1 §5.1.4). */
function isRegisterCountry(scheme: string, country: string): boolean {
  if (country === 'XG' || countryOf(country) === country) return true;
  return scheme === 'VAT' && (country === 'EL' || country === 'XI');
}
