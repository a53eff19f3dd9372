/** The picture that the catalogue names beside each product. Its path is the vendor's; the picture is ours. */
export const logoPath = '/encryption365/static/img/logo-encryption365.svg';

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40" role="img" aria-label="certmux">
<path d="M20 4 34 9v11c0 8-6 13-14 16C12 33 6 28 6 20V9z" fill="#1f6feb"/>
<path d="m13 20 5 5 9-10" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>
<text x="42" y="26" font-family="system-ui, sans-serif" font-size="18" font-weight="600" fill="#1f2328">certmux</text>
</svg>
`;

/** @returns undefined: it is another request */
export function logoReply({ url, method }: Request): Response | undefined {
  if (new URL(url).pathname !== logoPath || (method !== 'GET' && method !== 'HEAD')) return undefined;
  return new Response(method === 'HEAD' ? null : picture, {
    headers: {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
      'x-content-type-options': 'nosniff',
    },
  });
}
