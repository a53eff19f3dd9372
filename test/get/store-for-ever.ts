/** Stores pairs of key and certificate until it is killed, a letter on standard output for each. */
import { openCertificateFolder } from '../../src/get/certificate-folder.ts';

const folder = await openCertificateFolder(process.argv[2] ?? '', 'killed.example');
if (folder === 'locked') throw new Error('locked');
for (let number = Date.now(); ; number++) {
  const pair = {
    'key.pem': `key ${number}`,
    'cert.pem': `certificate ${number}`,
    'chain.pem': '',
    'fullchain.pem': '',
  };
  const about = { names: [], product: 'p', keyType: 'ec256', order: 1, certificate: number } as const;
  await folder.store(pair, about, new Date());
  process.stdout.write('.');
}
