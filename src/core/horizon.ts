/** Hours that a forecast covers, whole days: these at least and unless the configuration says otherwise. */
export const usualHorizonHours = 72;
export const longestHorizonHours = 168;

/** Whether forecasts may cover so many hours: 72, 96, 120, 144 or 168. */
export function isHorizon(hours: number): boolean {
  return hours >= usualHorizonHours && hours <= longestHorizonHours && hours % 24 === 0;
}

/** Lead days of a forecast: 1, 2, 3, and further ones of a longer horizon. */
export function leadDaysOf(horizonHours: number): number[] {
  return Array.from({ length: Math.ceil(horizonHours / 24) }, (_, day) => day + 1);
}

/** Lead day of an elapsed lead time in hours: 1, 2, 3 and further ones of a longer horizon. */
export function leadDayOf(leadHours: number): number {
  return Math.floor(leadHours / 24) + 1;
}
