/** The real server on loopback with the console as it was built, its operator, and a browser. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createConsoleSource } from '../../../src/boot/console/source.ts';
import { createNativeClient, type NativeClient } from '../../../src/dialects/native/client.ts';
import { createClock } from '../../../src/system/index.ts';
import { startWorld, type World } from '../../support/world.ts';
import { english, type Look, launchBrowser, openPage, type WatchedPage } from './browser.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface Way {
  /** Another way to the server, such as a proxy. */
  readonly origin?: string;
  /** It follows the stream of changes. Without it the page asks by itself, and comes to rest when it has what it shows. */
  readonly isLive?: boolean;
  /** The time zone of the browser; that of the machine by default. */
  readonly zone?: string;
}

export interface ConsoleWorld {
  readonly world: World;
  readonly operator: { readonly username: string; readonly password: string };
  /** Of the operator, by their token. */
  readonly client: NativeClient;
  open(look?: Look, way?: Way): Promise<WatchedPage>;
  /** Opens a page of the console (`orders`), and signs in there. */
  signIn(page: Page, path?: string, origin?: string): Promise<void>;
  close(): Promise<void>;
}

/** @param settings beside those that keep it on loopback */
export async function startConsoleWorld(settings: Readonly<Record<string, unknown>> = {}): Promise<ConsoleWorld> {
  const place = { kind: 'source', root, program: join(root, 'console', 'build', 'build.ts') } as const;
  const source = createConsoleSource({ place, clock: createClock() });
  const world = await startWorld(settings, { console: source });
  const browser: Browser = await launchBrowser();
  const { firstOperator } = world.certmux;
  if (firstOperator === undefined) throw new Error('the server had been started before');
  const { username, password } = firstOperator;
  return {
    world,
    operator: { username, password },
    client: createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) }),
    open: (look = english, { origin = world.url, isLive = false, zone } = {}) =>
      openPage(browser, origin, look, { isLive, zone }),
    async signIn(page, path = '', origin = world.url) {
      await page.goto(`${origin}/console/${path}`);
      await page.fill('input[name=username]', username);
      await page.fill('input[name=password]', password);
      await page.click('button[type=submit]');
      await page.waitForSelector('#content h1');
    },
    async close() {
      await browser.close();
      await world.close();
      source.stop();
    },
  };
}
