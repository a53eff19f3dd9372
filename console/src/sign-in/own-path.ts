/** Where to go after signing in: only to pages of this console, whatever the address says. */

const base = '/console/';

/** The path within the console (`/orders/17?…`); `/` for anything that leads elsewhere. */
export function ownPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || /^\/[/\\]/.test(wanted)) return '/';
  const url = new URL(`${base}${wanted.slice(1)}`, window.location.origin);
  if (url.origin !== window.location.origin || !url.pathname.startsWith(base)) return '/';
  const path = `/${url.pathname.slice(base.length)}`;
  return path.startsWith('//') || path === '/sign-in' ? '/' : `${path}${url.search}`;
}
