/** Bad manners of a CA at the calls that place and read an order. */
import { mannersSuite } from './manners-suite.ts';

mannersSuite('newOrder');
mannersSuite('order');
