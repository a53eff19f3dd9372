/** Server platforms: what a customer says the certificate is for. The vendor's table is not known whole; any number is taken. */

export const otherPlatform = -1;

const names: Readonly<Record<number, string>> = {
  [otherPlatform]: 'OTHER',
  2: 'Apache',
  14: 'Microsoft IIS 5 or 6',
  31: 'nginx',
  40: 'Microsoft IIS 7',
  45: 'nginx',
  55: 'Java',
  57: 'Other',
  67: 'Microsoft IIS 8',
  68: 'Microsoft Exchange Server 2013',
};

export interface WirePlatform {
  readonly id: number;
  readonly name: string;
  readonly install_url: string;
  readonly csr_url: string;
}

export function platformToWire(id: number = otherPlatform): WirePlatform {
  return {
    id,
    name: names[id] ?? 'OTHER',
    install_url: 'http://www.digicert.com/SSL-certificate-installation.htm',
    csr_url: 'http://www.digicert.com/csr-creation.htm',
  };
}

/** Platforms of Windows, which take one PKCS#7 file. */
const windows = new Set([14, 40, 67, 68]);

export function takesPkcs7(id: number | undefined): boolean {
  return id !== undefined && windows.has(id);
}

/** `server_platforms` of products. */
export function platformsToWire(): readonly WirePlatform[] {
  return Object.keys(names)
    .map(Number)
    .sort((a, b) => a - b)
    .map(platformToWire);
}
