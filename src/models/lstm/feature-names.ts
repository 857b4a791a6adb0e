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

const temperatures = features([
  ['temperatureZ', temperatureZ],
  ['temperature24hZ', `${temperatureZ}, mean of this hour and the 23 before`],
  ['temperature72hZ', `${temperatureZ}, mean of this hour and the 71 before`],
]);

const hours = features([
  ['hourSin', 'sine of the local hour, one turn a day'],
  ['hourCos', 'cosine of the local hour, one turn a day'],
]);

const calendar = features([
  ['halfDaySin', 'sine of the local hour, two turns a day'],
  ['halfDayCos', 'cosine of the local hour, two turns a day'],
  ['monday', '1 on this local weekday, else 0'],
  ['tuesday', '1 on this local weekday, else 0'],
  ['wednesday', '1 on this local weekday, else 0'],
  ['thursday', '1 on this local weekday, else 0'],
  ['friday', '1 on this local weekday, else 0'],
  ['saturday', '1 on this local weekday, else 0'],
  ['sunday', '1 on this local weekday, else 0'],
  ['holiday', '1 on a public holiday, else 0'],
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

/** The inputs of the network in the order in which `lstmColumns` and `fillSample` write them. */
export function lstmFeatures(hasTemperature: boolean): LstmFeatures {
  const weather = hasTemperature ? temperatures : [];
  return {
    encoder: [
      { name: 'loadZ', meaning: loadZ },
      ...weather,
      ...hours,
      { name: 'weekend', meaning: '1 on Saturday and Sunday, else 0' },
      { name: 'holiday', meaning: '1 on a public holiday, else 0' },
    ],
    decoder: [
      ...weather,
      ...hours,
      ...calendar,
      ...lags,
      ...(hasTemperature ? temperatureLags : []),
      ...levels,
    ],
  };
}

export function lstmFeatureNames(hasTemperature: boolean): LstmFeatures<string> {
  const { encoder, decoder } = lstmFeatures(hasTemperature);
  return { encoder: encoder.map(({ name }) => name), decoder: decoder.map(({ name }) => name) };
}

function features(all: readonly (readonly [name: string, meaning: string])[]): LstmFeature[] {
  return all.map(([name, meaning]) => ({ name, meaning }));
}
