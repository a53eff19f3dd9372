/** The setting that was probably meant by one that does not exist. */
import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { configSchema, dialectBase } from './schema.ts';

/** The part of JSON Schema that Zod makes of our schemas. */
interface Setting {
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly items?: Setting;
  readonly anyOf?: readonly Setting[];
  readonly oneOf?: readonly Setting[];
  /** Of a record: what its values are. */
  readonly additionalProperties?: Setting | boolean;
}

/** More places than these would not help. */
const mostPlaces = 3;

/**
 * Words to go on with, or nothing: a setting of the same section that is written nearly so, else those of other sections that have this name.
 * @param path of the setting that does not exist
 */
export function suggestionFor(path: readonly string[]): Phrase {
  const key = path.at(-1) ?? '';
  const known = [...childrenAt(wholeSchema(), path.slice(0, -1)).keys()];
  const nearest = nearestWord(key, known);
  if (nearest !== undefined) return didYouMean([[...path.slice(0, -1), nearest].join('.')]);
  const elsewhere = placesOf(key, wholeSchema(), []);
  if (elsewhere.length > 0 && elsewhere.length <= mostPlaces) return didYouMean(elsewhere);
  if (known.length === 0) return { en: '', zh: '' };
  const sorted = known.toSorted();
  return { en: `; there is ${sorted.join(', ')}`, zh: `，可用的有 ${sorted.join('、')}` };
}

function didYouMean(settings: readonly string[]): Phrase {
  return { en: `; did you mean ${settings.join(' or ')}?`, zh: `，是否为 ${settings.join(' 或 ')}？` };
}

function childrenAt(setting: Setting, path: readonly string[]): ReadonlyMap<string, Setting> {
  let places: readonly Setting[] = [setting];
  for (const name of path) {
    places = places.flatMap(alternatives).flatMap(({ properties = {}, items, additionalProperties: each }) => {
      return properties[name] ?? items ?? (typeof each === 'object' ? each : []);
    });
  }
  return new Map(places.flatMap(alternatives).flatMap(({ properties = {} }) => Object.entries(properties)));
}

/** Of a setting that may be written in several ways, each. */
function alternatives(setting: Setting): readonly Setting[] {
  const ways = setting.anyOf ?? setting.oneOf;
  return ways === undefined ? [setting] : ways.flatMap(alternatives);
}

function placesOf(key: string, setting: Setting, path: readonly string[]): readonly string[] {
  const found = alternatives(setting).flatMap(({ properties = {}, items }) => [
    ...Object.entries(properties).flatMap(([name, child]) => {
      const own = [...path, name];
      return [...(name.toLowerCase() === key.toLowerCase() ? [own.join('.')] : []), ...placesOf(key, child, own)];
    }),
    ...(items === undefined ? [] : placesOf(key, items, path)),
  ]);
  return [...new Set(found)];
}

let made: Setting | undefined;

/** Made once: a file may have many settings that do not exist. */
function wholeSchema(): Setting {
  made ??= makeWholeSchema();
  return made;
}

/** With the front doors' own settings, which the schema of the file leaves to them. */
function makeWholeSchema(): Setting {
  const schema: Setting = z.toJSONSchema(configSchema, { io: 'input' }) as Setting;
  const base: Setting = z.toJSONSchema(dialectBase, { io: 'input' }) as Setting;
  const doors = dialects.map(({ name, configSchema: own }) => {
    const { properties }: Setting = own.toJSONSchema({ io: 'input' });
    return [name, { properties: { ...base.properties, ...properties } }] as const;
  });
  return { properties: { ...schema.properties, dialects: { properties: Object.fromEntries(doors) } } };
}
