/**
 * `/console/`: the console's page and its files. Open to anyone, like a sign-in page: nothing in it comes from the database, and what it shows it
 * gets from the native API. Every address below that is no file is the same page, whose script reads the address.
 */
import type { Channel, DialectServer } from '../../domain/ports/dialect.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import { requestPath } from '../../domain/request-path.ts';
import { documentHeaders } from '../document-headers.ts';
import { fileResponse } from './file-response.ts';
import { consolePage, consolePath } from './page.ts';
import { preferencesOf } from './preferences.ts';
import type { BuiltConsole, ConsoleSource } from './state.ts';
import { retrySeconds, waitingPage, waitingStyleHash } from './waiting-page.ts';

/** The paths of its mount. */
export const consolePaths = ['/console', consolePath] as const;

const nonceBytes = 16;
const vary = 'Accept-Language, Cookie';
/** Where the build puts what never changes under its name. */
const assetsFolder = 'assets/';

export interface ConsoleOptions {
  readonly source: ConsoleSource;
  readonly random: Randomness;
}

export function createConsole({ source, random }: ConsoleOptions): DialectServer {
  function page(request: Request, built: BuiltConsole, channel: Channel | undefined): Response {
    const nonce = Buffer.from(random.bytes(nonceBytes)).toString('base64');
    const headers = documentHeaders({
      style: `'nonce-${nonce}'`,
      sendsForms: true,
      isApplication: true,
      channel,
      cacheControl: 'no-store',
      vary,
    });
    return answer(request, consolePage(built.entry, preferencesOf(request), nonce), { status: 200, headers });
  }

  function waiting(request: Request, failure: string | undefined, channel: Channel | undefined): Response {
    const preferences = preferencesOf(request);
    const headers = documentHeaders({
      style: waitingStyleHash(preferences),
      channel,
      cacheControl: 'no-store',
      vary,
    });
    return answer(request, waitingPage(preferences, failure), {
      status: 503,
      headers: { ...headers, 'Retry-After': String(retrySeconds) },
    });
  }

  return {
    async fetch(request, { channel }) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
      const path = requestPath(request.url);
      if (!path.startsWith(consolePath)) return new Response(null, { status: 308, headers: { Location: consolePath } });
      const state = await source.state();
      const name = path.slice(consolePath.length);
      if (state.phase !== 'ready') {
        return name.startsWith(assetsFolder)
          ? noFile()
          : waiting(request, state.phase === 'failed' ? state.reason : undefined, channel);
      }
      // Looked up in what was built, never on the disk: there is no path that leads out of it.
      const file = state.built.files.get(name);
      if (file !== undefined) return fileResponse(request, file, { isImmutable: name.startsWith(assetsFolder) });
      return name.startsWith(assetsFolder) ? noFile() : page(request, state.built, channel);
    },
  };
}

function answer(
  { method }: Request,
  html: string,
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Response {
  const all = { ...headers, 'Content-Length': String(Buffer.byteLength(html)) };
  return new Response(method === 'HEAD' ? null : html, { status, headers: all });
}

/** Of an older build: its page is still open somewhere, and asks for a part that is no more. */
function noFile(): Response {
  return new Response('certmux: the console has no such file\n', {
    status: 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}
