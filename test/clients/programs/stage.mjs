/** What the programs in JavaScript share: where the server is, keys, and what a customer places. */
const { CERTMUX_URL: url = '', CERTMUX_KEYS: keysText = '{}', STAGE_URL: stageUrl = '' } = process.env;

export const serverUrl = url;
export const keys = JSON.parse(keysText);

export async function stage(path, fields) {
  const response = await fetch(`${stageUrl}${path}?${new URLSearchParams(fields)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

export const csrFor = (name) => stage('/csr', { name });
export const placeRecord = (name, type, value) => stage('/dns', { name, type, value });
export const placeFile = (host, path, content) => stage('/web', { host, path, content });

/** Tells the person who reads the report what was done. */
export function did(what) {
  console.log(`- ${what}`);
}

export function need(condition, what) {
  if (!condition) throw new Error(what);
}

export function needPem(text, what) {
  need(
    String(text).startsWith('-----BEGIN CERTIFICATE-----\n'),
    `${what} is a certificate, not ${String(text).slice(0, 80)}`,
  );
}

/** Asks again until the answer is there; a client would sleep for longer. */
export async function poll(ask, isDone, what) {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain until ${what}`);
}
