/** A DNS record in the forms that people paste: a line of a zone file, and the fields of the panels that most of them use. */

export interface ShownRecord {
  readonly type: 'CNAME' | 'TXT';
  /** Absolute, without a trailing dot. */
  readonly host: string;
  readonly value: string;
}

/** One form: the panel, and what goes into which of its fields, by the panel's own words. */
export interface RecordForm {
  readonly title: string;
  readonly fields: readonly (readonly [field: string, value: string])[];
}

/** The host without the domain, as panels want it; `@` for the domain itself. */
export function relativeHost(host: string, domain: string): string {
  if (host === domain) return '@';
  return host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host;
}

/** The line of a zone file (RFC 1035 §5.1), with absolute names, so that it holds in whatever file it stands. */
export function zoneLine({ type, host, value }: ShownRecord): string {
  return `${host}. 300 IN ${type} ${type === 'CNAME' ? `${value}.` : zoneText(value)}`;
}

/** At most 255 bytes a string (RFC 1035 §3.3.14). */
const stringBytes = 255;

function zoneText(value: string): string {
  const parts: string[] = [];
  for (let from = 0; from < value.length; from += stringBytes) parts.push(value.slice(from, from + stringBytes));
  return parts.map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ');
}

/** Panels of Cloudflare, Aliyun DNS and DNSPod, by the words that stand there. */
export function recordForms(record: ShownRecord, domain: string): readonly RecordForm[] {
  const { type, value } = record;
  const host = relativeHost(record.host, domain);
  return [
    {
      title: 'Cloudflare',
      fields: [
        ['Type', type],
        ['Name', host],
        [type === 'CNAME' ? 'Target' : 'Content', value],
        // A proxied record answers with addresses of Cloudflare's own instead of the CNAME.
        ...(type === 'CNAME' ? [['Proxy status', 'DNS only'] as const] : []),
      ],
    },
    {
      title: 'Aliyun 云解析',
      fields: [
        ['记录类型', type],
        ['主机记录', host],
        ['记录值', value],
      ],
    },
    {
      title: 'DNSPod',
      fields: [
        ['主机记录', host],
        ['记录类型', type],
        // With the dot, as DNSPod completes it itself.
        ['记录值', type === 'CNAME' ? `${value}.` : value],
      ],
    },
  ];
}
