/**
 * Server software by the vendor's numbers. Its whole table is not known: these are the ones that clients send. Any number is
 * taken and told again; one that is not here is shown as other software (docs/divergences/digicert.md).
 */
export interface ServerPlatform {
  readonly id: number;
  readonly name: string;
  readonly install_url: string;
  readonly csr_url: string;
}

const urls = {
  install_url: 'http://www.digicert.com/SSL-certificate-installation.htm',
  csr_url: 'http://www.digicert.com/csr-creation.htm',
} as const;

export const serverPlatforms: readonly ServerPlatform[] = (
  [
    [-1, 'OTHER'],
    [2, 'Apache'],
    [14, 'Microsoft IIS 5 or 6'],
    [31, 'nginx'],
    [40, 'Microsoft IIS 7'],
    [45, 'nginx'],
    [55, 'Java'],
    [57, 'Other'],
    [67, 'Microsoft IIS 8'],
    [68, 'Microsoft Exchange Server 2013'],
  ] as const
).map(([id, name]) => ({ id, name, ...urls }));

export const otherPlatform = -1;

export function serverPlatformOf(id: number = otherPlatform): ServerPlatform {
  const known = serverPlatforms.find((platform) => platform.id === id);
  return known ?? { id, name: 'OTHER', ...urls };
}
