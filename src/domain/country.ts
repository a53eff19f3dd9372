/**
 * The countries that a subject may name: the officially assigned codes of ISO 3166-1 alpha-2, as of 2026-11-01. The last
 * changes were BQ, CW and SX for AN (2010) and SS (2011). Left out are what BR §7.1.4.2 does not allow: reserved codes
 * (UK, EU, SU), those that users may assign (AA, QM–QZ, XA–XZ, ZZ), and so XX, which BR §3.2.2.3 keeps for places
 * without a code and which nobody can verify.
 */
export const countryCodes: readonly string[] = [
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD',
  'CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF',
  'GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN',
  'KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA',
  'NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI',
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI',
  'VN VU WF WS YE YT ZA ZM ZW',
].flatMap((line) => line.split(' '));

const assigned: ReadonlySet<string> = new Set(countryCodes);

/** The code in capital letters; undefined for what is no country of the standard. */
export function countryOf(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return assigned.has(code) ? code : undefined;
}
