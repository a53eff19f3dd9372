/** Which language a request's messages are in. */
export { acceptedLanguage } from '../../domain/language.ts';
