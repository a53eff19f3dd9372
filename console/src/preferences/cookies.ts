/** What the server has to know before it writes the page: a year, on this console, and no secret. */
const yearSeconds = 31_536_000;

export function rememberPreference(name: 'certmux_language' | 'certmux_colours' | 'certmux_keys', value: string): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is only there on https
  document.cookie = `${name}=${value}; Path=/console/; Max-Age=${yearSeconds}; SameSite=Strict${secure}`;
}
