/** Every dialect. Adding one is its folder and its line here. */
import { acme } from './acme/index.ts';
import { digicert } from './digicert/index.ts';
import { encryption365 } from './encryption365/index.ts';
import { httpsok } from './httpsok/index.ts';
import type { ApiDialect } from './kit/api-dialect.ts';
import { native } from './native/index.ts';
import { racent } from './racent/index.ts';
import { wosign } from './wosign/index.ts';

export const dialects: readonly ApiDialect[] = [native, encryption365, wosign, httpsok, digicert, racent, acme];
