/** Bad manners of a CA at the calls that prove names. */
import { mannersSuite } from './manners-suite.ts';

mannersSuite('authorization');
mannersSuite('respond');
