/** The section `aliasZone` of the configuration. */
import { z } from 'zod';
import { isInRanges } from '../domain/address-range.ts';
import { CertError } from '../domain/errors.ts';
import { parseIdentifier } from '../domain/identifier.ts';
import { isMailbox } from '../domain/mailbox.ts';
import { asOneText } from '../domain/two-languages.ts';
import { settingWords } from './setting-words.ts';

/** Leaves room in 253 characters for the label of a customer. */
const longestZone = 180;

const zoneName = z
  .string()
  .refine(isDnsName, settingWords.dnsName)
  .refine(
    (text) => text.length <= longestZone,
    asOneText({ en: `must have at most ${longestZone} characters`, zh: `至多 ${longestZone} 个字符` }),
  );

const nameServer = z.strictObject({
  name: z
    .string()
    .refine(isDnsName, settingWords.nameServerName)
    .describe('Required: its name, as the parent zone has it in the NS record.'),
  addresses: z
    .array(z.string().refine(isAddress, settingWords.ipAddress))
    .max(8)
    .default([])
    .describe(
      'Public addresses of a name in the zone, which its parent zone has as glue. None where the name is in another zone, which has them.',
    ),
});

const caaRecord = z.strictObject({
  flags: z.int().min(0).max(255).default(0).describe('128: a CA that does not know the tag must not issue.'),
  tag: z
    .string()
    .regex(/^[a-z0-9]{1,15}$/i, settingWords.caaTag)
    .describe('Required: `issue`, `issuewild`, `iodef` or another one.'),
  value: z
    .string()
    .regex(/^[\x20-\x7e]{0,255}$/, settingWords.caaValue)
    .describe('Required: for `issue` the domain of a CA, like `letsencrypt.org`.'),
});

export const aliasZone = z
  .strictObject({
    zone: zoneName.describe(
      'Required: the name of the zone, below a domain of yours. Its parent zone must delegate it to the name servers below, without a DS record.',
    ),
    listen: z
      .array(z.string().refine(isListenEndpoint, settingWords.dnsEndpoint))
      .min(1)
      .default(['0.0.0.0:53'])
      .describe(
        'Where to answer DNS queries, each for UDP and TCP. On a machine with several addresses list those that the name servers have, since answers over UDP to 0.0.0.0 leave from whichever address the system picks.',
      ),
    nameServers: z
      .array(nameServer)
      .min(1)
      .max(13)
      .describe(
        'Required: the name servers that the parent zone names: every node that answers, or what stands before them.',
      ),
    contact: z
      .string()
      .refine(isContact, settingWords.zoneContact)
      .describe('Required: whom others write to about the zone. It is public, in the SOA record.'),
    caa: z
      .array(caaRecord)
      .max(20)
      .default([])
      .describe(
        'CAA records of the zone itself, where certificates for names in it are to come from some CAs only. They say nothing about names of customers.',
      ),
    ttlSeconds: z
      .int()
      .min(1)
      .max(60)
      .default(10)
      .describe('How long resolvers may keep a TXT record, or that there is none.'),
  })
  .describe(
    'A DNS server of our own for one zone, into which customers delegate `_acme-challenge` of their names by CNAME: then upstream CAs find there what they look for. Every node with this section answers. Off without it. See docs/alias-zone.md.',
  );

export type AliasZoneSection = z.infer<typeof aliasZone>;

function isDnsName(text: string): boolean {
  try {
    return parseIdentifier(text, 'name').kind === 'dns';
  } catch (thrown) {
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}

function isAddress(text: string): boolean {
  return isInRanges(text, ['0.0.0.0/0', '::/0']);
}

/** Port 0: any that is free. */
function isListenEndpoint(text: string): boolean {
  const [, v6, v4, port = ''] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const isHost = isInRanges(v6 ?? '', ['::/0']) || isInRanges(v4 ?? '', ['0.0.0.0/0']);
  return isHost && Number(port) <= 65_535;
}

/** In the SOA record what is before the @ is one label (RFC 1035 §8), and what is behind it a name. */
function isContact(text: string): boolean {
  const [local = '', domain = ''] = text.split('@');
  return isMailbox(text) && /^[\x21-\x7e]{1,63}$/.test(local) && isDnsName(domain);
}
