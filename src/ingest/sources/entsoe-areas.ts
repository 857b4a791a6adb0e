import { LoadcastError } from '../../core/errors.js';

/** Energy identification codes (EIC) of the countries, control areas and bidding zones that report load to ENTSO-E. */
export const entsoeAreas: Readonly<Record<string, string>> = {
  AL: '10YAL-KESH-----5',
  AT: '10YAT-APG------L',
  BA: '10YBA-JPCC-----D',
  BE: '10YBE----------2',
  BG: '10YCA-BULGARIA-R',
  CH: '10YCH-SWISSGRIDZ',
  CY: '10YCY-1001A0003J',
  CZ: '10YCZ-CEPS-----N',
  DE: '10Y1001A1001A83F',
  DE_50HERTZ: '10YDE-VE-------2',
  DE_AMPRION: '10YDE-RWENET---I',
  DE_LU: '10Y1001A1001A82H',
  DE_TENNET: '10YDE-EON------1',
  DE_TRANSNETBW: '10YDE-ENBW-----N',
  DK: '10Y1001A1001A65H',
  DK1: '10YDK-1--------W',
  DK2: '10YDK-2--------M',
  EE: '10Y1001A1001A39I',
  ES: '10YES-REE------0',
  FI: '10YFI-1--------U',
  FR: '10YFR-RTE------C',
  GB: '10YGB----------A',
  GE: '10Y1001A1001B012',
  GR: '10YGR-HTSO-----Y',
  HR: '10YHR-HEP------M',
  HU: '10YHU-MAVIR----U',
  IE: '10YIE-1001A00010',
  IE_SEM: '10Y1001A1001A59C',
  IT: '10YIT-GRTN-----B',
  IT_CALABRIA: '10Y1001C--00096J',
  IT_CENTRE_NORTH: '10Y1001A1001A70O',
  IT_CENTRE_SOUTH: '10Y1001A1001A71M',
  IT_NORTH: '10Y1001A1001A73I',
  IT_SARDINIA: '10Y1001A1001A74G',
  IT_SICILY: '10Y1001A1001A75E',
  IT_SOUTH: '10Y1001A1001A788',
  LT: '10YLT-1001A0008Q',
  LU: '10YLU-CEGEDEL-NQ',
  LV: '10YLV-1001A00074',
  MD: '10Y1001A1001A990',
  ME: '10YCS-CG-TSO---S',
  MK: '10YMK-MEPSO----8',
  NL: '10YNL----------L',
  NO: '10YNO-0--------C',
  NO1: '10YNO-1--------2',
  NO2: '10YNO-2--------T',
  NO3: '10YNO-3--------J',
  NO4: '10YNO-4--------9',
  NO5: '10Y1001A1001A48H',
  PL: '10YPL-AREA-----S',
  PT: '10YPT-REN------W',
  RO: '10YRO-TEL------P',
  RS: '10YCS-SERBIATSOV',
  SE: '10YSE-1--------K',
  SE1: '10Y1001A1001A44P',
  SE2: '10Y1001A1001A45N',
  SE3: '10Y1001A1001A46L',
  SE4: '10Y1001A1001A47J',
  SI: '10YSI-ELES-----O',
  SK: '10YSK-SEPS-----K',
  UA: '10Y1001C--00003F',
  XK: '10Y1001C--00100H',
};

/**
 * The EIC of an area.
 * @param area a name of the table, such as `FR` or `DE_LU`, or an EIC itself
 * @throws {LoadcastError} INVALID_INPUT if it is neither
 */
export function eicOf(area: string): string {
  const code = entsoeAreas[area.toUpperCase()];
  if (code !== undefined) return code;
  if (isEic(area)) return area;
  throw new LoadcastError(
    'INVALID_INPUT',
    `"${area}" is no area of ENTSO-E; write an EIC of 16 characters or one of ${Object.keys(entsoeAreas).join(', ')}.`,
  );
}

const eicDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-';

/**
 * Whether the last of 16 characters is the check character of the others.
 * @see ENTSO-E, EIC Reference Manual, "Calculating the check character"
 */
export function isEic(code: string): boolean {
  if (!/^[0-9A-Z-]{15}[0-9A-Z]$/.test(code)) return false;
  const valueAt = (i: number): number => eicDigits.indexOf(code.charAt(i));
  let weighted = 0;
  for (let i = 0; i < 15; i++) weighted += valueAt(i) * (16 - i);
  return valueAt(15) === 36 - ((weighted + 36) % 37);
}
