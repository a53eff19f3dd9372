/**
 * A browser that complains: of requests to other origins, of what the content security policy had to stop, of errors that the page writes, of
 * exceptions. A test that expects one says so.
 */
import assert from 'node:assert/strict';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export interface Look {
  readonly language: 'en' | 'zh';
  readonly scheme: 'light' | 'dark';
  readonly width: 390 | 1280;
}

export const looks: readonly Look[] = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((scheme) =>
    ([1280, 390] as const).map((width): Look => ({ language, scheme, width })),
  ),
);

export const english: Look = { language: 'en', scheme: 'light', width: 1280 };

export function nameOf({ language, scheme, width }: Look): string {
  return `${language}, ${scheme}, ${width} px`;
}

/** Runs in the page. */
const reportsViolations = `document.addEventListener('securitypolicyviolation', (event) =>
  window.reportViolation([event.violatedDirective, event.blockedURI, event.sample].join(' ')));`;

export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of so far is right, if it fits. */
  expect(complaint: RegExp): void;
  /** Fails on any other complaint, and closes the window. */
  close(): Promise<void>;
}

export const heights = { 390: 844, 1280: 800 } as const;
/** The browser writes that a call was refused, whatever the page makes of it: somebody who is not signed in asks who they are. */
const refusedCall = /Failed to load resource: the server responded with a status of 401/;

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM;
  if (executablePath === undefined) throw new Error('run these tests by npm run test:console, which brings a browser');
  // Tests run as root in containers, where Chromium's own sandbox cannot be.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A worker that says nothing, in place of the one that has a request open for as long as there is a page. */
const hasNoStream = `window.SharedWorker = class { port = new MessageChannel().port1; };`;

/** What the browser is beside how it looks. */
export interface Setting {
  readonly isLive: boolean;
  /** Its time zone, such as `Asia/Shanghai`; that of the machine by default. */
  readonly zone?: string | undefined;
}

export async function openPage(
  browser: Browser,
  origin: string,
  look: Look,
  { isLive, zone }: Setting,
): Promise<WatchedPage> {
  const { language, scheme, width } = look;
  const context = await browser.newContext({
    viewport: { width, height: heights[width] },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: scheme,
    reducedMotion: 'reduce',
    ...(zone === undefined ? {} : { timezoneId: zone }),
  });
  // A busy machine takes its time.
  context.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  const expected: RegExp[] = [refusedCall];
  await context.exposeFunction('reportViolation', (text: string) => complaints.push(`CSP: ${text}`));
  await context.addInitScript({ content: reportsViolations });
  if (!isLive) await context.addInitScript({ content: hasNoStream });
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`foreign request: ${url}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  return {
    page,
    context,
    expect: (complaint) => void expected.push(complaint),
    async close() {
      await context.close();
      assert.deepEqual(
        complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
        [],
        nameOf(look),
      );
    },
  };
}
