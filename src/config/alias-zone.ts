/** The alias zone as it is configured: what is wrong with it although each setting is right, and its settings as its server takes them. */
import { type AliasZoneSettings, isInZone } from '../domain/alias-zone.ts';
import { parseIdentifier } from '../domain/identifier.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import type { AliasZoneSection } from './alias-zone-schema.ts';

export interface AliasZoneConfig {
  readonly settings: AliasZoneSettings;
  /** Addresses with ports. */
  readonly listen: readonly string[];
}

/** @param section checked */
export function aliasZoneOf(section: AliasZoneSection): AliasZoneConfig {
  const { zone, nameServers, contact, caa, ttlSeconds, listen } = section;
  const servers = nameServers.map(({ name, addresses }) => ({
    name: canonical(name),
    addresses: addresses.map((address) => parseIdentifier(address, 'address').value),
  }));
  const [local = '', domain = ''] = contact.split('@');
  const settings = {
    zone: canonical(zone),
    nameServers: servers,
    contact: `${local}@${canonical(domain)}`,
    caa,
    ttlSeconds,
  };
  return { settings, listen };
}

export interface AliasZoneProblem {
  readonly path: readonly string[];
  readonly message: Phrase;
}

/** @param section each setting of it is right by itself */
export function aliasZoneProblems(section: AliasZoneSection): readonly AliasZoneProblem[] {
  const { settings, listen } = aliasZoneOf(section);
  const { zone, nameServers } = settings;
  const names = nameServers.map(({ name }) => name);
  const servers = nameServers.flatMap(({ name, addresses }, index) => {
    const path = ['aliasZone', 'nameServers', String(index)];
    if (names.indexOf(name) !== index) return [{ path, message: listedTwice(name) }];
    const isInside = isInZone(name, zone);
    if (isInside && addresses.length === 0) {
      return [
        {
          path,
          message: {
            en: `${name} is in the zone ${zone}, so nobody but this server knows its addresses: list them`,
            zh: `${name} 在区域 ${zone} 之内，其地址只有本服务器知道，请列出`,
          },
        },
      ];
    }
    if (isInside || addresses.length === 0) return [];
    const message = {
      en: `${name} is not in the zone ${zone}, so its addresses stand in another zone: leave them out here`,
      zh: `${name} 不在区域 ${zone} 之内，其地址由其他区域提供，请勿在此列出`,
    };
    return [{ path: [...path, 'addresses'], message }];
  });
  const places = listen.flatMap((place, index) => {
    if (listen.indexOf(place) === index || place.endsWith(':0')) return [];
    return [{ path: ['aliasZone', 'listen', String(index)], message: listedTwice(place) }];
  });
  return [...servers, ...places];
}

function listedTwice(what: string): Phrase {
  return { en: `${what} is listed twice`, zh: `${what} 重复列出` };
}

/** Lower case, without a trailing dot, as A-labels. */
function canonical(name: string): string {
  return parseIdentifier(name, 'name').value;
}
