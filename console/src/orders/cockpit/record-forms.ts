/**
 * One DNS record in the forms of those who host zones: the same record, in the fields that their pages have. Most want the host without the zone;
 * typed whole it would get the zone twice. BIND takes the full name, with a dot at its end.
 */
import type { Proof } from '../order-types.ts';

export const dnsForms = ['aliyun', 'cloudflare', 'dnspod', 'bind', 'other'] as const;
export type DnsForm = (typeof dnsForms)[number];

export interface DnsRecord {
  readonly type: 'TXT' | 'CNAME';
  /** The full name. */
  readonly host: string;
  readonly value: string;
  /** `host` within its zone; undefined: nobody knows the zone. */
  readonly relativeHost: string | undefined;
}

export type RecordField = 'host' | 'type' | 'value' | 'line' | 'proxy' | 'ttl';
export interface FormField {
  readonly field: RecordField;
  readonly value: string;
  /** What is chosen on their page, not typed. */
  readonly isChosen: boolean;
}

export function recordOf(proof: Proof): DnsRecord | null {
  if (proof.method !== 'dnsTxt' && proof.method !== 'dnsCname') return null;
  const { host, relativeHost } = proof;
  if (proof.method === 'dnsTxt') return { type: 'TXT', host, value: proof.value, relativeHost };
  return { type: 'CNAME', host, value: proof.target, relativeHost };
}

/** The form that whoever hosts the zone has, as far as it is one of these. */
export function formOf(proof: Proof): DnsForm {
  const known = 'dnsHost' in proof ? proof.dnsHost : null;
  return dnsForms.find((form) => form === known) ?? 'other';
}

const typed = (field: RecordField, value: string): FormField => ({ field, value, isChosen: false });
const chosen = (field: RecordField, value: string): FormField => ({ field, value, isChosen: true });

/** The fields in the order of their page. */
export function fieldsOf(form: DnsForm, record: DnsRecord): readonly FormField[] {
  const { type, value } = record;
  const host = hostWithin(record);
  switch (form) {
    case 'aliyun':
      return [chosen('type', type), typed('host', host), typed('value', value)];
    case 'dnspod':
      return [typed('host', host), chosen('type', type), chosen('line', 'default'), typed('value', value)];
    case 'cloudflare':
      return [
        chosen('type', type),
        typed('host', host),
        typed('value', value),
        ...(type === 'CNAME' ? [chosen('proxy', 'dnsOnly')] : []),
      ];
    case 'bind':
      return [typed('value', zoneLine(record))];
    case 'other':
      return [typed('host', record.host), chosen('type', type), typed('value', value)];
  }
}

/** `@` is the zone itself. */
function hostWithin({ host, relativeHost }: DnsRecord): string {
  if (relativeHost === undefined) return host;
  return relativeHost === '' ? '@' : relativeHost;
}

const ttlSeconds = 600;
/** RFC 1035 §3.3: a character-string has at most 255 octets; a longer text is several of them. */
const longestString = 255;

/** A line of a zone file (RFC 1035 §5.1). */
export function zoneLine({ type, host, value }: DnsRecord): string {
  return `${host}. ${ttlSeconds} IN ${type} ${type === 'TXT' ? quotedText(value) : `${value.replace(/\.$/, '')}.`}`;
}

function quotedText(value: string): string {
  const parts = value.match(new RegExp(`.{1,${longestString}}`, 'gsu')) ?? [''];
  return parts.map((part) => `"${part.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`).join(' ');
}
