/** Columns of the calendar that hold what somebody has listed: inputs only of a network that has seen such days. */
export const listedDays = ['bridge', 'school', 'shutdown'] as const;
export type ListedDays = (typeof listedDays)[number];

/** Inputs of the network besides those of its recipe. */
export interface AddedInputs {
  readonly listed: readonly ListedDays[];
  /** names of further inputs of the series */
  readonly extras: readonly string[];
  /** whether the network reads what the additive model says; absent = no */
  readonly isStacked?: boolean;
}

export const nothingAdded: AddedInputs = { listed: [], extras: [] };

/** How many of them encoder and decoder share. */
export function countAdded({ listed, extras }: AddedInputs): number {
  return listed.length + extras.length;
}

/** One input of the network: the name that is stored with a model, and what it is. */
export interface LstmFeature {
  readonly name: string;
  readonly meaning: string;
}

export interface LstmFeatures<T = LstmFeature> {
  readonly encoder: readonly T[];
  readonly decoder: readonly T[];
}

const loadZ = 'log of the load in MW, as a z-score';
const temperatureZ = 'temperature in °C, as a z-score';

const holidayMeaning =
  '1 on a public holiday, else 0; its share where only a part of the area has it';

const temperatures = features([
  ['temperatureZ', temperatureZ],
  ['temperature24hZ', `${temperatureZ}, mean of this hour and the 23 before`],
  ['temperature72hZ', `${temperatureZ}, mean of this hour and the 71 before`],
]);

const hours = features([
  ['hourSin', 'sine of the local hour, one turn a day'],
  ['hourCos', 'cosine of the local hour, one turn a day'],
]);

const weekdayMeaning = '1 on this local weekday, or one of a weekend worked like it, else 0';

const calendar = features([
  ['halfDaySin', 'sine of the local hour, two turns a day'],
  ['halfDayCos', 'cosine of the local hour, two turns a day'],
  ['monday', weekdayMeaning],
  ['tuesday', weekdayMeaning],
  ['wednesday', weekdayMeaning],
  ['thursday', weekdayMeaning],
  ['friday', weekdayMeaning],
  ['saturday', weekdayMeaning],
  ['sunday', weekdayMeaning],
  ['holiday', holidayMeaning],
  ['dayBeforeHoliday', '1 on the day before a public holiday, else 0'],
  ['dayAfterHoliday', '1 on the day after a public holiday, else 0'],
  ['yearEnd', '1 from 24 December to 5 January, else 0'],
]);

const lags = features([
  ['lead', 'place in the horizon, from 0 in its first hour to 1 in its last, h / 71'],
  ['load1dZ', `${loadZ}, same hour of the last day before the forecast`],
  ['load2dZ', `${loadZ}, same hour of the second last day`],
  ['load3dZ', `${loadZ}, same hour of the third last day`],
  ['load1wZ', `${loadZ}, 168 h earlier`],
  ['load7dMeanZ', `${loadZ}, mean of the same hour of the last seven days`],
]);

const temperatureLags = features([
  ['temperature1dZ', `${temperatureZ}, same hour of the last day before the forecast`],
  ['temperature1wZ', `${temperatureZ}, 168 h earlier`],
]);

const levels = features([
  ['load24hMeanZ', `${loadZ}, mean of the last 24 h before the forecast`],
  ['load168hMeanZ', `${loadZ}, mean of the last 168 h before the forecast`],
  ['loadLastZ', `${loadZ}, last hour before the forecast`],
]);

const missMeaning =
  'what the additive model missed the load by, as a share of the standard deviation, from −6 to 6';

const baseFeatures = features([
  ['baseZ', `${loadZ}, forecast of the additive model`],
  ['missWeightedZ', `${missMeaning}, weighted mean of the same hour of the last seven days`],
  ['miss1dZ', `${missMeaning}, same hour of the last day before the forecast`],
  ['miss7dZ', `${missMeaning}, same hour of the seventh last day`],
  ['miss24hMeanZ', `${missMeaning}, mean of the last 24 h`],
  ['miss168hMeanZ', `${missMeaning}, mean of the last 168 h`],
]);

const listedFeatures: Readonly<Record<ListedDays, LstmFeature>> = {
  bridge: { name: 'bridge', meaning: 'share of the area with a bridge day, 0–1' },
  school: { name: 'school', meaning: 'share of the area with a school break, 0–1' },
  shutdown: { name: 'shutdown', meaning: 'share of the load that is shut down, 0–1' },
};

function extraFeature(name: string): LstmFeature {
  return { name: `extra:${name}`, meaning: `"${name}" in its own unit, as a z-score from −6 to 6` };
}

/** The inputs of the network in the order in which `lstmColumns` and `fillSample` write them. */
export function lstmFeatures(
  hasTemperature: boolean,
  { listed, extras, isStacked = false }: AddedInputs = nothingAdded,
): LstmFeatures {
  const weather = hasTemperature ? temperatures : [];
  const added = [...listed.map((name) => listedFeatures[name]), ...extras.map(extraFeature)];
  return {
    encoder: [
      { name: 'loadZ', meaning: loadZ },
      ...weather,
      ...hours,
      { name: 'weekend', meaning: '1 on a Saturday and Sunday that is not worked, else 0' },
      { name: 'holiday', meaning: holidayMeaning },
      ...added,
      ...(isStacked ? [{ name: 'missZ', meaning: missMeaning }] : []),
    ],
    decoder: [
      ...weather,
      ...hours,
      ...calendar,
      ...added,
      ...lags,
      ...(hasTemperature ? temperatureLags : []),
      ...levels,
      ...(isStacked ? baseFeatures : []),
    ],
  };
}

export function lstmFeatureNames(
  hasTemperature: boolean,
  added: AddedInputs = nothingAdded,
): LstmFeatures<string> {
  const { encoder, decoder } = lstmFeatures(hasTemperature, added);
  return { encoder: encoder.map(({ name }) => name), decoder: decoder.map(({ name }) => name) };
}

function features(all: readonly (readonly [name: string, meaning: string])[]): LstmFeature[] {
  return all.map(([name, meaning]) => ({ name, meaning }));
}
