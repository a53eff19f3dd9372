/** Bad manners of a CA at finalize and download. */
import { mannersSuite } from './manners-suite.ts';

mannersSuite('finalize');
mannersSuite('certificate');
