/** What the programs of ACME clients share: where the directory is, the key, a client's command, and what came of it. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { keys, need, stage } from './stage.mjs';

export const { directoryUrl, kid, hmacKey } = keys.acme;
export const {
  CLIENT: client,
  STAGE_ADDRESS: address,
  STAGE_HTTP_PORT: httpPort,
  STAGE_HTTPS_PORT: httpsPort,
  STAGE_ROOTS: roots,
} = process.env;

/** Every name below is at `address`, where the client itself may answer. */
export const nameOf = (label) => `${label}.acme.clients.example.com`;

const limitMs = 120_000;

/** Runs a command to its end and answers what it printed. */
export async function run(file, args, env = {}) {
  try {
    const options = { env: { ...process.env, ...env }, timeout: limitMs, maxBuffer: 16 << 20 };
    const { stdout, stderr } = await promisify(execFile)(file, args, options);
    return stdout + stderr;
  } catch ({ code, stdout = '', stderr = '', message }) {
    throw new Error(`${file} ended with ${code}: ${stdout}${stderr}` || message);
  }
}

/** The certificate of a file, once it is for these names and nothing else, and leads to one of the CA's roots. */
export function needCertificate(file, names) {
  const bundle = certificatesIn(readFileSync(file, 'utf8'));
  const [leaf] = bundle;
  const found = (leaf?.subjectAltName ?? '').split(', ').toSorted();
  need(String(found) === String(names.map((name) => `DNS:${name}`).toSorted()), `${file} is for ${found}`);
  const issuers = [...bundle.slice(1), ...certificatesIn(readFileSync(roots, 'utf8'))];
  for (let at = leaf, steps = 0; !at.checkIssued(at); steps++) {
    const issuer = issuers.find((one) => at.checkIssued(one) && at.verify(one.publicKey));
    need(issuer !== undefined && steps < 4, `${file} leads to a root`);
    at = issuer;
  }
  return leaf;
}

/** Fails unless the server knows the certificate as revoked. */
export async function needRevoked({ serialNumber }) {
  const state = await stage('/state', { serial: serialNumber });
  need(state === 'revoked', `the certificate is ${state}`);
}

export const placeText = (name, value) => stage('/txt', { name, value });

function certificatesIn(text) {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
