/** Mantine's memory of light and dark: the cookie, which the server reads into the page, instead of the browser's storage. */
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { rememberPreference } from './cookies.ts';

export type Scheme = 'light' | 'dark' | 'system';

export function currentScheme(): Scheme {
  const { scheme } = document.documentElement.dataset;
  return scheme === 'light' || scheme === 'dark' ? scheme : 'system';
}

const toMantine = { light: 'light', dark: 'dark', system: 'auto' } as const satisfies Record<
  Scheme,
  MantineColorScheme
>;

export function schemeOf(scheme: MantineColorScheme): Scheme {
  return scheme === 'auto' ? 'system' : scheme;
}

export function mantineScheme(scheme: Scheme): MantineColorScheme {
  return toMantine[scheme];
}

export const schemeManager: MantineColorSchemeManager = {
  get: () => mantineScheme(currentScheme()),
  set(value) {
    const scheme = schemeOf(value);
    document.documentElement.dataset.scheme = scheme;
    document
      .querySelector('meta[name="color-scheme"]')
      ?.setAttribute('content', scheme === 'system' ? 'light dark' : scheme);
    rememberPreference('certmux_colours', scheme);
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};
