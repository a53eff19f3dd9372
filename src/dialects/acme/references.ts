/** What the configuration of the directories names: accounts, products, and the profiles that it offers. */
import type { ConfiguredReferences } from '../../domain/ports/dialect.ts';
import { configSchema } from './config.ts';

export function references(config: unknown): ConfiguredReferences {
  const all = Object.entries(configSchema.parse(config ?? {}).directories);
  const of = <T>(each: (path: string, directory: (typeof all)[number][1]) => readonly T[]) =>
    all.flatMap(([name, directory]) => each(`directories.${name}`, directory));
  return {
    accounts: of((path, { open }) =>
      open === undefined ? [] : [{ setting: `${path}.open.account`, value: open.account }],
    ),
    products: of((path, { open, profiles }) => [
      ...(open === undefined ? [] : [{ setting: `${path}.open.product`, value: open.product }]),
      ...Object.entries(profiles).map(([name, { product }]) => ({
        setting: `${path}.profiles.${name}.product`,
        value: product,
      })),
    ]),
    profiles: of((_, { profiles }) => Object.keys(profiles)),
    caaDomains: of((_, { caaIdentities }) => caaIdentities),
  };
}
