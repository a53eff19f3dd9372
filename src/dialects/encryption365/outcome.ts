/** Which of the two marks of a reply says what: documents and clients disagree (contract 1), and real servers on the type. */
import { looseText } from '../kit/loose.ts';

type Reply = Readonly<Record<string, unknown>>;

const successWords = ['success', 'ok', 'true', '1'];
/** No 0: to as many servers it is the code of a success, and the number of the order tells. */
const errorWords = ['error', 'fail', 'failed', 'failure', 'false'];

/** After a sign-in `status` is the device's, such as `active`: there only the documented word is an error. */
export function saysError({ result, status }: Reply): boolean {
  return errorWords.includes(wordOf(result)) || wordOf(status) === 'error';
}

/** One of the two must say so: `{}` is what a broken server answers. */
export function saysSuccess({ result, status }: Reply): boolean {
  return successWords.includes(wordOf(result)) || (wordOf(result) === '' && successWords.includes(wordOf(status)));
}

function wordOf(value: unknown): string {
  return typeof value === 'boolean' ? String(value) : (looseText(value) ?? '').toLowerCase();
}
