/** Units a load may come in; those with an h or 时 are energy per interval. 万千瓦 are 10,000 kW. */
export const loadUnits = [
  'W',
  'kW',
  'MW',
  'GW',
  'TW',
  'Wh',
  'kWh',
  'MWh',
  'GWh',
  'TWh',
  '万千瓦',
  '万千瓦时',
] as const;
export type LoadUnit = (typeof loadUnits)[number];

/** MW, or MWh, of one unit. */
const sizes: Readonly<Record<LoadUnit, number>> = {
  W: 1e-6,
  kW: 1e-3,
  MW: 1,
  GW: 1e3,
  TW: 1e6,
  Wh: 1e-6,
  kWh: 1e-3,
  MWh: 1,
  GWh: 1e3,
  TWh: 1e6,
  万千瓦: 10,
  万千瓦时: 10,
};

/** Other ways to write a unit, in lower case. */
const otherNames: Readonly<Record<string, LoadUnit>> = {
  万kw: '万千瓦',
  万kwh: '万千瓦时',
  千瓦: 'kW',
  千瓦时: 'kWh',
  兆瓦: 'MW',
  兆瓦时: 'MWh',
  吉瓦: 'GW',
  吉瓦时: 'GWh',
  watt: 'W',
  watts: 'W',
  kilowatt: 'kW',
  kilowatts: 'kW',
  megawatt: 'MW',
  megawatts: 'MW',
  megawatthours: 'MWh',
  gigawatt: 'GW',
  gigawatts: 'GW',
};

const unitsByName = new Map<string, LoadUnit>([
  ...loadUnits.map((unit) => [unit.toLowerCase(), unit] as const),
  ...Object.entries(otherNames),
]);
/** Longest first: 万千瓦时 ends as 瓦时 does not, but 千瓦 is the end of 万千瓦. */
const endings = [...unitsByName.keys()]
  .filter((name) => /\p{Script=Han}/u.test(name))
  .sort((a, b) => b.length - a.length);

/** The unit that a word is, or, in Chinese, ends with; null if it is none. */
export function unitOfWord(word: string): LoadUnit | null {
  const lower = word.toLowerCase();
  const ending = endings.find((name) => lower.endsWith(name)) ?? '';
  return unitsByName.get(lower) ?? unitsByName.get(ending) ?? null;
}

/**
 * Mean power of an interval.
 * @param value in `unit`
 * @param intervalHours length of the interval, which turns energy into power
 * @returns MW
 */
export function toMw(value: number, unit: LoadUnit, intervalHours: number): number {
  const size = sizes[unit];
  // Divided where that is exact: 123 kW are the double nearest to 0.123 MW.
  const inMw = size < 1 ? value / Math.round(1 / size) : value * size;
  return /[h时]$/.test(unit) ? inMw / intervalHours : inMw;
}
